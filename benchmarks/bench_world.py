"""The whole way over a sandbox of 30,000 rows: time, memory, requests, and how many songs came out right.

python benchmarks/bench_world.py [--rows 30000] [--songs 10000] [--seed 1] [--weather real] [--without-spotify]
[--no-quota] [--once]
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
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from dotenv import dotenv_values
from psycopg.rows import dict_row
from psycopg.sql import SQL, Identifier

from timbre_spider.config import OPEN_LIMITS, load_config
from timbre_spider.matching.calibration import probability
from timbre_spider.storage.connect import open_database

# Versions of a song differ by more.
NEAR_MS = 3000
MANY = 1_000_000
PARTS = ("completeness", "certainty", "agreement", "freshness")
TIMBRE = [sys.executable, "-m", "timbre_spider"]


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--rows", type=int, default=30_000)
    options.add_argument("--songs", type=int, default=10_000)
    options.add_argument("--seed", type=int, default=1)
    options.add_argument("--weather", default="real")
    options.add_argument("--without-spotify", action="store_true", help="as for who has no key for it")
    options.add_argument("--no-quota", action="store_true", help="as if Spotify answered any number of calls a day")
    options.add_argument("--skip-aoty", action="store_true")
    options.add_argument("--once", action="store_true", help="leave out the second run")
    asked = options.parse_args()
    with tempfile.TemporaryDirectory(prefix="timbre-bench-") as folder:
        lines = Path(folder) / "env"
        world = [
            f"--rows={asked.rows}",
            f"--seed={asked.seed}",
            f"--weather={asked.weather}",
            f"--write-env={lines}",
            "--port=0",
            *([f"--spotify-quota={MANY}"] if asked.no_quota else []),
        ]
        sandbox = subprocess.Popen([*TIMBRE, "sandbox", *world], stdout=subprocess.DEVNULL)
        try:
            while not lines.exists():
                time.sleep(0.1)
            env = {name: value or "" for name, value in dotenv_values(lines).items()}
            env |= {name: str(Path(folder) / name.lower()) for name in ("DATA_DIR", "LOGS_DIR", "EXPORTS_DIR")}
            if asked.without_spotify:
                env |= {"SPOTIFY_CLIENT_ID": "", "SPOTIFY_CLIENT_SECRET": ""}
            if asked.no_quota:
                env |= {"SPOTIFY_BUDGET": str(MANY)}
            os.environ.update(env)
            command = [*TIMBRE, "run", f"--max-songs={asked.songs}", *(["--skip-aoty"] if asked.skip_aoty else [])]
            for attempt in ["first run"] if asked.once else ["first run", "second run"]:
                started = time.monotonic()
                subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
                print(f"{attempt}: {time.monotonic() - started:.1f} s, start and end included")
            peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
            print(f"peak memory of a process: {peak:.0f} MB (the sandbox is not waited for yet, so: the crawl)")
            summary = json.loads(min(Path(env["LOGS_DIR"]).glob("pipeline_summary_*.json")).read_text())
            requests = {name: each["requests"] for name, each in summary["requests"].items()}
            print(f"requests of the first run: {requests}")
            minutes = {name: requests[name] / limit for name, limit in OPEN_LIMITS.items() if requests.get(name)}
            each = ", ".join(f"{name} {taken:.1f}" for name, taken in minutes.items())
            print(f"minutes at the live limits: {each}; one after the other {sum(minutes.values()):.1f}")
            print(f"outcomes: {summary['outcomes']}; memory {summary['peak_memory_mb']} MB")
            control = int(env["LASTFM_BASE_URL"].split(":")[2].split("/")[0]) - 1
            with urllib.request.urlopen(f"http://127.0.0.1:{control}/truth") as answer:
                truth = json.load(answer)
            judge(truth)
            judge_facts(truth)
            judge_quality(truth)
            weigh()
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
    if right:
        print(f"right song: precision {right / (right + wrong):.5f}, recall {right / (right + wrong + missed):.5f}")


def judge_facts(truth: dict[str, Any]) -> None:
    """Prints of how many songs ISRC, album and length are known, and are right."""
    facts = "SELECT a.artist, a.title, f.id, f.isrc, f.album_name, f.duration_ms, f.isrc_source, f.album_source"
    with open_database(load_config()) as database, database.connect() as connection:
        rows = connection.execute(f"{facts} FROM aliases a JOIN song_features f ON f.id = a.song_id").fetchall()
    song_of = {(row["artist"], row["title"]): row["song"] for row in truth["rows"]}
    known = {row[2]: (truth["songs"][song], *row[3:]) for row in rows if (song := song_of.get((row[0], row[1])))}
    openly = [each for each in known.values() if each[0]["isrc_on"]["deezer"] or each[0]["isrc_on"]["musicbrainz"]]
    found = share(bool(each[1]) for each in openly)
    print(f"songs {len(known):,}; an open source has an ISRC of {len(openly):,}: found {found}")
    coded, lengthy = ([each for each in known.values() if each[at]] for at in (1, 3))
    print(
        f"ISRC right: {share(each[1] in each[0]['isrcs'] for each in coded)}; by {Counter(each[4] for each in coded)}"
    )
    named = [each for each in known.values() if each[2]]
    on = [each[2] in {album["title"] for album in each[0]["albums"]} for each in named]
    print(f"album known {share(bool(each[2]) for each in known.values())}, one the song is on {share(on)};"
          f" by {Counter(each[5] for each in named)}")  # fmt: skip
    near = (abs(each[3] - each[0]["duration_ms"]) <= NEAR_MS for each in lengthy)
    print(f"length known {share(bool(each[3]) for each in known.values())}, within {NEAR_MS} ms {share(near)}")


def judge_quality(truth: dict[str, Any]) -> None:
    """Prints whether quality tells right songs from wrong ones, and whether matches come true as often as foretold."""
    facts = "SELECT a.artist, a.title, f.*, o.isrcs AS told FROM aliases a JOIN song_features f ON f.id = a.song_id"
    with open_database(load_config()) as database, database.connect() as connection:
        cursor = connection.cursor(row_factory=dict_row)
        rows = cursor.execute(f"{facts} LEFT JOIN open_attrs o ON o.song_id = f.id").fetchall()
    song_of = {(row["artist"], row["title"]): row["song"] for row in truth["rows"]}
    known = {
        row["id"]: (truth["songs"][song], row) for row in rows if (song := song_of.get((row["artist"], row["title"])))
    }
    print(f"mean quality: {mean(row['quality'] for _, row in known.values())}")
    found = known.values()
    right = {
        "spotify": [
            (row["spotify_id"] in (true["spotify_ids"] or []), row) for true, row in found if row["spotify_id"]
        ],
        "open": [(bool({*row["told"]} & {*true["isrcs"]}), row) for true, row in found if row["told"]],
        "aoty": [(is_on(row["aoty_album"], true), row) for true, row in found if row["aoty_album"]],
    }
    for source, judged in right.items():
        for verdict in (True, False):
            those = [row for is_right, row in judged if is_right is verdict]
            means = ", ".join(f"{part} {mean(row[part] for row in those)}" for part in ("quality", *PARTS))
            print(f"{source} {'right' if verdict else 'wrong'}: {len(those):,} songs, {means}")
        scored = [(is_right, row[f"{source}_match_score"]) for is_right, row in judged]
        for name, least, below in (("all", 0, 2), ("under .98", 0, 0.98), (".98 and more", 0.98, 2)):
            some = [(is_right, score) for is_right, score in scored if score is not None and least <= score < below]
            foretold = mean(probability(score) for _, score in some)
            print(
                f"{source} matches, {name}: {len(some):,}, foretold {foretold}, right {mean(each for each, _ in some)}"
            )


def is_on(album: str, song: dict[str, Any]) -> bool:
    """Whether the song is on an album of that name."""
    return any(timeless(album) == timeless(each["title"]) for each in song["albums"])


def timeless(album: str) -> str:
    """An album's name without brackets and what follows a dash."""
    return album.partition(" (")[0].partition(" - ")[0].strip().lower()


