"""Measures how fast the service answers over many songs, and what it weighs. `bench_watched.py`: what it costs a run.

python benchmarks/bench_service.py [--songs 1000000] [--rounds 41] [--only WORDS] [--keep FOLDER]
"""

import argparse
import json
import os
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx2
import psutil
from large_database import large_database, url_of

from timbre_spider.storage.connect import EmbeddedDatabase

SLOWEST_MS = 50
LARGEST_MB = 150
# Genres of so many songs each, which the large database has none of.
SEEDED = (300, 1000, 3000, 8000)

PATHS = {
    "/stats": "/stats",
    "/database/counts": "/database/counts",
    "/songs": "/songs",
    "/songs, the next pages": "next",
    "/songs by words": "/songs?q=song+{n}",
    "/songs by a common word": "/songs?q=song",
    "/songs by score": "/songs?order=score&limit=50",
    "/songs by change": "/songs?order=changed",
    "/songs by quality": "/songs?order=quality",
    "/songs by doubt": "/songs?order=doubt",
    "/songs without an album": "/songs?lacking=aoty",
    "/songs without a score, by quality": "/songs?lacking=score&order=quality",
    "/songs of a score that none has": "/songs?least_score=100",
    "/songs with a tag": "/songs?tag=rock",
    "/songs of a listener": "/songs?listener=listener",
    "/songs of an unknown listener": "/songs?listener=nobody",
    "/songs of a genre": "/songs?genre=rock",
    "/songs of another genre": "/songs?genre=pop",
    "/songs of a genre, without ISRC": "/songs?genre=Rock&lacking=isrc",
    **{f"/songs of a genre of {songs:,} songs": f"/songs?genre=made+up+{songs}" for songs in SEEDED},
    "/songs of a rare genre": "/songs?genre=zeuhl",
    "/songs of an unknown genre": "/songs?genre=nothing+is+that",
    "/songs/{id}": "id",
    "/runs": "/runs",
    "/pipeline/status": "/pipeline/status",
    "/health": "/health",
}
# Memory and lists that nobody bounded are shown alone.
BOUND = tuple(name for name in PATHS if name.startswith(("/stats", "/database", "/songs")))


@contextmanager
def served(folder: Path, url: str) -> Iterator[tuple[httpx2.Client, psutil.Process]]:
    """`timbre serve` over the database; a client, and its process."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    program = Path(sys.executable).with_name("timbre")
    env = {**os.environ, "DATABASE_URL": url, "DATA_DIR": str(folder / "data"), "LOGS_DIR": str(folder / "logs")}
    process = subprocess.Popen([program, "serve", f"--port={port}"], env=env, cwd=folder, stdout=subprocess.DEVNULL)
    try:
        with httpx2.Client(base_url=f"http://127.0.0.1:{port}", timeout=120) as client:
            while True:
                try:
                    client.get("/pipeline/status").raise_for_status()
                    break
                except httpx2.TransportError:
                    time.sleep(0.1)
            yield client, psutil.Process(process.pid)
    finally:
        process.terminate()
        process.wait(20)


def measure(arguments: argparse.Namespace, folder: Path) -> Iterator[tuple[str, str, str, bool]]:
    """Rows of (what, asked, measured, reached)."""
    with (
        large_database(arguments.songs, arguments.keep) as database,
        served(folder, url_of(database, f"songs_{arguments.songs}")) as (client, process),
    ):
        seed_genres(database)
        yield "memory of the service after its start", "-", f"{process.memory_info().rss / 1e6:.0f} MB", True
        for name, path in PATHS.items():
            if arguments.only not in name:
                continue
            times = answers(client, path, arguments.rounds)
            median = statistics.median(times)
            told = f"{median:.1f} ms (most {max(times):.0f} ms)"
            asked = f"≤ {SLOWEST_MS} ms" if name in BOUND else "-"
            yield f"{name}, of {arguments.songs:,} songs, median of {arguments.rounds}", asked, told, (
                name not in BOUND or median <= SLOWEST_MS)  # fmt: skip
        size = process.memory_info().rss / 1e6
        yield "memory of the service after all that", f"≤ {LARGEST_MB} MB", f"{size:.0f} MB", size <= LARGEST_MB


def seed_genres(database: EmbeddedDatabase) -> None:
    """Genres of several sizes, once: as tags of songs however much they are played."""
    with database.connect() as connection:
        known = "SELECT EXISTS (SELECT timbre_songs_of_genre(%s))"
        if connection.execute(known, [f"made up {SEEDED[0]}"]).fetchone() == (True,):
            return
        for songs in SEEDED:
            connection.execute(
                "UPDATE lastfm_stats SET tags = tags || jsonb_build_object(%s::text, 50) WHERE song_id IN"
                " (SELECT song_id FROM lastfm_stats ORDER BY md5(song_id::text || %s) LIMIT %s)",
                [f"made up {songs}", str(songs), songs],
            )
        connection.execute("VACUUM ANALYZE lastfm_stats")


def answers(client: httpx2.Client, path: str, rounds: int) -> list[float]:
    """Milliseconds of each answer."""
    times, page = [], client.get("/songs").json()
    for number in range(rounds):
        if path == "next":
            asked = f"/songs?after={page['next']}"
        elif path == "id":
            asked = f"/songs/{page['songs'][number % len(page['songs'])]['id']}"
        else:
            asked = path.replace("{n}", str(100 + number))
        started = time.perf_counter()
        answer = client.get(asked)
        times.append((time.perf_counter() - started) * 1000)
        answer.raise_for_status()
        if path == "next":
            page = answer.json()
    return times


def spent(process: psutil.Process) -> float:
    """Seconds of CPU of a process and what it has waited for, its children included."""
    times = process.cpu_times()
    own = times.user + times.system + times.children_user + times.children_system
    return own + sum(sum(child.cpu_times()[:2]) for child in process.children())


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--songs", type=int, default=1_000_000)
    parser.add_argument("--rounds", type=int, default=41)
    parser.add_argument("--only", default="", help="only what has these words in its name")
    parser.add_argument("--keep", type=Path, help="where the database is, or is made and kept")
    parser.add_argument("--json", action="store_true")
    arguments = parser.parse_args()
    rows = []
    with tempfile.TemporaryDirectory(prefix="timbre-bench-") as folder:
        for what, asked, measured, reached in measure(arguments, Path(folder)):
            rows.append({"what": what, "asked": asked, "measured": measured, "reached": reached})
            if not arguments.json:
                print(f"{'ok  ' if reached else 'MISS'} {what}: {measured} (asked {asked})", flush=True)
    if arguments.json:
        print(json.dumps(rows, indent=2, ensure_ascii=False))
    return 0 if all(row["reached"] for row in rows) else 1


if __name__ == "__main__":
    sys.exit(main())
