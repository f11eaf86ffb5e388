"""Measures what it costs a crawl to be watched: the same crawl with and without open dashboards, pair by pair.

python benchmarks/bench_watched.py [--songs 400] [--watchers 20] [--pairs 3] [--seed 1] [--json]

CPU seconds of the crawl's process, of the service and of Postgres; those of the sandbox are nobody's. A dashboard is an
open page: a connection that is told each time what has changed.
"""

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path

import httpx2
import psutil
from bench_crawl import MANY, MEASURED, ROWS_A_SONG, sandbox
from bench_service import served, spent
from large_database import url_of

from timbre_spider.storage.connect import EmbeddedDatabase
from timbre_spider.storage.embedded import EmbeddedServer
from timbre_spider.storage.migrate import migrate

DEAREST_PERCENT = 5


@dataclass(frozen=True)
class Cost:
    """Seconds of CPU while a crawl lasted; `drawn`: how often each dashboard was told something, on average."""

    crawl: float
    service: float
    postgres: float
    drawn: float

    @property
    def all(self) -> float:
        return self.crawl + self.service + self.postgres


def main() -> int:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--songs", type=int, default=400)
    options.add_argument("--watchers", type=int, default=20)
    options.add_argument("--pairs", type=int, default=3)
    options.add_argument("--seed", type=int, default=1)
    options.add_argument("--json", action="store_true")
    asked = options.parse_args()
    pairs = []
    for number in range(asked.pairs):
        # Which of the two goes first changes, for the first finds the machine otherwise.
        costs = {watchers: cost(asked, watchers) for watchers in (0, asked.watchers)[:: -1 if number % 2 else 1]}
        pairs.append((costs[0], costs[asked.watchers]))
        if not asked.json:
            print(*(f"{name}: {each}" for name, each in zip(("alone", "watched"), pairs[-1], strict=True)), sep="\n")
    crawl, whole = (
        statistics.median(100 * (getattr(watched, part) / getattr(alone, part) - 1) for alone, watched in pairs)
        for part in ("crawl", "all")
    )
    reached = whole <= DEAREST_PERCENT
    if asked.json:
        told = [{"alone": asdict(alone), "watched": asdict(watched)} for alone, watched in pairs]
        print(json.dumps({"pairs": told, "crawl_percent": crawl, "all_percent": whole, "reached": reached}))
    else:
        print(
            f"{'ok  ' if reached else 'MISS'} {asked.watchers} dashboards on a crawl of {asked.songs} songs, median of"
            f" {asked.pairs} pairs: the crawl's CPU {crawl:+.1f} %, all together {whole:+.1f} %"
            f" (asked ≤ {DEAREST_PERCENT} %)"
        )
    return 0 if reached else 1


def cost(asked: argparse.Namespace, watchers: int) -> Cost:
    """A crawl into a database of its own, with so many dashboards open."""
    with tempfile.TemporaryDirectory(prefix="timbre-bench-") as name:
        folder = Path(name)
        server = EmbeddedServer(folder / "postgres")
        with (
            sandbox(asked.songs * ROWS_A_SONG, asked.seed, folder / "env") as env,
            EmbeddedDatabase(server, "watched") as database,
        ):
            migrate(database)
            url = url_of(database, "watched")
            places = {name: str(folder / name.lower()) for name in ("DATA_DIR", "LOGS_DIR", "EXPORTS_DIR")}
            os.environ |= env | places | {"SPOTIFY_BUDGET": str(MANY), "DATABASE_URL": url}
            with served(folder, url) as (client, service), open_dashboards(str(client.base_url), watchers) as told:
                postgres = psutil.Process(int((Path(server.folder) / "postmaster.pid").read_text().split()[0]))
                before = spent(service), spent(postgres)
                run = [sys.executable, "-c", MEASURED, str(folder / "cost"), "", "run", f"--max-songs={asked.songs}"]
                subprocess.run(run, check=True, stdout=subprocess.DEVNULL)
                after = spent(service), spent(postgres)
        crawl, _ = json.loads((folder / "cost").read_text())
    return Cost(crawl, after[0] - before[0], after[1] - before[1], sum(told) / max(watchers, 1))


@contextmanager
def open_dashboards(address: str, watchers: int) -> Iterator[list[int]]:
    """So many open pages; how many events each was sent."""
    over = threading.Event()
    told = [0] * watchers

    def follow(place: int) -> None:
        with httpx2.Client(timeout=60) as client, client.stream("GET", f"{address}/live/now") as answer:
            for line in answer.iter_lines():
                told[place] += line.startswith("event:")
                if over.is_set():
                    return

    followers = [threading.Thread(target=follow, args=[place], daemon=True) for place in range(watchers)]
    for each in followers:
        each.start()
    yield told
    over.set()


if __name__ == "__main__":
    sys.exit(main())
