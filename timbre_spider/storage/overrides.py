"""A human's word on who is who: remembered, and applied to what is stored already.

Songs are remembered by their name key (`hash:…`), which outlives merges and new runs.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal, get_args
from uuid import UUID, uuid4

import psycopg
from psycopg.rows import class_row
from psycopg.types.json import Jsonb

from timbre_spider.errors import UsageError
from timbre_spider.storage.database import Database
from timbre_spider.storage.references import find_song, name_key_of

Kind = Literal["same", "different", "spotify", "aoty"]

_STRONGEST_FIRST = """
    SELECT id FROM songs WHERE id = ANY (%s) ORDER BY timbre_strength(canonical_id) DESC, canonical_id COLLATE "C"
"""


@dataclass(frozen=True, slots=True)
class Override:
    """`subject` is a song's name key; `object` another one (same, different), a Spotify id or an album's address.
    `details` holds what the person typed."""

    id: int
    kind: str
    subject: str
    object: str
    details: dict[str, Any]
    made_at: datetime


def list_overrides(database: Database) -> list[Override]:
    """All of them, oldest first."""
    told = database.call("timbre_overrides", {})
    return [
        Override(number, kind, subject, target, details, datetime.fromisoformat(made_at))
        for number, kind, subject, target, details, made_at in told
    ]


def add_override(database: Database, kind: Kind, song: str, other: str) -> Override:
    """Remember the word and apply it now. `song` (and `other`, for same and different) as `find_song` takes it.

    Raises UsageError for a song that is not there or not told from others, or a word that contradicts itself.
    """
    if kind not in get_args(Kind):
        raise UsageError(f"There is no override {kind!r}: it is one of {', '.join(get_args(Kind))}.")
    with database.connect() as connection, connection.transaction():
        connection.execute("SELECT timbre_lock_songs()")
        song_id, subject = find_song(connection, song), name_key_of(connection, song)
        if kind in ("same", "different"):
            target = name_key_of(connection, other)
            if target == subject:
                raise UsageError(
                    f"{song!r} and {other!r} are read as one name. Name two spellings that differ in more than what "
                    "COLLAPSE_VARIANTS leaves out, as 'Artist - Title'."
                )
            opposite = "different" if kind == "same" else "same"
            connection.execute(
                "DELETE FROM overrides WHERE kind = %(kind)s AND ((subject = %(a)s AND object = %(b)s)"
                " OR (subject = %(b)s AND object = %(a)s))",
                {"kind": opposite, "a": subject, "b": target},
            )
        else:
            target = other.strip()
            connection.execute("DELETE FROM overrides WHERE kind = %s AND subject = %s", [kind, subject])
        made = _remember(connection, kind, subject, target, {"song": song, "other": other})
        if kind == "same":
            _merge(connection, [song_id, find_song(connection, target)])
        elif kind == "different":
            _split(connection, song_id, target)
        elif kind == "spotify":
            _forget_spotify(connection, song_id, target)
        else:
            _forget_album(connection, song_id, target)
    return made


def undo_override(database: Database, override_id: int) -> Override:
    """Take a word back, and what it did as far as that can be told: songs said to be the same part again, values of
    a source are asked for again. Raises UsageError when there is no such override."""
    with database.connect() as connection, connection.transaction():
        connection.execute("SELECT timbre_lock_songs()")
        with connection.cursor(row_factory=class_row(Override)) as cursor:
            gone = cursor.execute(
                "DELETE FROM overrides WHERE id = %s RETURNING id, kind, subject, object, details, made_at",
                [override_id],
            ).fetchone()
        if gone is None:
            raise UsageError(f"There is no override {override_id}: `timbre override list` shows them.")
        row = connection.execute("SELECT song_id FROM song_keys WHERE key = %s", [gone.subject]).fetchone()
        if row is not None:
            if gone.kind == "same":
                _split(connection, row[0], gone.object)
            elif gone.kind == "spotify":
                _forget_spotify(connection, row[0], "")
            elif gone.kind == "aoty":
                _forget_album(connection, row[0], "")
    return gone


def _remember(
    connection: psycopg.Connection, kind: str, subject: str, target: str, details: dict[str, Any]
) -> Override:
    with connection.cursor(row_factory=class_row(Override)) as cursor:
        made = cursor.execute(
            "INSERT INTO overrides (kind, subject, object, details) VALUES (%s, %s, %s, %s)"
            " ON CONFLICT (kind, subject, object) DO UPDATE SET details = excluded.details"
            " RETURNING id, kind, subject, object, details, made_at",
            [kind, subject, target, Jsonb(details)],
        ).fetchone()
    assert made is not None
    return made


def _merge(connection: psycopg.Connection, songs: Sequence[UUID]) -> None:
    ids = [row[0] for row in connection.execute(_STRONGEST_FIRST, [list(songs)])]
    for gone in ids[1:]:
        connection.execute("SELECT timbre_absorb(%s, %s)", [gone, ids[0]])


def _split(connection: psycopg.Connection, song_id: UUID, name_key: str) -> None:
    """The rows of `name_key` leave the song for one of their own; both are filled anew by the next run."""
    top = connection.execute(
        "SELECT artist, title FROM aliases WHERE song_id = %s AND name_key = %s"
        " ORDER BY playcount DESC, artist, title LIMIT 1",
        [song_id, name_key],
    ).fetchone()
    rest = connection.execute(
        "SELECT artist, title, name_key FROM aliases WHERE song_id = %s AND name_key IS DISTINCT FROM %s"
        " ORDER BY playcount DESC, artist, title LIMIT 1",
        [song_id, name_key],
    ).fetchone()
    if top is None or rest is None:
        return  # two songs already
    own = uuid4()
    connection.execute(
        "UPDATE songs SET completeness = 0, version_plays = 0, artist = %(artist)s, title = %(title)s,"
        " canonical_id = CASE WHEN canonical_id = %(leaving)s THEN coalesce(%(key)s, canonical_id)"
        " ELSE canonical_id END, updated_at = now() WHERE id = %(id)s",
        {"artist": rest[0], "title": rest[1], "key": rest[2], "leaving": name_key, "id": song_id},
    )
    connection.execute(
        "INSERT INTO songs (id, artist, title, canonical_id) VALUES (%s, %s, %s, %s)", [own, *top, name_key]
    )
    connection.execute(
        "INSERT INTO song_keys (key, song_id) VALUES (%s, %s)"
        " ON CONFLICT (key) DO UPDATE SET song_id = excluded.song_id",
        [name_key, own],
    )
    connection.execute("UPDATE aliases SET song_id = %s WHERE song_id = %s AND name_key = %s", [own, song_id, name_key])
    connection.execute("SELECT timbre_sum_plays(%s)", [[own, song_id]])


def _forget_spotify(connection: psycopg.Connection, song_id: UUID, right: str) -> None:
    """Another Spotify id is right: what came with the wrong one goes, and is asked for again."""
    row = connection.execute("SELECT spotify_id FROM songs WHERE id = %s", [song_id]).fetchone()
    if row is None or row[0] == right:
        return
    names = [
        each[0]
        for each in connection.execute(
            "SELECT key FROM song_keys WHERE song_id = %s AND key LIKE 'hash:%%' ORDER BY key", [song_id]
        )
    ]
    connection.execute("DELETE FROM answers WHERE source IN ('spotify', 'isrc') AND key = ANY (%s)", [names])
    connection.execute("DELETE FROM spotify_attrs WHERE song_id = %s", [song_id])
    connection.execute(
        "UPDATE songs SET spotify_id = NULL, isrc = NULL, isrc_source = NULL, completeness = 0, version_plays = 0,"
        " canonical_id = coalesce(%s, canonical_id), updated_at = now() WHERE id = %s",
        [names[0] if names else None, song_id],
    )
    if names:
        connection.execute("DELETE FROM song_keys WHERE song_id = %s AND key <> ALL (%s)", [song_id, names])


def _forget_album(connection: psycopg.Connection, song_id: UUID, right: str) -> None:
    """Another album is right: the wrong one goes; answers that led to it are asked for again."""
    row = connection.execute(
        "DELETE FROM aoty_attrs WHERE song_id = %s AND url <> %s RETURNING url", [song_id, right]
    ).fetchone()
    if row is not None:
        connection.execute("DELETE FROM answers WHERE source = 'aoty' AND \"values\" ->> 'url' = %s", [row[0]])
