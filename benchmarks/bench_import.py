"""How fast saved album pages and rows of data sets come into the catalogue.

python benchmarks/bench_import.py [--pages 300] [--rows 40000] [--times 3]

Pages are the sandbox's, as large as real ones; a database of its own, the catalogue emptied before each import but the
last. Beside the clock: the seconds of CPU of this process and of Postgres, and how fast the same rows go by COPY alone
into a table without an index, which tells a slow hour of the machine.
"""

import argparse
import asyncio
import csv
import os
import random
import tempfile
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

import psutil  # type: ignore[import-untyped]

from timbre_sandbox.aoty.album import album_page
from timbre_sandbox.aoty.shelves import Shelves
from timbre_sandbox.world import build_world
from timbre_spider.albums.read import Read, read_files
from timbre_spider.config import load_config
from timbre_spider.items import Sighting
from timbre_spider.storage.catalogue import fill
from timbre_spider.storage.connect import open_database
from timbre_spider.storage.database import Database
from timbre_spider.storage.migrate import migrate
from timbre_spider.storage.pending_write import PendingWrite

WORDS = ("harbour", "lantern", "pier", "dock", "quay", "tide", "gull", "sail", "mast", "rope", "keel", "anchor", "wave")


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--pages", type=int, default=300)
    options.add_argument("--rows", type=int, default=40_000)
    options.add_argument("--times", type=int, default=3)
    asked = options.parse_args()
    with tempfile.TemporaryDirectory(prefix="timbre-bench-") as folder:
        os.environ["DATA_DIR"] = folder
        pages = Path(folder) / "pages"
        size = write_pages(pages, asked.pages)
        table = Path(folder) / "albums.csv"
        write_rows(table, asked.rows)
        with open_database(load_config()) as database:
            migrate(database)
            median(database, f"album pages of {size // 1000} kB", pages, asked.pages, asked.times)
            median(database, "rows", table, asked.rows, asked.times)
            print(f"{asked.rows:,} rows again: {measured(database, table, asked.rows)}")
            print(f"COPY alone: {asked.rows / copied(database, table):,.0f} rows a second")


class Pace(NamedTuple):
    """Units a second of the clock, of this process's CPU and of Postgres'."""

    clock: float
    python: float
    postgres: float

    def __str__(self) -> str:
        return (
            f"{self.clock:,.0f} a second; {self.python:,.0f} a CPU second of the import, "
            f"{self.postgres:,.0f} of Postgres"
        )


def median(database: Database, name: str, path: Path, units: int, times: int) -> None:
    """Prints the paces into an empty catalogue, and the one in the middle."""
    paces = []
    for _ in range(times):
        with database.connect() as connection:
            connection.execute("TRUNCATE aoty_sightings, ratings_history")
        paces.append(measured(database, path, units))
        print(f"{units:,} {name}: {paces[-1]}", flush=True)
    print(f"{units:,} {name}, median of {times}: {sorted(paces)[times // 2]}", flush=True)


def measured(database: Database, path: Path, units: int) -> Pace:
    """How fast a file or folder comes in."""

    def told() -> Iterator[Sequence[Sighting]]:
        for each in read_files([path]):
            assert isinstance(each, Read), each
            yield each.sightings

    served = seconds_served(database)
    started, cpu = time.perf_counter(), time.process_time()
    fill(database, told())
    seconds, cpu = time.perf_counter() - started, time.process_time() - cpu
    return Pace(units / seconds, units / cpu, units / (seconds_served(database) - served))


def seconds_served(database: Database) -> float:
    """CPU seconds of Postgres up to now, those of processes that ended too."""
    with database.connect() as connection:
        server = psutil.Process(connection.info.backend_pid).parent()
    assert server is not None
    time.sleep(0.3)  # until who hung up has ended
    return float(sum(server.cpu_times()[:4]) + sum(sum(child.cpu_times()[:2]) for child in server.children()))


def copied(database: Database, path: Path) -> float:
    """Seconds for the rows of a file by COPY into a table without an index."""

    async def lines() -> list[str]:
        parts = (each.sightings for each in read_files([path]) if isinstance(each, Read))
        return [line for part in parts for line in PendingWrite.of_albums(part).lines["albums"]]

    text = "".join(f"0\t{line}\n" for line in asyncio.run(lines()))
    with database.connect() as connection, connection.transaction(), connection.cursor() as cursor:
        cursor.execute("CREATE TABLE bare (LIKE staged_album)")
        started = time.perf_counter()
        with cursor.copy("COPY bare FROM STDIN") as copy:
            copy.write(text)
        return time.perf_counter() - started


def write_pages(folder: Path, number: int) -> int:
    """Album pages into a folder; the mean size."""
    folder.mkdir()
    shelves = Shelves(build_world(rows=max(number * 8, 1500), seed=1))
    chosen = list(shelves.listed.values())[:number]
    assert len(chosen) == number, f"the world has {len(chosen)} albums"
    size = 0
    for listed in chosen:
        body = album_page(listed, shelves.others(listed), shelves.similar(listed))
        (folder / f"{listed.entry.number}.html").write_bytes(body)
        size += len(body)
    return size // number


def write_rows(path: Path, number: int) -> None:
    """A data set with columns as published ones have them; artists have some ten albums."""
    draw = random.Random(1)
    names = [" ".join(draw.sample(WORDS, 2)).title() + f" {n}" for n in range(number // 10)]
    with path.open("w", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["title", "artist", "release_date", "genres", "user_score", "rating_count", "album_link"])
        for n in range(1, number + 1):
            title = " ".join(draw.sample(WORDS, draw.randint(1, 4))).title()
            date = f"{draw.choice(('March', 'October'))} {draw.randint(1, 28)}, {draw.randint(1960, 2026)}"
            genres = ", ".join(draw.sample(("Rock", "Dream Pop", "Jazz Rap", "Folk", "Ambient"), 2))
            count = f"{draw.randint(1, 30_000):,} ratings"
            address = f"https://www.albumoftheyear.org/album/{n}-{title.lower().replace(' ', '-')}.php"
            writer.writerow([title, draw.choice(names), date, genres, draw.randint(40, 95), count, address])


if __name__ == "__main__":
    main()
