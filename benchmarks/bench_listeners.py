"""Several listeners in one run: its requests against those of a run for each, in a database of its own.

python benchmarks/bench_listeners.py [--listeners 10] [--rows 300] [--weather fair]
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections import Counter
from pathlib import Path
from typing import Any

from dotenv import dotenv_values

TIMBRE = [sys.executable, "-m", "timbre_spider"]


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--listeners", type=int, default=10)
    options.add_argument("--rows", type=int, default=300, help="of each chart")
    options.add_argument("--weather", default="fair")
    asked = options.parse_args()
    with tempfile.TemporaryDirectory(prefix="timbre-bench-") as folder:
        lines = Path(folder) / "env"
        world = [f"--listeners={asked.listeners}", f"--rows={asked.rows}", f"--weather={asked.weather}"]
        sandbox = subprocess.Popen(
            [*TIMBRE, "sandbox", "--port=0", f"--write-env={lines}", *world], stdout=subprocess.DEVNULL
        )
        try:
            while not lines.exists():
                time.sleep(0.1)
            os.environ.update({name: value or "" for name, value in dotenv_values(lines).items()})
            control = os.environ["LASTFM_BASE_URL"].split("/2.0")[0].rpartition(":")
            port = int(control[2]) - 1
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/") as answer:
                names: list[str] = json.load(answer)["listeners"]
            alone = [run(Path(folder) / name, [name]) for name in names]
            together = run(Path(folder) / "all", names)
        finally:
            sandbox.terminate()
            sandbox.wait()
    tell(alone, together)


def run(folder: Path, names: list[str]) -> dict[str, Any]:
    """The summary of a run for these listeners."""
    folders = {name: str(folder / name.lower()) for name in ("DATA_DIR", "LOGS_DIR", "EXPORTS_DIR")}
    users = [part for name in names for part in ("--user", name)]
    command = [*TIMBRE, "run", "--max-songs=1000000", *users]
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL, env=os.environ | folders)
    [written] = (folder / "logs_dir").glob("pipeline_summary_*.json")
    summary: dict[str, Any] = json.loads(written.read_text())
    return summary


def tell(alone: list[dict[str, Any]], together: dict[str, Any]) -> None:
    songs = [summary["songs"]["stored"] for summary in alone]
    print(f"{len(alone)} listeners, {sum(songs):,} songs counted for each, {together['songs']['stored']:,} in all")
    by_itself = Counter[str]()
    for summary in alone:
        by_itself.update(requests_of(summary))
    for service, requests in requests_of(together).items():
        share = f"{requests / by_itself[service]:.1%}" if by_itself[service] else "-"
        print(f"{service:<18} {by_itself[service]:>7,} {requests:>7,} {share}")
    one, all_ = by_itself.total(), sum(requests_of(together).values())
    print(f"requests: {all_:,} in one run against {one:,} in {len(alone)}: {all_ / one:.1%}")
    found = [sum(each["plays_stored"] for each in summary["listeners"].values()) for summary in (*alone, together)]
    print(f"plays stored: {sum(found[:-1]):,} and {found[-1]:,}")


def requests_of(summary: dict[str, Any]) -> dict[str, int]:
    return {service: each["requests"] for service, each in summary["requests"].items()}


if __name__ == "__main__":
    main()
