"""A human's word on who is who: remembered, and applied to what is stored already.

Songs are remembered by their name key (`hash:…`), which outlives merges and new runs.
"""

import re
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal, get_args
from uuid import UUID

import psycopg
from psycopg.rows import class_row
from psycopg.types.json import Jsonb

from timbre_spider.errors import UsageError
from timbre_spider.items import spelling_id
from timbre_spider.storage.database import Database
from timbre_spider.storage.forgetting import forget_album, forget_spotify, remember_again
from timbre_spider.storage.merges import absorb, merge_again, merge_of, part_aliases, part_merge
from timbre_spider.storage.references import find_song, name_key_of, spelled

Kind = Literal["same", "different", "spotify", "aoty"]

_STRONGEST_FIRST = """
    SELECT id FROM songs WHERE id = ANY (%s) ORDER BY timbre_strength(canonical_id) DESC, canonical_id COLLATE "C"
"""
_HOLDS = "SELECT taken FROM overrides WHERE id = %s AND replaced_by IS NULL"
# What a word took that is displaced by an older one, said once more, would come back in the wrong order.
_REPLACE = """
    UPDATE overrides SET replaced_by = %(made)s, taken = CASE WHEN id < %(made)s THEN taken END
    WHERE id = ANY (%(displaced)s)
"""
_FORGET = {"spotify": forget_spotify, "aoty": forget_album}
_MERGED_BY = "SELECT id FROM merges WHERE override_id = %s AND parted_by IS NULL ORDER BY id DESC"
_SPOTIFY_TRACK = re.compile(
    r"(?:spotify:track:|(?:https?://)?open\.spotify\.com/(?:intl-[a-z-]+/)?(?:embed/)?track/)?([0-9A-Za-z]{22})/?(?:[?#].*)?",
    re.IGNORECASE,
)


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
                target = _spelling_to_part(connection, kind, song_id, song, other, subject)
            opposite = "different" if kind == "same" else "same"
            displaced = connection.execute(
                "SELECT id FROM overrides WHERE replaced_by IS NULL AND kind = %(kind)s AND"
                " ((subject = %(a)s AND object = %(b)s) OR (subject = %(b)s AND object = %(a)s))",
                {"kind": opposite, "a": subject, "b": target},
            ).fetchall()
        else:
            target = spotify_id_of(other) if kind == "spotify" else other.strip()
            displaced = connection.execute(
                "SELECT id FROM overrides WHERE replaced_by IS NULL AND kind = %s AND subject = %s AND object <> %s",
                [kind, subject, target],
            ).fetchall()
        made = _remember(connection, kind, subject, target, {"song": song, "other": other})
        connection.execute(_REPLACE, {"made": made.id, "displaced": [row[0] for row in displaced]})
        _refuse_contradictions(connection)
        if kind == "same":
            _merge(connection, made.id, song_id, find_song(connection, target))
        elif kind == "different":
            _part(connection, made, song_id)
        else:
            taken = _FORGET[kind](connection, song_id, target)
            if taken is not None:  # said twice, a word gives back what it took the first time
                connection.execute(
                    "UPDATE overrides SET taken = coalesce(taken, %s) WHERE id = %s", [Jsonb(taken), made.id]
                )
    return made


def undo_override(database: Database, override_id: int) -> Override:
    """Take a word back, and what it did: songs it merged are two again, as they were; songs it parted are one again;
    what a source had said before is known again. A word that it had replaced holds again.

    Raises UsageError when there is no such override."""
    with database.connect() as connection, connection.transaction():
        connection.execute("SELECT timbre_lock_songs()")
        word = connection.execute(_HOLDS, [override_id]).fetchone()
        if word is None:
            raise UsageError(f"There is no override {override_id}: `timbre override list` shows them.")
        for (merge_id,) in connection.execute(_MERGED_BY, [override_id]).fetchall():
            part_merge(connection, merge_id)
        merge_again(connection, override_id)
        with connection.cursor(row_factory=class_row(Override)) as cursor:
            gone = cursor.execute(
                "DELETE FROM overrides WHERE id = %s RETURNING id, kind, subject, object, details, made_at",
                [override_id],
            ).fetchone()
        assert gone is not None
        if gone.kind == "different":
            _name_again(connection, gone)
        _refuse_contradictions(connection)
        song = connection.execute("SELECT song_id FROM song_keys WHERE key = %s", [gone.subject]).fetchone()
        if song is not None and gone.kind in _FORGET:
            _FORGET[gone.kind](connection, song[0], "")
            remember_again(connection, gone.kind, song[0], word[0])
    return gone


