"""What a run asks of AOTY: requests an album found, requests until 90 % of the plays have a rating, right albums.

python benchmarks/bench_catalogue.py [--rows 1500] [--songs 500] [--seed 1] [--empty] [--robots 2026] [--weather real]
    [--spotify-quota 300]

The sandbox's albums are written out as a data set and imported before, unless the catalogue is to be empty.
"""

import argparse
import csv
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
from urllib.parse import urlsplit

from dotenv import dotenv_values

from timbre_sandbox.aoty.frame import album_path, names_of
from timbre_sandbox.aoty.listed import listed_releases
from timbre_sandbox.world import build_world
from timbre_spider.config import load_config
from timbre_spider.storage.connect import open_database

TIMBRE = [sys.executable, "-m", "timbre_spider"]
COLUMNS = (
    "artist", "title", "album_link", "release_date", "format", "user_score", "rating_count", "critic_score", "genres"
)  # fmt: skip


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--rows", type=int, default=1500)
    options.add_argument("--songs", type=int, default=500)
    options.add_argument("--seed", type=int, default=1)
    options.add_argument("--empty", action="store_true", help="nothing is imported before")
    options.add_argument("--robots", choices=("2019", "2026"), default="2019", help="2026 forbids the search")
    options.add_argument("--weather", choices=("fair", "real", "storm"), default="fair")
    options.add_argument("--spotify-quota", type=int, help="calls a kind of endpoint in a day; as many as asked for")
    asked = options.parse_args()
    with tempfile.TemporaryDirectory(prefix="timbre-bench-") as folder:
        lines = Path(folder) / "env"
        world = [f"--rows={asked.rows}", f"--seed={asked.seed}", f"--write-env={lines}", "--port=0"]
        world += [f"--weather={asked.weather}", f"--aoty-robots={asked.robots}"]
        world += [f"--spotify-quota={asked.spotify_quota}"] if asked.spotify_quota else []
        sandbox = subprocess.Popen([*TIMBRE, "sandbox", *world], stdout=subprocess.DEVNULL)
        try:
            while not lines.exists():
                time.sleep(0.1)
            env = {name: value or "" for name, value in dotenv_values(lines).items()}
            env |= {name: str(Path(folder) / name.lower()) for name in ("DATA_DIR", "LOGS_DIR", "EXPORTS_DIR")}
            os.environ.update(env)
            control = int(env["LASTFM_BASE_URL"].split(":")[2].split("/")[0]) - 1
            with urllib.request.urlopen(f"http://127.0.0.1:{control}/truth") as answer:
                truth = json.load(answer)
            if not asked.empty:
                data_set = Path(folder) / "albums.csv"
                albums = write_out(asked.rows, asked.seed, env["AOTY_BASE_URL"], data_set)
                print(f"{albums:,} albums written out")
                subprocess.run([*TIMBRE, "import", "aoty", str(data_set)], check=True)
            run = subprocess.Popen([*TIMBRE, "run", f"--max-songs={asked.songs}"], stdout=subprocess.DEVNULL)
            asked_by = requests_by_time(run, f"http://127.0.0.1:{control}/stats")
            summary = json.loads(min(Path(env["LOGS_DIR"]).glob("pipeline_summary_*.json")).read_text())
            judge(truth, summary["requests"].get("aoty", {}))
            judge_order(truth, asked_by)
        finally:
            sandbox.terminate()
            sandbox.wait()


def requests_by_time(run: subprocess.Popen[bytes], stats: str) -> list[tuple[float, int]]:
    """Requests to AOTY so far, every half second until the run ends. Raises CalledProcessError."""
    told = []
    while run.poll() is None:
        time.sleep(0.5)
        with urllib.request.urlopen(stats) as answer:
            told.append((time.time(), json.load(answer)["totals"].get("aoty", {}).get("requests", 0)))
    if run.returncode:
        raise subprocess.CalledProcessError(run.returncode, "timbre run")
    return told


