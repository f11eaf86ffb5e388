"""Measures the storage on the embedded server, beside what it is to reach.

    python benchmarks/bench_storage.py [--songs 100000] [--large 1000000] [--kills 20] [--batch-size 2000] [--json]

Each load runs in a process of its own, so that its memory is its own.
"""

import argparse
import asyncio
import gc
import json
import logging
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from storage_drill import drill
from storage_rivals import bare_copy, dump, rows_of, upserts
from storage_world import song, songs

from timbre_spider.storage.connect import EmbeddedDatabase
from timbre_spider.storage.database import Database
from timbre_spider.storage.embedded import EmbeddedServer
from timbre_spider.storage.migrate import migrate
from timbre_spider.storage.pending_write import PendingWrite
from timbre_spider.storage.recall import recall
from timbre_spider.storage.writer import Writer

RECALLS = 200
# Bytes of a song with all that belongs to it: some 850 of them what it was answered, 830 what it asks, 600 its keys,
# 500 its row and what that is found by; the rest is attributes, spellings and quality.
LARGEST_SONG = 4500


async def load(database: Database, made: Iterable[Any], batch_size: int, spool_dir: Path) -> None:
    """Load songs and their answers through the writer, three batches in work at a time."""
    writer = Writer(database, spool_dir=spool_dir, batch_size=batch_size)
    await writer.open()
    left: Iterator[Any] = iter(made)

    async def worker() -> None:
        for each, answers in left:
            await writer.record(answers)
            receipt = await writer.store(each)
            assert receipt.status == "stored", receipt

    await asyncio.gather(*(worker() for _ in range(3 * batch_size)))
    await writer.flush()
    await writer.close()


def loader(folder: Path, name: str, count: int, batch_size: int, times: int) -> None:
    """A loading process: prints seconds of each load and its greatest memory. One load only: made as they go in."""
    logging.getLogger("timbre_spider").setLevel(logging.ERROR)
    database = EmbeddedDatabase(EmbeddedServer(folder / "postgres"), name)
    migrate(database)
    made: Any = songs(count)
    if times > 1:
        made = list(made)
        gc.collect()
        gc.freeze()
    seconds = []
    for _ in range(times):
        before = written(database)
        started = time.perf_counter()
        asyncio.run(load(database, made, batch_size, folder / "spool"))
        seconds.append(time.perf_counter() - started)
        rewritten = written(database) - before
        # As the server does by itself within a minute: without statistics a load of known songs takes 20 times as long.
        with database.connect() as connection:
            connection.execute("ANALYZE")
    print(json.dumps({"seconds": seconds, "peak_mb": peak_mb(), "written": rewritten}))
    database.close()


def written(database: Database) -> int:
    """Rows written in all tables so far."""
    time.sleep(1.2)  # other sessions tell their counts within a second
    with database.connect() as connection:
        row = connection.execute("SELECT sum(n_tup_ins + n_tup_upd + n_tup_del) FROM pg_stat_user_tables").fetchone()
    return int(row[0]) if row else 0


def peak_mb() -> float:
    """The most memory of this process, in MB. getrusage would tell the parent's at the fork, where that is more."""
    status = Path("/proc/self/status")
    if status.exists():
        return int(status.read_text().partition("VmHWM:")[2].split()[0]) / 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024**2


def loaded(folder: Path, name: str, count: int, batch_size: int, times: int = 1) -> dict[str, Any]:
    """What a loading process says."""
    command = [sys.executable, __file__, "--loader", str(folder), name, str(count), str(batch_size), str(times)]
    told: dict[str, Any] = json.loads(subprocess.run(command, check=True, stdout=subprocess.PIPE).stdout)
    return told


def size_a_song(database: Database, count: int) -> float:
    with database.connect() as connection:
        row = connection.execute("SELECT pg_database_size(current_database())").fetchone()
    return row[0] / count if row else 0.0


def catalogue_growth(database: Database, batches: int) -> int:
    """Bytes that so many small batches add to the system's tables."""

    async def some(start: int, stop: int) -> None:
        link = database.link()
        for number in range(start, stop):
            made, answers = song(number)
            await link.load([PendingWrite.of_song(made), PendingWrite.of_answers(answers)])
        await link.close()

    def size() -> int:
        with database.connect() as connection:
            row = connection.execute(
                "SELECT sum(pg_total_relation_size(oid)) FROM pg_class"
                " WHERE relnamespace = 'pg_catalog'::regnamespace AND relkind = 'r'"
            ).fetchone()
        return int(row[0]) if row else 0

    asyncio.run(some(0, 5))
    before = size()
    asyncio.run(some(5, 5 + batches))
    return size() - before


