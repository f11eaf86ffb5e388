"""How fast saved album pages and rows of data sets come into the catalogue.

python benchmarks/bench_import.py [--pages 300] [--rows 40000]

Pages are the sandbox's, as large as real ones; a database of its own. CPU seconds are this process's, not Postgres's.
"""

import argparse
import csv
import os
import random
import tempfile
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

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

WORDS = ("harbour", "lantern", "pier", "dock", "quay", "tide", "gull", "sail", "mast", "rope", "keel", "anchor", "wave")


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--pages", type=int, default=300)
    options.add_argument("--rows", type=int, default=40_000)
    asked = options.parse_args()
    with tempfile.TemporaryDirectory(prefix="timbre-bench-") as folder:
        os.environ["DATA_DIR"] = folder
        pages = Path(folder) / "pages"
        size = write_pages(pages, asked.pages)
        table = Path(folder) / "albums.csv"
        write_rows(table, asked.rows)
        with open_database(load_config()) as database:
            migrate(database)
            for name, path, units in (
                (f"album pages of {size // 1000} kB", pages, asked.pages),
                ("rows", table, asked.rows),
                ("rows again", table, asked.rows),
            ):
                measure(database, name, path, units)


def measure(database: Database, name: str, path: Path, units: int) -> None:
    """Prints what a second brings."""

    def told() -> Iterator[Sequence[Sighting]]:
        for each in read_files([path]):
            assert isinstance(each, Read), each
            yield each.sightings

    started, cpu = time.perf_counter(), time.process_time()
    sightings = fill(database, told())
    seconds, cpu = time.perf_counter() - started, time.process_time() - cpu
    print(
        f"{units:,} {name}, {sightings:,} albums told of: {units / seconds:,.0f} a second; "
        f"{units / cpu:,.0f} a CPU second of the import"
    )


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