def write_out(rows: int, seed: int, base_url: str, path: Path) -> int:
    """All that the site lists but what nobody here plays, a row each."""
    listed = listed_releases(build_world(rows=rows, seed=seed))
    with path.open("w", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(COLUMNS)
        for album, entry, form in listed.values():
            told = (album.date, form, entry.user_score, entry.rating_count, entry.critic_score)
            writer.writerow([
                names_of(album), entry.title, f"{base_url}{album_path(entry)}", *told, ", ".join(entry.genres)
            ])  # fmt: skip
    return len(listed)


def judge(truth: dict[str, Any], requests: dict[str, Any]) -> None:
    """Prints requests an album found, and of the songs given an album, the share whose album is one they are on."""
    with open_database(load_config()) as database, database.connect() as connection:
        rows = connection.execute(
            "SELECT a.artist, a.title, t.url FROM aliases a LEFT JOIN aoty_attrs t ON t.song_id = a.song_id"
        ).fetchall()
        asked = connection.execute(
            "SELECT outcome, values ->> 'url' FROM answers"
            " WHERE source = 'aoty' AND key LIKE 'album:%' AND reason <> 'in the catalogue'"
        ).fetchall()
        reasons = {
            (artist, title): f"{outcome}: {reason}"
            for artist, title, outcome, reason in connection.execute(
                "SELECT s.artist, s.title, n.outcome, n.reason FROM aliases s JOIN aliases o USING (song_id)"
                " JOIN questions q ON q.song_key = o.name_key AND q.page = 0 AND q.source = 'aoty'"
                " JOIN answers n USING (source, key)"
            ).fetchall()
        }
        ways = connection.execute(
            "SELECT split_part(key, ':', 1), outcome, CASE WHEN reason SIMILAR TO '(in|on) %' THEN reason END, count(*)"
            " FROM answers WHERE source = 'aoty' GROUP BY 1, 2, 3 ORDER BY 4 DESC"
        ).fetchall()
    print("ways: " + "; ".join(f"{' '.join(filter(None, how))} {number:,}" for *how, number in ways))
    stored = {(artist, title): url for artist, title, url in rows}
    right = wrong = missed = 0
    missing: Counter[str] = Counter()
    wanted = {row["song"] for row in truth["rows"] if (row["artist"], row["title"]) in stored}
    urls = set()
    for row in truth["rows"]:
        song = truth["songs"].get(row["song"])
        if song is None or (row["artist"], row["title"]) not in stored:
            continue
        url = stored[row["artist"], row["title"]]
        paths = {album["aoty"] for album in song["albums"]} | {song["aoty"] and song["aoty"]["path"]}
        if url:
            urls.add(url)
            right += urlsplit(url).path in paths
            if urlsplit(url).path not in paths:
                wrong += 1
                print(f"wrong: {row['artist']} - {row['title']}: {urlsplit(url).path}, not {song['aoty'] and paths}")
        elif song["aoty"]:
            missed += 1
            missing[reasons.get((row["artist"], row["title"]), "no album was asked for")] += 1
    held = [song["aoty"] for song in truth["songs"].values() if song["aoty"]]
    rated = {album["path"]: album["user_score"] is not None or album["critic_score"] is not None for album in held}
    met = [rated.get(urlsplit(url).path) for _, url in asked if url]
    print(f"albums found: {len(urls):,}; requests: {requests}")
    print(
        f"albums the site was asked for: {met.count(True)} of the data set with ratings, {met.count(False)} of it "
        f"without, {met.count(None)} it lacks, {len(asked) - len(met)} that were not found"
    )
    print(f"requests an album found: {requests.get('requests', 0) / max(len(urls), 1):.3f}")
    print(f"right album: {right:,} of {right + wrong:,} rows given one ({right / max(right + wrong, 1):.4f})")
    print(f"rows without an album that has one: {missed:,} {dict(missing.most_common())}")
    have = {song["aoty"]["path"] for key, song in truth["songs"].items() if song["aoty"] and key in wanted}
    print(f"albums found of those that exist: {len(have & {urlsplit(url).path for url in urls}):,} of {len(have):,}")


def judge_order(truth: dict[str, Any], asked_by: list[tuple[float, int]]) -> None:
    """Prints after how many requests 90 % of the plays that can have a rating had one."""
    plays: Counter[str] = Counter()
    with open_database(load_config()) as database, database.connect() as connection:
        stored = set(connection.execute("SELECT artist, title FROM aliases").fetchall())
        told = connection.execute(
            "SELECT values ->> 'url', extract(epoch FROM min(asked_at)) FROM answers"
            " WHERE source = 'aoty' AND values ->> 'user_score' IS NOT NULL GROUP BY 1 ORDER BY 2"
        ).fetchall()
    for row in truth["rows"]:
        album = row["song"] in truth["songs"] and truth["songs"][row["song"]]["aoty"]
        if album and album["user_score"] is not None and (row["artist"], row["title"]) in stored:
            plays[album["path"]] += row["playcount"]
    rated = 0
    for url, at in told:
        rated += plays.pop(urlsplit(url).path, 0)
        if rated >= 0.9 * (rated + plays.total()):
            print(
                f"90 % of these plays have a rating after "
                f"{max((n for when, n in asked_by if when <= at + 1), default=0)} requests"
            )
            return
    print(f"{rated / (rated + plays.total()):.0%} of these plays have a rating in the end")


if __name__ == "__main__":
    main()
