"""Measures how soon the dashboard's pages are seen, and what they weigh, over many songs, in a real Chromium.

python benchmarks/bench_dashboard.py [--songs 10000] [--rounds 5] [--keep FOLDER] [--json]
"""

import argparse
import json
import os
import shutil
import statistics
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from bench_service import served
from large_database import large_database, url_of
from playwright.sync_api import Browser, sync_playwright

SLOWEST_MS = 500
LARGEST_KB = 300
BOUND = "/library"
PATHS = ("/", "/history", BOUND, "/find?q=song", "song", "/who", "/sources")
# Of a page that has been opened: milliseconds to the first paint, and bytes of it and all it loaded.
LOOK = """() => new Promise(tell => new PerformanceObserver(list => {
  const painted = list.getEntriesByName("first-contentful-paint")[0];
  const loaded = [...performance.getEntriesByType("navigation"), ...performance.getEntriesByType("resource")];
  if (painted) tell({paint: painted.startTime, bytes: loaded.reduce((sum, each) => sum + each.transferSize, 0)});
}).observe({type: "paint", buffered: true}))"""


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--songs", type=int, default=10_000)
    options.add_argument("--rounds", type=int, default=5)
    options.add_argument("--keep", type=Path, help="where the database is, or is made and kept")
    options.add_argument("--json", action="store_true")
    asked = options.parse_args()
    program = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if program is None:
        sys.exit("There is no Chromium: on Debian, apt install chromium.")
    with tempfile.TemporaryDirectory(prefix="timbre-bench-") as folder:
        arguments = ["--no-sandbox"] if os.geteuid() == 0 else []
        with (
            large_database(asked.songs, asked.keep) as database,
            served(Path(folder), url_of(database, f"songs_{asked.songs}")) as (client, _),
            sync_playwright() as playwright,
        ):
            browser = playwright.chromium.launch(executable_path=program, args=arguments)
            song = client.get("/songs?limit=1").json()["songs"][0]["id"]
            rows = list(measure(browser, str(client.base_url), song, asked))
            browser.close()
    if asked.json:
        print(json.dumps(rows))
    for what, bound, told, _ in () if asked.json else rows:
        print(f"{what:55} {bound:24} {told}")
    sys.exit(0 if all(reached for *_, reached in rows) else 1)


def measure(
    browser: Browser, address: str, song: str, asked: argparse.Namespace
) -> Iterator[tuple[str, str, str, bool]]:
    """Rows of (what, asked, measured, reached). Each round is a browser that has seen nothing; the first also finds
    nothing remembered by the service."""
    for path in PATHS:
        paints, size = [], 0
        for _ in range(asked.rounds):
            context = browser.new_context(base_url=address)
            page = context.new_page()
            page.goto(f"/song/{song}" if path == "song" else path)
            seen = page.evaluate(LOOK)
            paints.append(seen["paint"])
            size = max(size, seen["bytes"])
            context.close()
        bound = f"≤ {SLOWEST_MS} ms, ≤ {LARGEST_KB} kB" if path == BOUND else "-"
        told = f"first {paints[0]:.0f} ms, median {statistics.median(paints):.0f} ms, {size / 1000:.0f} kB"
        reached = path != BOUND or (statistics.median(paints) <= SLOWEST_MS and size <= 1000 * LARGEST_KB)
        yield f"{path}, of {asked.songs:,} songs: first paint, weight", bound, told, reached


if __name__ == "__main__":
    main()