def _remember(
    connection: psycopg.Connection, kind: str, subject: str, target: str, details: dict[str, Any]
) -> Override:
    with connection.cursor(row_factory=class_row(Override)) as cursor:
        made = cursor.execute(
            "INSERT INTO overrides (kind, subject, object, details) VALUES (%s, %s, %s, %s)"
            " ON CONFLICT (kind, subject, object) DO UPDATE SET details = excluded.details, replaced_by = NULL,"
            " taken = CASE WHEN overrides.replaced_by IS NULL THEN overrides.taken END"
            " RETURNING id, kind, subject, object, details, made_at",
            [kind, subject, target, Jsonb(details)],
        ).fetchone()
    assert made is not None
    return made


def spotify_id_of(text: str) -> str:
    """The id of a track given as id, address or URI. Raises UsageError for what is none."""
    match = _SPOTIFY_TRACK.fullmatch(text.strip())
    if match is None:
        raise UsageError(
            f"{text!r} is no Spotify track: give its id (22 letters and digits), its address "
            "(https://open.spotify.com/track/…) or its URI (spotify:track:…)."
        )
    return match[1]


def check_album(url: str, base_url: str) -> None:
    """Raises UsageError for what is no address of an album's page on the AOTY at `base_url`."""
    start = f"{base_url.rstrip('/')}/album/"
    if not url.startswith(start):
        raise UsageError(f"{url} is no album page: it starts with {start}")


def _refuse_contradictions(connection: psycopg.Connection) -> None:
    """Raises UsageError when songs said to differ are one by the other words taken together."""
    words = connection.execute("SELECT id, kind, subject, object FROM overrides WHERE replaced_by IS NULL").fetchall()
    together: dict[str, set[str]] = {}
    for _, kind, one, other in words:
        if kind == "same":
            joined = together.get(one, {one}) | together.get(other, {other})
            together.update(dict.fromkeys(joined, joined))
    for number, kind, one, other in words:
        if kind == "different" and other in together.get(one, ()):
            raise UsageError(
                f"Override {number} says that two songs differ, but others say together that they are one: they "
                "contradict each other. `timbre override list` shows them, `timbre override undo` takes one back."
            )


def _merge(connection: psycopg.Connection, word: int, *songs: UUID) -> None:
    ids = [row[0] for row in connection.execute(_STRONGEST_FIRST, [list(songs)])]
    for gone in ids[1:]:
        absorb(connection, gone, ids[0], word)


def _spelling_to_part(
    connection: psycopg.Connection, kind: Kind, song_id: UUID, song: str, other: str, name_id: str
) -> str:
    """The identity that a spelling gets which is read as the same name as `song`, and is said to differ."""
    rows = connection.execute(
        "SELECT artist, title FROM aliases WHERE song_id = %s AND name_key = %s", [song_id, name_id]
    ).fetchall()
    named = spelled(other, rows)
    if kind == "same" or named is None or len(rows) < 2 or song.strip().lower() == other.strip().lower():
        raise UsageError(
            f"{song!r} and {other!r} are read as one name. Name two spellings of your chart, as 'Artist - Title'."
        )
    return spelling_id(name_id, *named)


def _part(connection: psycopg.Connection, word: Override, song_id: UUID) -> None:
    """Two songs that are one row come apart: as they were, where a merge made them one, else the rows of the one
    name leave."""
    merge = merge_of(connection, song_id, word.subject, word.object)
    if merge is not None:
        part_merge(connection, merge, word=word.id)
        return
    rows = connection.execute(
        "SELECT id, artist, title, name_key FROM aliases WHERE song_id = %s AND name_key IN (%s, %s)",
        [song_id, word.subject, word.object],
    ).fetchall()
    leaving = [
        alias
        for alias, artist, title, name_key in rows
        if word.object in (name_key, spelling_id(word.subject, artist, title))
    ]
    part_aliases(connection, song_id, leaving, word.object, word=word.id)


def _name_again(connection: psycopg.Connection, word: Override) -> None:
    """A spelling that the word gave an identity of its own has that of its name again, where it is with its song."""
    rows = connection.execute(
        "SELECT a.id, a.artist, a.title FROM aliases a JOIN song_keys k ON k.key = %s AND k.song_id = a.song_id"
        " WHERE a.name_key = %s",
        [word.subject, word.object],
    ).fetchall()
    own = [alias for alias, artist, title in rows if spelling_id(word.subject, artist, title) == word.object]
    connection.execute("UPDATE aliases SET name_key = %s WHERE id = ANY (%s)", [word.subject, own])
