"""Songs and answers for the storage tests, and ways to load and look."""

import asyncio
import hashlib
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, LiteralString
from uuid import NAMESPACE_URL, UUID, uuid5

from psycopg import sql

from timbre_spider.items import Answer, AotyAlbum, ChartRow, Identity, OpenFacts, Outcome, Song, SpotifyTrack
from timbre_spider.storage.database import Database
from timbre_spider.storage.pending_write import Receipt
from timbre_spider.storage.writer import Writer

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)


def name_key(artist: str, title: str) -> str:
    return "hash:" + hashlib.sha1(f"{artist}|{title}".lower().encode("utf-8", "replace")).hexdigest()


def spotify_id(number: int) -> str:
    return f"{number:022}"


def isrc(number: int) -> str:
    return f"USABC{number:07}"


def track(number: int, title: str = "T", **values: Any) -> SpotifyTrack:
    known: dict[str, Any] = {
        "isrc": isrc(number), "duration_ms": 200_000, "popularity": 50, "album_id": "al", "artist_id": "ar",
        "album_name": "Album", "album_type": "album", "release_date": "1999-05-04", "explicit": False,
        "track_number": 3,
    }  # fmt: skip
    return SpotifyTrack(spotify_id(number), title, ("A",), **{**known, **values})


def album(number: int = 1, score: float | None = 80.0, count: int | None = 100) -> AotyAlbum:
    url = f"https://www.albumoftheyear.org/album/{number}-x.php"
    return AotyAlbum(url, "A", "Album", score, count, 75.0, 9, "1999", ("Rock",), ("guitar",))


def told_openly(number: int = 1, source: str = "listenbrainz", **values: Any) -> OpenFacts:
    """What one open source tells of a song."""
    known: dict[str, Any] = {
        "mbid": str(UUID(int=number)), "isrcs": (isrc(number), isrc(number + 1)), "album_name": f"Album {number}",
        "release_mbid": str(UUID(int=number + 1)), "release_date": f"{1990 + number}", "duration_ms": 1000 * number,
        **values,
    }  # fmt: skip
    tellers = {
        "mbid": "mbid",
        "isrcs": "isrcs",
        "album_name": "album",
        "release_date": "release_date",
        "duration_ms": "duration",
    }
    return OpenFacts(**known, **{f"{kind}_source": source for name, kind in tellers.items() if known[name]})


def song(
    artist: str = "A",
    title: str = "T",
    plays: int = 10,
    *,
    number: int | None = None,
    listener: str = "me",
    song_id: UUID | None = None,
    absorbs: Sequence[UUID] = (),
    keys: Sequence[str] | None = None,
    rows: list[ChartRow] | None = None,
    **parts: Any,
) -> Song:
    """A song with its identity; `number` gives it that Spotify track and ISRC."""
    own = name_key(artist, title)
    made = Song(listener, artist, title, own, rows or [ChartRow(artist, title, plays, 1)], **parts)
    if number is not None:
        made.spotify = made.spotify or track(number, title)
        made.isrc, made.isrc_source = made.spotify.isrc, "spotify"
    if keys is None:
        keys = (f"isrc:{isrc(number)}", f"spotify:{spotify_id(number)}", own) if number is not None else (own,)
    made.identity = Identity(song_id or uuid5(NAMESPACE_URL, own), keys[0], tuple(keys), tuple(absorbs))
    return made


def answer(key: str = "hash:x", source: str = "spotify", at: datetime = NOW, **values: Any) -> Answer:
    return Answer(source, key, Outcome.FOUND, at, None, values or {"a": 1}, 0.9, "high", "title 0.9", 0)


def store(database: Database, *songs: Song, spool_dir: Path | None = None, **options: Any) -> list[Receipt]:
    """Load songs together; their receipts in order."""

    async def run() -> list[Receipt]:
        kept = {"retry_attempts": 0, "max_wait": 0.02, **options}
        writer = Writer(database, spool_dir=spool_dir or Path("/nonexistent"), **kept)
        await writer.open()
        try:
            return list(await asyncio.gather(*(writer.store(each) for each in songs)))
        finally:
            await writer.close()

    return asyncio.run(run())


def look(database: Database, query: Any, *arguments: Any) -> list[Any]:
    """Rows; of one column, its values."""
    with database.connect() as connection:
        rows = connection.execute(query, arguments or None).fetchall()
    return [row[0] for row in rows] if rows and len(rows[0]) == 1 else rows


def once_more(database: Database, change: Path, *queries: LiteralString) -> list[list[Any]]:
    """The rows of each query after a file of sql/ is applied again; nothing of it is kept."""
    with database.connect() as connection, connection.transaction(force_rollback=True):
        connection.execute(change.read_bytes())
        return [connection.execute(query).fetchall() for query in queries]


def dump(database: Database) -> dict[str, list[Any]]:
    """All that is stored, times aside, in an order of its own."""
    tables = {
        "songs": "id, artist, title, canonical_id, isrc, isrc_source, spotify_id, completeness, version_plays",
        "song_keys": "key, song_id",
        "spotify_attrs": "song_id, duration_ms, popularity, album_id, artist_id, album_name, release_date",
        "open_attrs": "song_id, mbid, isrcs::text, isrcs_source, album_name, album_source, release_date, duration_ms",
        "lastfm_stats": "song_id, playcount, tags::text",
        "aoty_attrs": "song_id, user_score, rating_count, url, genres::text, tags::text",
        "aliases": "listener, artist, title, song_id, name_key, playcount, rank",
        "answers": 'source, key, outcome, "values"::jsonb::text, score, tier, misses',
        "rejects": "listener, artist, title, reason",
        "aoty_sightings": "number, kind, seen_at, place, key, artist, title, user_score, rating_count, genres::text",
        "ratings_history": "url, user_score, rating_count, critic_score, critic_count",
    }
    stored = {}
    for table, columns in tables.items():
        rows = look(database, f"SELECT {columns} FROM {table}")  # noqa: S608
        stored[table] = sorted(rows, key=repr)
    return stored


def rows_as_written(database: Database) -> dict[str, str]:
    """Each table with where its rows lie and who wrote them: the same as long as nothing is written."""
    with database.connect() as connection:
        tables = connection.execute(
            "SELECT relname FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace"
        ).fetchall()
        each = "SELECT {0}, coalesce(string_agg(ctid || ' ' || xmin, ',' ORDER BY ctid), '') FROM {1}"
        return dict(
            connection.execute(
                sql.SQL(" UNION ALL ").join(
                    sql.SQL(each).format(sql.Literal(name), sql.Identifier(name)) for (name,) in tables
                )
            ).fetchall()
        )
