"""What a crawl costs by itself: CPU seconds of its process alone, in fair weather, without quota, for several sizes.

python benchmarks/bench_crawl.py [--songs 1000,3000] [--seed 1] [--profile FOLDER] [--keep FOLDER] [--json]

Of load on the machine the clock knows more than the CPU's seconds do, so these are the figure to compare. `--profile`
leaves what cProfile saw of the reactor's thread there (which makes it slower), `--keep` what was stored, a song a line:
equal before and after a change that should change nothing.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path

from dotenv import dotenv_values

from timbre_spider.config import load_config
from timbre_spider.storage.connect import open_database

MANY = 1_000_000
MOST_SECONDS, MOST_MB = 75, 220
TIMBRE = [sys.executable, "-m", "timbre_spider"]
# Rows of the chart for each song asked for: enough that it never ends early.
ROWS_A_SONG = 3
# The crawl in a process that tells at its end what it used: what it started (Postgres) is not in it.
MEASURED = """
import cProfile, json, resource, sys
from timbre_spider.cli import main
cost, profile, sys.argv = sys.argv[1], sys.argv[2], ["timbre", *sys.argv[3:]]
profiler = cProfile.Profile()
try:
    profiler.runcall(main) if profile else main()
finally:
    if profile:
        profiler.dump_stats(profile)
    used = resource.getrusage(resource.RUSAGE_SELF)
    with open(cost, "w") as file:
        json.dump([used.ru_utime + used.ru_stime, used.ru_maxrss / 1024], file)
"""
# All that a crawl tells of a song but what names this very crawl.
STORED = """
SELECT to_jsonb(f) - '{id,created_at,updated_at}'::text[] - (
    SELECT array_agg(name) FROM jsonb_object_keys(to_jsonb(f)) AS name WHERE name LIKE '%\\_at' OR name LIKE '%next%'
) FROM song_features f ORDER BY artist, title, isrc, spotify_id
"""


@dataclass(frozen=True)
class Cost:
    """What a crawl of so many songs took: seconds of CPU and by the clock, the most memory at a time."""

    songs: int
    cpu_seconds: float
    seconds: float
    peak_memory_mb: float


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--songs", default="1000,3000")
    options.add_argument("--seed", type=int, default=1)
    options.add_argument("--profile", type=Path)
    options.add_argument("--keep", type=Path)
    options.add_argument("--json", action="store_true")
    asked = options.parse_args()
    costs = []
    for songs in map(int, asked.songs.split(",")):
        cost = crawl(songs, asked.seed, asked.profile, asked.keep)
        costs.append(cost)
        if not asked.json:
            print(
                f"{songs:,} songs: {cost.cpu_seconds:.1f} s of CPU, {1000 * cost.cpu_seconds / songs:.2f} ms a song;"
                f" {cost.seconds:.0f} s by the clock; {cost.peak_memory_mb:.0f} MB at most"
            )
    if asked.json:
        print(json.dumps([asdict(cost) for cost in costs]))


def crawl(songs: int, seed: int, profile: Path | None, keep: Path | None) -> Cost:
    """A crawl against a sandbox of its own, into a database of its own."""
    with tempfile.TemporaryDirectory(prefix="timbre-bench-") as name:
        folder = Path(name)
        with sandbox(songs * ROWS_A_SONG, seed, folder / "env") as env:
            places = {name: str(folder / name.lower()) for name in ("DATA_DIR", "LOGS_DIR", "EXPORTS_DIR")}
            os.environ |= env | places | {"SPOTIFY_BUDGET": str(MANY)}
            for each in (profile, keep):
                if each:
                    each.mkdir(parents=True, exist_ok=True)
            profiled = str(profile / f"crawl-{songs}.prof") if profile else ""
            started = time.monotonic()
            subprocess.run(
                [sys.executable, "-c", MEASURED, str(folder / "cost"), profiled, "run", f"--max-songs={songs}"],
                check=True,
                stdout=subprocess.DEVNULL,
            )
            seconds = time.monotonic() - started
            if keep:
                with open_database(load_config()) as database, database.connect() as connection:
                    stored = [json.dumps(row[0], sort_keys=True) for row in connection.execute(STORED)]
                (keep / f"songs-{songs}.jsonl").write_text("\n".join(stored) + "\n")
        cpu_seconds, peak = json.loads((folder / "cost").read_text())
    return Cost(songs, cpu_seconds, seconds, peak)


@contextmanager
def sandbox(rows: int, seed: int, lines: Path) -> Iterator[dict[str, str]]:
    """The services, in fair weather; the environment that leads to them."""
    world = [f"--rows={rows}", f"--seed={seed}", "--weather=fair", f"--write-env={lines}", "--port=0"]
    process = subprocess.Popen([*TIMBRE, "sandbox", *world, f"--spotify-quota={MANY}"], stdout=subprocess.DEVNULL)
    try:
        while not lines.exists():
            time.sleep(0.1)
        yield {name: value or "" for name, value in dotenv_values(lines).items()}
    finally:
        process.terminate()
        process.wait()


if __name__ == "__main__":
    main()