def mean(values: Iterable[float]) -> str:
    """The mean with four digits; a dash where there are none."""
    numbers = list(values)
    return f"{sum(numbers) / len(numbers):.4f}" if numbers else "–"


def weigh() -> None:
    """Prints rows and bytes that the database has for a song, indexes included, by table."""
    sizes = "SELECT relname, pg_total_relation_size(relid) FROM pg_stat_user_tables WHERE schemaname = 'public'"
    with open_database(load_config()) as database, database.connect() as connection:
        tables = dict(connection.execute(sizes).fetchall())
        counted = [
            (name, connection.execute(SQL("SELECT count(*) FROM {}").format(Identifier(name))).fetchall()[0][0], size)
            for name, size in sorted(tables.items(), key=lambda each: -each[1])
        ]
    songs = next(count for name, count, _ in counted if name == "songs")
    rows, size = (sum(each[at] for each in counted) / songs for at in (1, 2))
    print(f"database, a song: {rows:.1f} rows, {size:,.0f} bytes")
    for name, count, size in counted[:10]:
        print(f"    {name:<20} {count / songs:6.2f} rows {size / songs:8,.0f} bytes")


def share(told: Iterable[bool]) -> str:
    """How many are so, in percent."""
    answers = list(told)
    return f"{100 * sum(answers) / len(answers):.2f} %" if answers else "none"


if __name__ == "__main__":
    main()
