"""A small sandbox in a thread, and a client that speaks plain HTTP to it."""

import http.client
import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode, urlsplit

import pytest

from timbre_sandbox import Sandbox, SandboxOptions
from timbre_sandbox.options import LASTFM_API_KEY, SPOTIFY_CLIENT_ID, SPOTIFY_CLIENT_SECRET
from timbre_sandbox.world.model import World


@dataclass(frozen=True)
class Answer:
    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        return json.loads(self.body)

    @property
    def text(self) -> str:
        return self.body.decode()


@dataclass(frozen=True)
class Client:
    """Asks the services of a running sandbox."""

    sandbox: Sandbox

    @property
    def world(self) -> World:
        return self.sandbox.world

    def ask(self, service: str, path: str, method: str = "GET", body: str | None = None, **headers: str) -> Answer:
        """Header names with underscores for hyphens."""
        connection = http.client.HTTPConnection(urlsplit(self.sandbox.url(service)).netloc, timeout=20)
        try:
            sent = {name.replace("_", "-"): value for name, value in headers.items()}
            connection.request(method, path, body.encode() if body is not None else None, sent)
            answer = connection.getresponse()
            return Answer(answer.status, {k.lower(): v for k, v in answer.getheaders()}, answer.read())
        finally:
            connection.close()

    def lastfm(self, method: str, **query: object) -> Answer:
        asked = {"method": method, "api_key": LASTFM_API_KEY, "format": "json", "user": "listener", **query}
        return self.ask("lastfm", f"/2.0/?{urlencode(asked)}")

    def token(self) -> str:
        form = {
            "grant_type": "client_credentials",
            "client_id": SPOTIFY_CLIENT_ID,
            "client_secret": SPOTIFY_CLIENT_SECRET,
        }
        token: str = self.ask("spotify_accounts", "/api/token", "POST", urlencode(form)).json["access_token"]
        return token

    def spotify(self, path: str, **query: object) -> Answer:
        address = f"/v1/{path}" + (f"?{urlencode(query)}" if query else "")
        return self.ask("spotify", address, Authorization=f"Bearer {self.token()}")

    def search(self, q: str, **query: object) -> list[dict[str, Any]]:
        """Tracks found by Spotify."""
        items: list[dict[str, Any]] = self.spotify("search", q=q, type="track", limit=10, **query).json["tracks"][
            "items"
        ]
        return items


@contextmanager
def running(**options: Any) -> Iterator[Client]:
    with Sandbox(SandboxOptions(port=0, **{"rows": 600, "seed": 7, "weather": "fair", **options})) as sandbox:
        yield Client(sandbox)


@pytest.fixture(scope="session")
def running_with() -> Callable[..., Any]:
    """A sandbox with other options than fair weather: `with running_with(spotify_quota=3) as client:`."""
    return running


@pytest.fixture(scope="session")
def client() -> Iterator[Client]:
    with running() as client:
        yield client


@pytest.fixture(scope="session")
def extended() -> Iterator[Client]:
    with running(spotify_mode="extended") as client:
        yield client
