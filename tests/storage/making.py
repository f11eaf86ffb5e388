"""Songs and answers for the storage tests, and ways to load and look."""

import asyncio
import hashlib
import time
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import NAMESPACE_URL, UUID, uuid5

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


_OTHERS = (
    "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
    " AND backend_type = 'client backend'"
)


def writes(database: Database) -> int:
    """Rows written in the public tables since the database was made, as Postgres counts them."""
    database.hang_up()
    with database.connect() as connection:
        # A session counts what it wrote until it is gone, which is a moment after it was closed.
        while connection.execute(_OTHERS).fetchone() != (0,):
            time.sleep(0.01)
        connection.execute("SELECT pg_stat_force_next_flush()")
        row = connection.execute(
            "SELECT sum(n_tup_ins + n_tup_upd + n_tup_del) FROM pg_stat_user_tables WHERE schemaname = 'public'"
        ).fetchone()
    assert row is not None
    return int(row[0])
