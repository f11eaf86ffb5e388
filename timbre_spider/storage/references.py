"""Which song a person means: by UUID, by any of its keys, or by "Artist - Title"."""

from collections.abc import Sequence
from uuid import UUID

import psycopg

from timbre_spider.errors import UsageError

_BY_ID = """
    SELECT id FROM songs WHERE id = %(id)s UNION ALL SELECT song_id FROM song_redirects WHERE old_id = %(id)s
"""
_BY_NAME = """
    SELECT DISTINCT s.id, s.artist, s.title, s.canonical_id
    FROM songs s
    WHERE timbre_digest(lower(s.artist), lower(s.title)) = timbre_digest(lower(%(artist)s), lower(%(title)s))
    UNION
    SELECT DISTINCT s.id, s.artist, s.title, s.canonical_id
    FROM aliases a JOIN songs s ON s.id = a.song_id
    WHERE lower(a.artist) = lower(%(artist)s) AND lower(a.title) = lower(%(title)s)
"""


def find_song(connection: psycopg.Connection, reference: str) -> UUID:
    """The song `reference` names. Raises UsageError when there is none, or when there are several, listing them."""
    text = reference.strip()
    found = _by_id(connection, text) or _by_key(connection, text)
    if found is not None:
        return found
    songs: dict[UUID, str] = {}
    # Either side may hold the dash itself; every place to part it is tried.
    pieces = text.split(" - ")
    for at in range(1, len(pieces)):
        names = {"artist": " - ".join(pieces[:at]).strip(), "title": " - ".join(pieces[at:]).strip()}
        for song_id, artist, title, canonical_id in connection.execute(_BY_NAME, names):
            songs[song_id] = f"{artist} - {title} ({song_id}, {canonical_id})"
    if len(songs) == 1:
        return next(iter(songs))
    if songs:
        raise UsageError(f"{text!r} names several songs; say which by its id: {'; '.join(sorted(songs.values()))}")
    raise UsageError(
        f"There is no song {text!r}. Name it by its id, a key (isrc:…, spotify:…, hash:…) "
        "or 'Artist - Title' as in your chart."
    )


def _by_id(connection: psycopg.Connection, text: str) -> UUID | None:
    try:
        song_id = UUID(text)
    except ValueError:
        return None
    row = connection.execute(_BY_ID, {"id": song_id}).fetchone()
    return row[0] if row else None


def _by_key(connection: psycopg.Connection, text: str) -> UUID | None:
    row = connection.execute("SELECT song_id FROM song_keys WHERE key = %s", [text]).fetchone()
    return row[0] if row else None


def spelled(text: str, names: Sequence[tuple[str, str]]) -> tuple[str, str] | None:
    """The artist and title that "Artist - Title" names: as written if possible, else in whatever case."""
    written = {f"{artist} - {title}": (artist, title) for artist, title in reversed(names)}
    in_any_case = {name.lower(): named for name, named in written.items()}
    return written.get(text.strip()) or in_any_case.get(text.strip().lower())


def name_key_of(connection: psycopg.Connection, reference: str) -> str:
    """The name key `reference` stands for: of the spelling it names, else of the song's most played one.

    Raises UsageError like `find_song`.
    """
    song_id = find_song(connection, reference)
    text = reference.strip()
    if text.startswith("hash:"):
        return text
    rows = connection.execute(
        "SELECT name_key, artist, title FROM aliases WHERE song_id = %s AND name_key IS NOT NULL"
        " ORDER BY playcount DESC, artist, title",
        [song_id],
    ).fetchall()
    if named := spelled(text, [(artist, title) for _, artist, title in rows]):
        return next(str(name_key) for name_key, *names in rows if tuple(names) == named)
    if rows:
        return str(rows[0][0])
    row = connection.execute(
        "SELECT min(key) FROM song_keys WHERE song_id = %s AND key LIKE 'hash:%%'", [song_id]
    ).fetchone()
    if row is None or row[0] is None:
        raise UsageError(f"{reference!r} has no name key: no row of a chart is known for it.")
    return str(row[0])
