"""What ListenBrainz labs add of Spotify's ids: a run with few or no calls to Spotify, held against what is true.

python benchmarks/bench_labs.py [--rows 1500] [--songs 500] [--seed 1] [--budget 300] [--without-labs]

--budget 0 is a run without a key for Spotify.
"""

import argparse
import json
import os
import subprocess
import tempfile
import time
import urllib.request
from collections import Counter
from pathlib import Path
from typing import Any

from bench_world import TIMBRE, share
from dotenv import dotenv_values

from timbre_sandbox.exchange import Request
from timbre_sandbox.labs import Labs
from timbre_sandbox.world import World, build_world
from timbre_spider.config import load_config
from timbre_spider.storage.connect import open_database


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--rows", type=int, default=1500)
    options.add_argument("--songs", type=int, default=500)
    options.add_argument("--seed", type=int, default=1)
    options.add_argument("--weather", default="real")
    options.add_argument("--budget", type=int, default=0)
    options.add_argument("--without-labs", action="store_true")
    asked = options.parse_args()
    with tempfile.TemporaryDirectory(prefix="timbre-bench-") as folder:
        lines = Path(folder) / "env"
        world = [f"--rows={asked.rows}", f"--seed={asked.seed}", f"--weather={asked.weather}", f"--write-env={lines}"]
        sandbox = subprocess.Popen([*TIMBRE, "sandbox", *world, "--port=0"], stdout=subprocess.DEVNULL)
        try:
            while not lines.exists():
                time.sleep(0.1)
            env = {name: value or "" for name, value in dotenv_values(lines).items()}
            env |= {name: str(Path(folder) / name.lower()) for name in ("DATA_DIR", "LOGS_DIR", "EXPORTS_DIR")}
            env["LISTENBRAINZ_LABS"] = "off" if asked.without_labs else "on"
            if asked.budget:
                env["SPOTIFY_BUDGET"] = str(asked.budget)
            else:
                env |= {"SPOTIFY_CLIENT_ID": "", "SPOTIFY_CLIENT_SECRET": ""}
            os.environ.update(env)
            run = [*TIMBRE, "run", f"--max-songs={asked.songs}", "--skip-aoty"]
            subprocess.run(run, check=True, stdout=subprocess.DEVNULL)
            summary = json.loads(min(Path(env["LOGS_DIR"]).glob("pipeline_summary_*.json")).read_text())
            print({name: each["requests"] for name, each in summary["requests"].items()})
            print(summary["outcomes"])
            control = int(env["LASTFM_BASE_URL"].split(":")[2].split("/")[0]) - 1
            with urllib.request.urlopen(f"http://127.0.0.1:{control}/truth") as answer:
                judge(json.load(answer), build_world(asked.rows, asked.seed))
        finally:
            sandbox.terminate()
            sandbox.wait()


def judge(truth: dict[str, Any], world: World) -> None:
    """Prints how many songs have an id, by whom, and how many of these are right."""
    with open_database(load_config()) as database, database.connect() as connection:
        rows = connection.execute(
            "SELECT a.artist, a.title, f.id, f.spotify_id, f.spotify_id_source FROM aliases a JOIN song_features f"
            " ON f.id = a.song_id"
        ).fetchall()
    by_key = {song.key: song for song in world.songs}
    song_of = {(row["artist"], row["title"]): by_key[row["song"]] for row in truth["rows"] if row["song"]}
    stored = {row[2]: (song_of[row[:2]], row[3], row[4]) for row in rows if row[:2] in song_of}
    labs = Labs(world)
    known = {song.key for song, *_ in stored.values() if knows(labs, song)}
    there = [each for each in stored.values() if each[0].key in known]
    print(
        f"songs {len(stored):,}, labs know {len(there):,}; of these with an id {share(bool(each[1]) for each in there)}"
    )
    untold = [each for each in there if each[2] != "spotify"]
    print(f"not told by Spotify {len(untold):,}; of these with an id {share(bool(each[1]) for each in untold)}")
    print(f"of all songs with an id {share(bool(each[1]) for each in stored.values())}")
    for source, count in Counter(each[2] for each in stored.values() if each[1]).items():
        told = [each for each in stored.values() if each[2] == source]
        right = share(any(spotify_id in track.spotify_ids for track in song.tracks) for song, spotify_id, _ in told)
        studio = share(
            any(spotify_id in track.spotify_ids and track.variant == song.original.variant for track in song.tracks)
            for song, spotify_id, _ in told
        )
        print(f"{source}: {count:,} ids, a track of the song {right}, of its own version {studio}")


def knows(labs: Labs, song: Any) -> bool:
    """Whether labs tell anything by any of the song's true names."""
    names = [
        {"artist_name": song.artist.name, "release_name": track.album.title, "track_name": track.title}
        for track in song.tracks
    ]
    answer = labs.answer(Request("POST", "/spotify-id-from-metadata/json", b"", {}, json.dumps(names).encode()))
    return any(each["spotify_track_ids"] for each in json.loads(answer.body))


if __name__ == "__main__":
    main()
