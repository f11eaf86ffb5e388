"""The whole way over a sandbox of 30,000 rows: time, memory, requests, and how many songs came out right.

python benchmarks/bench_world.py [--rows 30000] [--songs 10000] [--seed 1]
"""

import argparse
import json
import os
import resource
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections import Counter
from pathlib import Path
from typing import Any

from dotenv import dotenv_values

from timbre_spider.config import load_config
from timbre_spider.storage.connect import open_database

TIMBRE = [sys.executable, "-m", "timbre_spider"]


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--rows", type=int, default=30_000)
    options.add_argument("--songs", type=int, default=10_000)
    options.add_argument("--seed", type=int, default=1)
    asked = options.parse_args()
    with tempfile.TemporaryDirectory(prefix="timbre-bench-") as folder:
        lines = Path(folder) / "env"
        world = [f"--rows={asked.rows}", f"--seed={asked.seed}", f"--write-env={lines}", "--port=0"]
        sandbox = subprocess.Popen([*TIMBRE, "sandbox", *world], stdout=subprocess.DEVNULL)
        try:
            while not lines.exists():
                time.sleep(0.1)
            env = {name: value or "" for name, value in dotenv_values(lines).items()}
            env |= {name: str(Path(folder) / name.lower()) for name in ("DATA_DIR", "LOGS_DIR", "EXPORTS_DIR")}
            os.environ.update(env)
            for attempt in ("first run", "second run"):
                started = time.monotonic()
                subprocess.run([*TIMBRE, "run", f"--max-songs={asked.songs}"], check=True, stdout=subprocess.DEVNULL)
                print(f"{attempt}: {time.monotonic() - started:.1f} s, start and end included")
            peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
            print(f"peak memory of a process: {peak:.0f} MB (the sandbox is not waited for yet, so: the crawl)")
            summary = json.loads(min(Path(env["LOGS_DIR"]).glob("pipeline_summary_*.json")).read_text())
            requests = {name: each["requests"] for name, each in summary["requests"].items()}
            print(f"requests of the first run: {requests}")
            control = int(env["LASTFM_BASE_URL"].split(":")[2].split("/")[0]) - 1
            with urllib.request.urlopen(f"http://127.0.0.1:{control}/truth") as answer:
                judge(json.load(answer))
        finally:
            sandbox.terminate()
            sandbox.wait()


def judge(truth: dict[str, Any]) -> None:
    """Prints how often rows came together rightly, and how often a row's song is the right one."""
    with open_database(load_config()) as database, database.connect() as connection:
        rows = connection.execute(
            "SELECT a.artist, a.title, s.id, s.spotify_id FROM aliases a JOIN songs s ON s.id = a.song_id"
        ).fetchall()
    stored = {(artist, title): (song_id, spotify_id) for artist, title, song_id, spotify_id in rows}
    both, ours, true = Counter[Any](), Counter[Any](), Counter[Any]()
    right = wrong = missed = 0
    for row in truth["rows"]:
        if (row["artist"], row["title"]) not in stored:
            continue
        song_id, spotify_id = stored[row["artist"], row["title"]]
        both[song_id, row["song"]] += 1
        ours[song_id] += 1
        true[row["song"]] += 1
        known = truth["songs"][row["song"]]["spotify_ids"] or []
        right += spotify_id is not None and spotify_id in known
        wrong += spotify_id is not None and spotify_id not in known
        missed += spotify_id is None and bool(known)
    together, found, there = (sum(n * (n - 1) // 2 for n in each.values()) for each in (both, ours, true))
    print(f"{len(ours):,} songs of {sum(ours.values()):,} rows; true songs among these rows: {len(true):,}")
    print(f"rows together: precision {together / found:.5f}, recall {together / there:.5f}")
    print(f"right song: precision {right / (right + wrong):.5f}, recall {right / (right + wrong + missed):.5f}")


if __name__ == "__main__":
    main()
