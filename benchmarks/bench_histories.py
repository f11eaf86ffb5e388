"""Histories: how fast and in how much memory a large one is read, and how well one joins the chart of its listener.

python benchmarks/bench_histories.py [--megabytes 1000] [--joined-rows 1000] [--seed 1]; 0 leaves that part out.
"""

import argparse
import json
import os
import random
import resource
import subprocess
import sys
import tempfile
import time
from collections import Counter, defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from timbre_sandbox.options import SandboxOptions
from timbre_sandbox.serve import Sandbox
from timbre_sandbox.world.model import World
from timbre_spider.config import load_config
from timbre_spider.histories.read import read_histories
from timbre_spider.storage.connect import open_database

TIMBRE = [sys.executable, "-m", "timbre_spider"]
SONGS, PLAYS_A_FILE, BEGAN = 40_000, 16_000, 1_300_000_000


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--megabytes", type=int, default=1000)
    options.add_argument("--joined-rows", type=int, default=1000)
    options.add_argument("--seed", type=int, default=1, help="of the world that is joined")
    options.add_argument("--read", type=Path, help=argparse.SUPPRESS)
    asked = options.parse_args()
    if asked.read:
        read(asked.read)
        return
    with tempfile.TemporaryDirectory(prefix="timbre-bench-") as folder:
        if asked.megabytes:
            export = Path(folder) / "export"
            export.mkdir()
            written = write_export(export, asked.megabytes * 1_000_000)
            size = sum(path.stat().st_size for path in export.iterdir())
            print(f"an extended history of {written:,} plays in {size / 1e6:,.0f} MB, a tenth of them told twice")
            subprocess.run([sys.executable, __file__, f"--read={export}"], check=True)
        if asked.joined_rows:
            join(Path(folder), asked.joined_rows, asked.seed)


def write_export(folder: Path, size: int) -> int:
    """Files as Spotify writes them, and once more every tenth of them; how many plays there are."""
    rng = random.Random(7)
    files, plays, written = 0, 0, 0
    while written < size:
        entries = (entry(rng, BEGAN + 200 * number) for number in range(plays, plays + PLAYS_A_FILE))
        text = "[\n" + ",\n".join(entries) + "\n]"
        for copy in range(1 + (files % 10 == 0)):
            (folder / f"Streaming_History_Audio_{files}_{copy}.json").write_text(text, encoding="utf-8")
            written += len(text)
        files, plays = files + 1, plays + PLAYS_A_FILE
    return plays


def entry(rng: random.Random, at: int) -> str:
    """A play; few songs have most of them."""
    song = int(SONGS * rng.random() ** 3)
    return f"""  {{
    "ts": "{time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(at))}",
    "platform": "Android OS 12 API 31 (samsung, SM-G991B)",
    "ms_played": 201000,
    "conn_country": "NO",
    "ip_addr": "192.0.2.17",
    "master_metadata_track_name": "A Song of Några Words {song}",
    "master_metadata_album_artist_name": "The Artist {song // 20}",
    "master_metadata_album_album_name": "An Album {song // 9}",
    "spotify_track_uri": "spotify:track:{song:022}",
    "episode_name": null,
    "episode_show_name": null,
    "spotify_episode_uri": null,
    "audiobook_title": null,
    "audiobook_uri": null,
    "audiobook_chapter_uri": null,
    "audiobook_chapter_title": null,
    "reason_start": "trackdone",
    "reason_end": "trackdone",
    "shuffle": true,
    "skipped": false,
    "offline": false,
    "offline_timestamp": {at},
    "incognito_mode": false
  }}"""


def read(export: Path) -> None:
    """Prints what reading takes, in a process of its own."""
    started, worked = time.perf_counter(), time.process_time()
    histories = read_histories([export])
    seconds, worked = time.perf_counter() - started, time.process_time() - worked
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    told = sum(file.plays for file in histories.files)
    counted = sum(row.playcount for row in histories.rows)
    print(f"read: {told:,} plays in {seconds:.1f} s, {told / seconds:,.0f} a second; peak memory {peak:.0f} MB")
    print(f"of a core's own time: {worked:.1f} s, {told / worked:,.0f} plays a second")
    print(f"counted: {counted:,} plays of {len(histories.rows):,} songs; told twice: {histories.doubles:,}")


