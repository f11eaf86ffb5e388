"""How many answers a second the sandbox gives, service by service, beside what a crawl asks of it.

python benchmarks/bench_sandbox.py [--rows 30000] [--songs 2000] [--seconds 3]
"""

import argparse
import http.client
import json
import os
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from itertools import cycle
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import urlencode, urlsplit

from dotenv import dotenv_values

SPOTIFY_ALBUM = "https://open.spotify.com/album/"
TIMBRE = [sys.executable, "-m", "timbre_spider"]


class Ask(NamedTuple):
    """One request as a crawl makes it."""

    method: str
    path: str
    body: str = ""
    headers: tuple[tuple[str, str], ...] = ()


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--rows", type=int, default=30_000)
    options.add_argument("--songs", type=int, default=2000)
    options.add_argument("--seconds", type=float, default=3)
    asked = options.parse_args()
    with tempfile.TemporaryDirectory(prefix="timbre-bench-") as folder:
        lines = Path(folder) / "env"
        world = [f"--rows={asked.rows}", f"--write-env={lines}", "--port=0", "--weather=fair"]
        sandbox = subprocess.Popen([*TIMBRE, "sandbox", *world], stdout=subprocess.DEVNULL)
        try:
            while not lines.exists():
                time.sleep(0.1)
            env = {name: value or "" for name, value in dotenv_values(lines).items()}
            control = int(env["LASTFM_BASE_URL"].split(":")[2].split("/")[0]) - 1
            env |= {name: str(Path(folder) / name.lower()) for name in ("DATA_DIR", "LOGS_DIR", "EXPORTS_DIR")}
            crawl = [*TIMBRE, "run", f"--max-songs={asked.songs}"]
            subprocess.run(crawl, check=True, env=os.environ | env, stdout=subprocess.DEVNULL)
            totals = read(control, "/stats")["totals"]
            summary = json.loads(max(Path(env["LOGS_DIR"]).glob("pipeline_summary_*.json")).read_text())
            busiest = min(60, summary["seconds"])
            truth = read(control, "/truth")
            print(f"{'service':<14}{'a crawl asks':>16}{'answers':>12}   (a second)")
            for service, requests in requests_of(truth, env).items():
                wanted = totals.get(service, {}).get("most_in_a_minute", 0) / busiest
                print(f"{service:<14}{wanted:>16.1f}{answers_a_second(service, env, requests, asked.seconds):>12.1f}")
        finally:
            sandbox.terminate()
            sandbox.wait()


def read(port: int, path: str) -> Any:
    with urllib.request.urlopen(f"http://127.0.0.1:{port}{path}") as answer:
        return json.load(answer)


def answers_a_second(service: str, env: dict[str, str], requests: Iterator[Ask], seconds: float) -> float:
    """Of one connection that asks as fast as it is answered."""
    connection = http.client.HTTPConnection(urlsplit(env[f"{service.upper()}_BASE_URL"]).netloc)
    answered, begun = 0, time.perf_counter()
    while time.perf_counter() - begun < seconds:
        ask = next(requests)
        connection.request(ask.method, ask.path, ask.body.encode() or None, dict(ask.headers))
        connection.getresponse().read()
        answered += 1
    return answered / (time.perf_counter() - begun)


def requests_of(truth: dict[str, Any], env: dict[str, str]) -> dict[str, Iterator[Ask]]:
    """What a crawl asks of each service, over and over."""
    rows = [(row["artist"], row["title"]) for row in truth["rows"][:3000]]
    pages = [song["aoty"]["path"] for song in truth["songs"].values() if song["aoty"]]
    bearer, token = ("Authorization", f"Bearer {spotify_token(env)}"), f"Token {env['LISTENBRAINZ_TOKEN']}"
    key = urlencode({"api_key": env["LASTFM_API_KEY"], "user": env["LASTFM_USERNAME"], "format": "json", "limit": 1000})
    fifty = [
        json.dumps({"recordings": [{"artist_name": artist, "recording_name": title} for artist, title in part]})
        for part in (rows[first : first + 50] for first in range(0, len(rows), 50))
    ]

    albums = [album["spotify_id"] for song in truth["songs"].values() for album in song["albums"]]
    links = [
        f"/ws/2/url?{urlencode([('resource', SPOTIFY_ALBUM + each) for each in part])}&inc=release-rels&fmt=json"
        for part in (albums[first : first + 100] for first in range(0, 3000, 100))
        if part
    ]

    def search(path: str, form: str, name: str = "q", **more: str) -> list[str]:
        return [f"{path}?{urlencode({name: form.format(a=a, t=t), **more})}" for a, t in rows]

    asks = {
        "lastfm": [Ask("GET", f"/2.0/?method=user.gettoptracks&{key}&page={page}") for page in range(1, 11)],
        "spotify": [
            Ask("GET", path, headers=(bearer,))
            for path in search("/v1/search", 'track:"{t}" artist:"{a}"', type="track", limit="10", market="US")
        ],
        "aoty": [Ask("GET", path) for path in [*search("/search/albums/", "{a} {t}")[:1500], *pages[:1500]]],
        "listenbrainz": [
            Ask("POST", "/1/metadata/lookup/", body, (("Authorization", token),)) for body in fifty
        ],
        "deezer": [Ask("GET", path) for path in search("/search", 'artist:"{a}" track:"{t}"')],
        "musicbrainz": [
            Ask("GET", path)
            for pair in zip(
                search("/ws/2/recording", 'recording:"{t}" AND artist:"{a}"', "query", fmt="json"), cycle(links)
            )
            for path in pair
        ],
    }  # fmt: skip
    return {service: cycle(each) for service, each in asks.items()}


def spotify_token(env: dict[str, str]) -> str:
    form = {
        "grant_type": "client_credentials",
        "client_id": env["SPOTIFY_CLIENT_ID"],
        "client_secret": env["SPOTIFY_CLIENT_SECRET"],
    }
    with urllib.request.urlopen(env["SPOTIFY_AUTH_URL"], urlencode(form).encode()) as answer:
        return str(json.load(answer)["access_token"])


if __name__ == "__main__":
    main()
