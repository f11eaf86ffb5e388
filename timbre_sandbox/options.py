"""What the sandbox is asked to be, and the made-up keys of its services."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from timbre_spider.errors import UsageError

from .faults import LIMITS

LASTFM_API_KEY = "5a4db0c0ffee5a4db0c0ffee5a4db0c0"
SPOTIFY_CLIENT_ID = "sandboxclient0000000000000000001"
SPOTIFY_CLIENT_SECRET = "sandboxsecret0000000000000000001"
LISTENBRAINZ_TOKEN = "5a4db0c0-0000-4000-8000-000000000001"
CONTACT = "listener@sandbox.internal"
PRIVATE_USER = "private"
HOST = "127.0.0.1"
SERVICES = ("control", "lastfm", "spotify", "spotify_accounts", "aoty", "listenbrainz", "deezer", "musicbrainz", "labs")


@dataclass(frozen=True, slots=True)
class SandboxOptions:
    """`port` 0 picks free ports; `rows` None is 30,000, or a catalogue's songs once each. Of several
    `listeners`, named as the first with a number, each has about so many rows, and half of the songs in common.

    `aoty_robots` "2026" forbids /search, /user, /tag and ?sort= as second-hand reports say of today's file; a status is
    answered in its place.
    `faults` and `limits` differ from the weather's own (see `faults.py`).
    `spotify_quota`: calls each kind of endpoint answers in 24 h; `deezer_quota`: requests in 5 s. None: the weather's.
    """

    port: int = 8460
    listener: str = "listener"
    listeners: int = 1
    rows: int | None = None
    seed: int = 1
    spotify_mode: Literal["development", "extended"] = "development"
    latency_ms: int = 0
    catalog: Path | None = None
    write_env: Path | None = None
    aoty_robots: Literal["2019", "2026", "403", "404", "500"] = "2019"
    aoty_challenge: bool = False
    spotify_quota: int | None = None
    deezer_quota: int | None = None
    hostile: bool = False
    weather: Literal["fair", "real", "storm"] = "real"
    faults: Mapping[str, float] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if not 0 <= self.port <= 65_535 - len(SERVICES) + 1:
            raise UsageError(
                f"--port {self.port} leaves no room for {len(SERVICES)} ports; pick one below 65,528, or 0."
            )
        if not 1 <= self.listeners <= 100:
            raise UsageError(f"--listeners {self.listeners} is not possible; give 1 to 100.")
        if self.rows is not None and self.rows < 1:
            raise UsageError(f"--rows {self.rows} is no chart; give 1 or more.")
        if self.latency_ms < 0:
            raise UsageError(f"--latency-ms {self.latency_ms} is not possible; give 0 or more.")
        if not self.listener.strip() or any(sign.isspace() for sign in self.listener):
            raise UsageError("--listener must be a name without spaces.")

    @property
    def limits(self) -> dict[str, int]:
        """The limits asked for, in place of the weather's."""
        own = {name: self.spotify_quota for name in LIMITS if name.startswith("spotify.")} | {
            "deezer.5s": self.deezer_quota
        }
        return {name: most for name, most in own.items() if most is not None}


def environment(port: int, listener: str) -> dict[str, str]:
    """The variables that point the pipeline to the sandbox whose control port is `port`."""
    base = {name: f"http://{HOST}:{port + place}" for place, name in enumerate(SERVICES)}
    return {
        "LASTFM_BASE_URL": f"{base['lastfm']}/2.0/",
        "SPOTIFY_BASE_URL": f"{base['spotify']}/v1/",
        "SPOTIFY_AUTH_URL": f"{base['spotify_accounts']}/api/token",
        "AOTY_BASE_URL": base["aoty"],
        "LISTENBRAINZ_BASE_URL": base["listenbrainz"],
        "DEEZER_BASE_URL": base["deezer"],
        "MUSICBRAINZ_BASE_URL": f"{base['musicbrainz']}/ws/2",
        "LISTENBRAINZ_LABS_BASE_URL": base["labs"],
        "USER_AGENT_CONTACT": CONTACT,
        "LASTFM_API_KEY": LASTFM_API_KEY,
        "LASTFM_USERNAME": listener,
        "SPOTIFY_CLIENT_ID": SPOTIFY_CLIENT_ID,
        "SPOTIFY_CLIENT_SECRET": SPOTIFY_CLIENT_SECRET,
        "LISTENBRAINZ_TOKEN": LISTENBRAINZ_TOKEN,
    }
