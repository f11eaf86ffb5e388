"""Measures how fast the service answers over many songs, what it weighs, and what it costs to be watched.

python benchmarks/bench_service.py [--songs 1000000] [--rounds 41] [--watchers 20] [--seconds 30] [--keep FOLDER]
"""

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import UUID

import httpx2
import psutil
from large_database import large_database, url_of

from timbre_spider.storage.connect import EmbeddedDatabase
from timbre_spider.storage.runs import Runs

SLOWEST_MS = 50
LARGEST_MB = 150
DEAREST_PERCENT = 5
PORT = 8479

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
    "/songs of a listener": "/songs?listener=listener",
    "/songs of an unknown listener": "/songs?listener=nobody",
    "/songs of a genre": "/songs?genre=rock",
    "/songs of a genre, without ISRC": "/songs?genre=Rock&lacking=isrc",
    "/songs of a rare genre": "/songs?genre=zeuhl",
    "/songs of an unknown genre": "/songs?genre=nothing+is+that",
    "/songs/{id}": "id",
    "/runs": "/runs",
    "/pipeline/status": "/pipeline/status",
    "/health": "/health",
}
# How far a run tells that it is, but for the time and the songs stored.
ASKED = {"found": 900, "absent": 30, "refused": 0, "deferred": 0, "failed": 7}
TRAFFIC = {
    "requests": 40, "retries": 1, "statuses": {"200": 38, "429": 2}, "most_at_once": 1, "most_per_minute": 31,
    "limit_per_minute": 30, "shut": None,
}  # fmt: skip
SOURCES = ("open", "spotify", "lastfm", "aoty")
PROGRESS: dict[str, Any] = {
    "seconds": 75.0, "log": None, "waits": {},
    "rows": {"chart": 30_000, "stored": 5, "rejected": 0, "beyond": 0},
    "outcomes": dict.fromkeys(SOURCES, ASKED), "requests": dict.fromkeys((*SOURCES, "deezer", "listenbrainz"), TRAFFIC),
}  # fmt: skip
BOUND = ("/stats", "/database/counts", "/songs")


@contextmanager
def served(folder: Path, url: str) -> Iterator[tuple[httpx2.Client, psutil.Process]]:
    """`timbre serve` over the database; a client, and its process."""
    program = Path(sys.executable).with_name("timbre")
    env = {**os.environ, "DATABASE_URL": url, "DATA_DIR": str(folder / "data"), "LOGS_DIR": str(folder / "logs")}
    process = subprocess.Popen([program, "serve", f"--port={PORT}"], env=env, cwd=folder, stdout=subprocess.DEVNULL)
    try:
        with httpx2.Client(base_url=f"http://127.0.0.1:{PORT}", timeout=120) as client:
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
        served(folder, url_of(database, arguments.songs)) as (client, process),
    ):
        yield "memory of the service after its start", "-", f"{process.memory_info().rss / 1e6:.0f} MB", True
        for name, path in PATHS.items():
            times = answers(client, path, arguments.rounds)
            median = statistics.median(times)
            told = f"{median:.1f} ms (most {max(times):.0f} ms)"
            asked = f"≤ {SLOWEST_MS} ms" if name in BOUND else "-"
            yield f"{name}, of {arguments.songs:,} songs, median of {arguments.rounds}", asked, told, (
                name not in BOUND or median <= SLOWEST_MS)  # fmt: skip
        cost = watched(database, client, process, arguments)
        yield f"{arguments.watchers} who watch a run: of one core", f"≤ {DEAREST_PERCENT} %", f"{cost:.1f} %", (
            cost <= DEAREST_PERCENT)  # fmt: skip
        size = process.memory_info().rss / 1e6
        yield "memory of the service after all that", f"≤ {LARGEST_MB} MB", f"{size:.0f} MB", size <= LARGEST_MB


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


def watched(
    database: EmbeddedDatabase, client: httpx2.Client, process: psutil.Process, arguments: argparse.Namespace
) -> float:
    """Percent of a core that service and database spend on so many open pages of a run that goes on."""
    runs = Runs(database)
    run_id = runs.start("lastfm_top", sandbox=True, listener="me")
    over = threading.Event()

    def follow() -> None:
        with httpx2.Client(timeout=60) as own, own.stream("GET", f"{client.base_url}/live/now") as answer:
            for _ in answer.iter_lines():
                if over.is_set():
                    return

    followers = [threading.Thread(target=follow, daemon=True) for _ in range(arguments.watchers)]
    for each in followers:
        each.start()
    backends = psutil.Process(int((Path(database.server.folder) / "postmaster.pid").read_text().split()[0]))
    telling(runs, run_id, 2)  # by then all are there
    before, own = spent(process) + spent(backends), telling(runs, run_id, arguments.seconds)
    after = spent(process) + spent(backends)
    over.set()
    telling(runs, run_id, 1)  # so that all hear of the end
    for each in followers:
        each.join(5)
    runs.finish(run_id, "finished", {})
    return 100 * (after - before) / own


def telling(runs: Runs, run_id: UUID, seconds: float) -> float:
    """A run that tells how far it is, every two seconds; the seconds it took."""
    started = time.monotonic()
    while (passed := time.monotonic() - started) < seconds:
        songs = {"stored": int(passed * 10), "wanted": 10_000, "folded": 10_000, "merged": 0, "recalled": 0}
        runs.tell_alive(run_id, PROGRESS | {"at": datetime.now(UTC).isoformat(), "songs": songs})
        time.sleep(2)
    return time.monotonic() - started


def spent(process: psutil.Process) -> float:
    """Seconds of CPU of a process and what it has waited for, its children included."""
    times = process.cpu_times()
    own = times.user + times.system + times.children_user + times.children_system
    return own + sum(sum(child.cpu_times()[:2]) for child in process.children())


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--songs", type=int, default=1_000_000)
    parser.add_argument("--rounds", type=int, default=41)
    parser.add_argument("--watchers", type=int, default=20)
    parser.add_argument("--seconds", type=float, default=30)
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
