"""A stand-in for Spotify's Web API."""

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from urllib.parse import parse_qs, urlsplit

from tests.pipelines.making import Bench
from tests.sources.server import Asked, Reply, serving


class WebApi:
    """Knows tracks of Ann's (`titles`) on the album Harbour; a page holds 10 results, 50 in extended mode.

    `locked`: kinds of endpoints whose quota is used up, with the Retry-After they name.
    """

    def __init__(self):
        self.extended = False
        self.titles = ["Lantern"]
        self.isrcs = True
        self.replies = {}
        self.locked = {}
        self.calls = []
        self.on_call = lambda: None

    def __call__(self, asked):
        address = urlsplit(asked.path)
        if address.path == "/api/token":
            return Reply(body='{"access_token": "t", "token_type": "Bearer", "expires_in": 3600}')
        parts = address.path.removeprefix("/v1/").strip("/").split("/")
        bucket = parts[0] if len(parts) < 3 else f"{parts[0]}/{parts[2]}"
        query = {name: values[0] for name, values in parse_qs(address.query).items()}
        self.calls.append((bucket, query.get("q") or query.get("ids") or parts[1]))
        self.on_call()
        if bucket in self.locked:
            said = {"status": 429, "message": "x", "reason": "QUOTA_EXCEEDED"}
            return Reply(429, json.dumps({"error": said}), {"Retry-After": self.locked[bucket]})
        if address.path in self.replies:
            return self.replies[address.path]
        if bucket == "tracks" and "ids" in query:
            tracks = [self.track(self.title_of(each), each) for each in query["ids"].split(",")]
            return Reply(body=json.dumps({"tracks": tracks}))
        if bucket == "tracks":
            return Reply(body=json.dumps(self.track(self.title_of(parts[1]), parts[1])))
        if bucket.startswith("albums"):
            tracks = [self.track(title) for title in self.titles]
            for track in tracks:
                del track["external_ids"], track["album"]
            page = {"items": tracks, "total": len(tracks)}
            return Reply(body=json.dumps(page if "/" in bucket else self.album() | {"tracks": page}))
        limit, offset = int(query["limit"]), int(query["offset"])
        if limit > (50 if self.extended else 10):
            return Reply(400, json.dumps({"error": {"status": 400, "message": "Invalid limit"}}))
        if bucket == "artists/albums":
            return Reply(body=json.dumps({"items": [self.album()], "total": 1}))
        wanted = query["q"].removeprefix("track:").partition(" artist:")[0]
        titles = [title for title in self.titles if query["q"].startswith(("artist:", "album:")) or wanted in title]
        items = [self.track(title) for title in titles[offset : offset + limit]]
        return Reply(body=json.dumps({"tracks": {"items": items, "total": len(titles)}}))

    def title_of(self, spotify_id):
        return self.titles[int(spotify_id)] if int(spotify_id) < len(self.titles) else "Named"

    def track(self, title, spotify_id=None):
        number = self.titles.index(title) if title in self.titles else 999
        return {
            "id": spotify_id or f"{number:022}", "name": title, "artists": [{"name": "Ann", "id": "a" * 22}],
            "duration_ms": 200_000, "external_ids": {"isrc": f"USABC{number:07}"} if self.isrcs else {},
            "explicit": False, "track_number": 1, "album": self.album(),
        }  # fmt: skip

    def album(self):
        return {
            "id": "b" * 22, "name": "Harbour", "album_type": "album", "release_date": "2004", "total_tracks": 12,
            "artists": [{"name": "Ann", "id": "a" * 22}],
        }  # fmt: skip

    @property
    def searches(self):
        return [about for bucket, about in self.calls if bucket == "search" and about != "a"]


@contextmanager
def speaking(bench: Bench, api: Callable[[Asked], Reply]) -> Iterator[None]:
    """Who is asked for Spotify on this bench."""
    with serving(api) as server:
        bench.settings |= {"spotify_base_url": f"{server.url}/v1/", "spotify_auth_url": f"{server.url}/api/token"}
        yield