async def recall_times(database: Database, count: int) -> list[float]:
    """Milliseconds to recall 100 songs and their answers, songs far apart."""
    link = database.link()
    times = []
    for round_number in range(RECALLS):
        chosen = [song((round_number * 7919 + n * (count // 100)) % count) for n in range(100)]
        keys = [each.identity.keys[-1] for each, _ in chosen if each.identity]
        questions = [(source, key) for key in keys for source in ("spotify", "isrc")]
        questions += [("lastfm", f"artist:{each.artist.lower()}") for each, _ in chosen]
        started = time.perf_counter()
        known = await recall(link, keys, questions)
        times.append((time.perf_counter() - started) * 1000)
        assert len(known.songs) == 100
        assert len(known.answers) >= 100
    await link.close()
    return times


def measure(arguments: argparse.Namespace, folder: Path) -> Iterator[tuple[str, str, str, bool]]:
    """Rows of (what, asked, measured, reached)."""
    server = EmbeddedServer(folder / "postgres")
    many, batch = arguments.songs, arguments.batch_size
    opened = []  # a database let go of closes the server

    def fresh(name: str) -> EmbeddedDatabase:
        database = EmbeddedDatabase(server, name)
        migrate(database)
        opened.append(database)
        return database

    main = fresh("main")
    told = loaded(folder, "main", many, batch, times=2)
    first, second = told["seconds"]
    dump(main, folder)
    bare = bare_copy(fresh("bare"), folder)
    share = bare / first
    yield "fresh load, share of a bare COPY's speed", "≥ 50 %", (
        f"{share:.0%} ({many / first:,.0f} against {many / bare:,.0f} songs a second)"), share >= 0.5  # fmt: skip
    few = max(500, many // 50)
    rows = rows_of(main, few)
    # The last two ways are not asked for; they show what batches alone would bring.
    for name, asked in (("execute", 20), ("executemany", 5), ("execute a song", 0), ("executemany a batch", 0)):
        seconds = upserts(fresh(name), rows, name, batch)
        factor = (seconds / few) / (first / many)
        yield f"against upserts by {name}", f"≥ {asked} ×" if asked else "–", (
            f"{factor:.1f} × ({few / seconds:,.0f} songs a second)"), factor >= asked  # fmt: skip
    yield "the same load again: rows rewritten", "0", str(told["written"]), told["written"] == 0
    yield "the same load again: seconds", f"< {first:.1f}", f"{second:.1f}", second < first
    size = size_a_song(main, many)
    yield "database size a song", f"≤ {LARGEST_SONG:,} B", f"{size:,.0f} B", size <= LARGEST_SONG

    growth = catalogue_growth(fresh("batches"), 1000)
    yield "growth of the catalogue by 1,000 batches", "≤ 1 MB", f"{growth / 1e6:.2f} MB", growth <= 1_000_000
    small = loaded(folder, "small", 10_000, batch)["peak_mb"]
    if arguments.large:
        big = loaded(folder, "large", arguments.large, batch)
        large = big["peak_mb"]
        yield f"memory of the loading process, {arguments.large:,} against 10,000 songs", "within 20 %", (
            f"{large:.0f} MB against {small:.0f} MB ({large / small - 1:+.0%})"), large <= 1.2 * small  # fmt: skip
        times = asyncio.run(recall_times(fresh("large"), arguments.large))
        median = statistics.median(times)
        yield f"recall of 100 songs out of {arguments.large:,}, median", "≤ 20 ms", (
            f"{median:.1f} ms (95th of 100: {sorted(times)[int(0.95 * len(times))]:.1f} ms)"), median <= 20  # fmt: skip
    server.close()
    if arguments.kills:
        with tempfile.TemporaryDirectory(prefix="timbre-bench-") as place:
            for name, result in drill(Path(place), arguments.kills, 3000).items():
                yield f"{result['kills']} kills of the {name}: lost or doubled", "0", (
                    f"tables that differ: {result['differing'] or 'none'} ({result['seconds']} s)"
                ), not result["differing"]  # fmt: skip


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--songs", type=int, default=100_000)
    parser.add_argument("--large", type=int, default=1_000_000, help="0: leave out")
    parser.add_argument("--kills", type=int, default=20, help="0: leave out")
    parser.add_argument("--batch-size", type=int, default=2000, help="DB_BATCH_SIZE of the loads")
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--loader", nargs=5, help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.loader:
        folder, name, count, batch_size, times = arguments.loader
        loader(Path(folder), name, int(count), int(batch_size), int(times))
        return 0
    reached = True
    rows = []
    with tempfile.TemporaryDirectory(prefix="timbre-bench-") as place:
        for what, asked, measured, ok in measure(arguments, Path(place)):
            reached = reached and ok
            rows.append({"what": what, "asked": asked, "measured": measured, "reached": ok})
            if not arguments.json:
                print(f"{'ok  ' if ok else 'MISS'}  {what}: {measured} (asked: {asked})", flush=True)
    if arguments.json:
        print(json.dumps(rows, ensure_ascii=False, indent=2))
    return 0 if reached else 1


if __name__ == "__main__":
    sys.exit(main())
