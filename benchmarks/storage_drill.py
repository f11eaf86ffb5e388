"""Kill drills: the loading process, then the server, at random moments; afterwards nothing may be lost or doubled."""

import asyncio
import hashlib
import logging
import os
import random
import signal
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path

import psycopg
from storage_world import songs

from timbre_spider.storage.connect import EmbeddedDatabase
from timbre_spider.storage.database import Database
from timbre_spider.storage.embedded import EmbeddedServer
from timbre_spider.storage.migrate import migrate
from timbre_spider.storage.replay import replay
from timbre_spider.storage.writer import Writer

# Everything but times, in an order of its own.
TABLES = {
    "songs": "id, artist, title, canonical_id, isrc, spotify_id, completeness, version_plays",
    "song_keys": "key, song_id",
    "song_redirects": "old_id, song_id",
    "spotify_attrs": "song_id, duration_ms, popularity, album_id, artist_id, album_name, release_date, track_number",
    "lastfm_stats": "song_id, playcount, tags",
    "aoty_attrs": "song_id, user_score, rating_count, url, genres, tags",
    "aliases": "listener, artist, title, song_id, playcount, rank",
    "answers": 'source, key, outcome, "values"::text, misses',
    "ratings_history": "url, user_score, rating_count",
    "rejects": "listener, artist, title",
}


def fingerprint(database: Database) -> dict[str, str]:
    """What each table holds, times aside."""
    found = {}
    with database.connect() as connection:
        for table, columns in TABLES.items():
            digest = hashlib.sha256()
            query = f"COPY (SELECT {columns} FROM {table} ORDER BY {columns.replace('tags', 'tags::text')}) TO STDOUT"  # noqa: S608
            with connection.cursor().copy(query) as copy:
                for piece in copy:
                    digest.update(piece)
            found[table] = digest.hexdigest()[:16]
    return found


async def load(database: Database, count: int, spool_dir: Path, batch_size: int = 50) -> None:
    """Load `count` songs with their answers, some hundred at a time."""
    writer = Writer(database, spool_dir=spool_dir, batch_size=batch_size, retry_attempts=8, retry_delay=0.05)
    await writer.open()
    waiting: set[asyncio.Task[object]] = set()
    for song, answers in songs(count):
        await writer.record(answers)
        waiting.add(asyncio.create_task(writer.store(song)))
        if len(waiting) >= 4 * batch_size:
            _, waiting = await asyncio.wait(waiting, return_when=asyncio.FIRST_COMPLETED)
    if waiting:
        await asyncio.wait(waiting)
    await writer.close(within=60)


def kill_process(folder: Path, name: str, kills: int, count: int, dice: random.Random) -> int:
    """Kill a loading process `kills` times, then let it finish. Returns how often it was killed at work."""
    command = [sys.executable, __file__, str(folder), name, str(count)]
    killed = 0
    while killed < kills:
        with subprocess.Popen(command) as process:
            try:
                process.wait(dice.uniform(0.2, 2.5))
            except subprocess.TimeoutExpired:
                process.kill()
                killed += 1
    subprocess.run(command, check=True)
    return killed


async def kill_server(database: EmbeddedDatabase, kills: int, count: int, spool_dir: Path, dice: random.Random) -> int:
    """Kill the server `kills` times while songs are loaded, over and over until that often."""
    killed = 0
    while killed < kills:
        loading = asyncio.create_task(load(database, count, spool_dir))
        while killed < kills and not loading.done():
            await asyncio.sleep(dice.uniform(0.1, 1.2))
            with suppress(FileNotFoundError, ProcessLookupError, ValueError, IndexError):
                pid = int((database.server.folder / "postmaster.pid").read_text().splitlines()[0])
                os.kill(pid, signal.SIGKILL)
                killed += 1
        await loading
    return killed


def drill(folder: Path, kills: int, count: int, seed: int = 1) -> dict[str, dict[str, object]]:
    """Both drills. For each: how often it killed, and the tables that differ from an undisturbed load's."""
    logging.getLogger("timbre_spider").setLevel(logging.CRITICAL)
    dice = random.Random(seed)
    server = EmbeddedServer(folder / "postgres")
    told: dict[str, dict[str, object]] = {}
    try:
        databases = {name: EmbeddedDatabase(server, name) for name in ("calm", "process", "server")}
        for database in databases.values():
            migrate(database)
        asyncio.run(load(databases["calm"], count, folder / "spool"))
        calm = fingerprint(databases["calm"])
        for name in ("process", "server"):
            database, spool_dir = databases[name], folder / f"spool of {name}"
            started = time.monotonic()
            if name == "process":
                killed = kill_process(folder, name, kills, count, dice)
            else:
                killed = asyncio.run(kill_server(database, kills, count, spool_dir, dice))
                asyncio.run(load(database, count, spool_dir))
            replay(database, spool_dir)
            found = fingerprint(database)
            told[name] = {
                "kills": killed,
                "differing": [table for table in TABLES if found[table] != calm[table]],
                "seconds": round(time.monotonic() - started, 1),
            }
    finally:
        server.close()
    return told


def main() -> None:
    folder, name, count = Path(sys.argv[1]), sys.argv[2], int(sys.argv[3])
    logging.getLogger("timbre_spider").setLevel(logging.CRITICAL)
    database = EmbeddedDatabase(EmbeddedServer(folder / "postgres"), name)
    with suppress(psycopg.Error):
        asyncio.run(load(database, count, folder / f"spool of {name}"))
    database.close()


if __name__ == "__main__":
    main()