def join(folder: Path, rows: int, seed: int) -> None:
    """Prints how a chart and the same listener's Spotify history come together, stored one after the other."""
    with Sandbox(SandboxOptions(rows=rows, port=0, weather="fair", seed=seed)) as sandbox:
        os.environ.update(sandbox.environment)
        os.environ.update({name: str(folder / name.lower()) for name in ("DATA_DIR", "LOGS_DIR", "EXPORTS_DIR")})
        history = folder / "Streaming_History_Audio_0.json"
        heard = list(as_spotify_tells(sandbox.world))
        history.write_text(json.dumps([play for _, play in heard]), encoding="utf-8")
        for command in (["run"], ["import", "history", str(history)], ["import", "history", str(history)]):
            started = time.monotonic()
            subprocess.run([*TIMBRE, *command, "--max-songs=1000000"], check=True, stdout=subprocess.DEVNULL)
            print(f"timbre {command[0]}: {time.monotonic() - started:.1f} s")
        judge(sandbox.world, {(names_of(play)): song for song, play in heard})


def as_spotify_tells(world: World) -> Iterator[tuple[str, dict[str, Any]]]:
    """(song, play): each song heard on Spotify, mostly on its own album, under the names Spotify has."""
    rng = random.Random(7)
    at = BEGAN
    for song in world.heard:
        if not song.on_spotify:
            continue
        for _ in range(min(song.plays, 20)):
            track = song.original if rng.random() < 0.7 else rng.choice(song.tracks)
            at += 200
            yield (
                song.key,
                {
                    "ts": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(at)),
                    "ms_played": track.duration_ms,
                    "master_metadata_track_name": track.title,
                    "master_metadata_album_artist_name": track.album.artists[0].name,
                    "master_metadata_album_album_name": track.album.title,
                    "spotify_track_uri": f"spotify:track:{track.spotify_id}",
                },
            )


def names_of(play: dict[str, Any]) -> tuple[str, str]:
    return play["master_metadata_album_artist_name"], play["master_metadata_track_name"]


def judge(world: World, history: dict[tuple[str, str], str]) -> None:
    """Pairs of a chart row and a spelling of the history: those stored as one song against those that are one."""
    with open_database(load_config()) as database, database.connect() as connection:
        stored = connection.execute(
            "SELECT a.artist, a.title, a.song_id, array_agg(l.source)"
            " FROM aliases a JOIN listens l ON l.alias_id = a.id"
            " GROUP BY a.id"
        ).fetchall()
        total = connection.execute("SELECT sum(playcount), count(*) FROM lastfm_stats").fetchone()
    chart = {(row.artist, row.title): row.song.key for row in world.rows if row.song is not None}
    sides: dict[str, list[tuple[str, Any]]] = {"lastfm": [], "spotify": []}
    for artist, title, song_id, sources in stored:
        for source, truth in (("lastfm", chart), ("spotify", history)):
            if source in sources and (artist, title) in truth:
                sides[source].append((truth[artist, title], song_id))
    ours, true, both = (
        [Counter(key(each) for each in sides[side]) for side in ("lastfm", "spotify")]
        for key in (lambda each: each[1], lambda each: each[0], lambda each: each)
    )
    together, there, right = (sum(one[key] * other[key] for key in one) for one, other in (ours, true, both))
    told_wrong(stored, chart, history)
    print(f"chart and history joined: precision {right / together:.4f}, recall {right / there:.4f} ({there:,} pairs)")
    print(f"plays: {sum(row.plays for row in world.rows):,} in the chart, {total[0] if total else 0:,} stored")


def told_wrong(stored: list[Any], chart: dict[Any, str], history: dict[Any, str]) -> None:
    """Prints songs that hold names of several, as stored."""
    names: dict[Any, list[tuple[str, str, str, list[str]]]] = defaultdict(list)
    for artist, title, song_id, sources in stored:
        song = chart.get((artist, title)) or history.get((artist, title))
        if song is not None:
            names[song_id].append((song, artist, title, sources))
    for rows in names.values():
        if len({song for song, *_ in rows}) > 1:
            print(
                *(f"  {song} {artist} - {title} ({', '.join(sources)})" for song, artist, title, sources in rows),
                sep="\n",
            )
            print()


if __name__ == "__main__":
    main()
