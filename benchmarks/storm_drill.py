"""What a run sends against a service's word in a storm: `python -m benchmarks.storm_drill [SONGS] [WEATHER]`.

The sandbox keeps every request with its answer; what each answer asks for is read out of it here, from the services'
documentation and not by the program's own judgement. Ends with 1 if anything was sent that should have waited.
"""

import json
import subprocess
import sys
import tempfile
import time
from collections import Counter
from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from importlib import import_module
from pathlib import Path
from typing import Any

from tests.conftest import BIN, ROOT, clean_environment
from timbre_sandbox.options import SandboxOptions

# The package's function of this name hides the module.
serving = import_module("timbre_sandbox.serve")

# Seconds after an answer in which a request may have been on its way already.
UNDER_WAY = 1.0
_FOR_EVER = 1e9


@dataclass
class Heard:
    """A request to `place` (a service, or a kind of Spotify's endpoints) and what its answer asks for."""

    place: str
    came: float
    answered: float
    wait: float
    why: str


def wait_of(service: str, status: int, headers: dict[bytes, bytes], body: bytes) -> tuple[float, str]:
    """Seconds in which nobody may ask on, and why; 0 where the answer asks for nothing."""
    error = _error(body)
    match service:
        case "lastfm" if error in (10, 26):
            return _FOR_EVER, f"error {error}"
        case "lastfm" if error == 29:
            return 60, "error 29"
        case "deezer" if error == 4:
            return 5, "error 4"
        case "listenbrainz" if status == 401:
            return _FOR_EVER, "401"
        case "listenbrainz" if headers.get(b"x-ratelimit-remaining") == b"0":
            return float(headers.get(b"x-ratelimit-reset-in", b"0")), f"window used up ({status})"
        case "aoty" if (status in (403, 503) and b"cf-mitigated" in headers) or b"<title>Just a moment" in body[:2000]:
            return _FOR_EVER, "challenge"
    if status == 403 and service in ("listenbrainz", "musicbrainz", "aoty"):
        return _FOR_EVER, "403"
    named = headers.get(b"retry-after", b"").decode()
    if status not in (429, 503) or not named:
        return 0, ""
    seconds = float(named) if named.isdigit() else parsedate_to_datetime(named).timestamp() - time.time()
    return max(seconds, 0), f"{status}, Retry-After"


def _error(body: bytes) -> Any:
    try:
        answer = json.loads(body)
    except ValueError:
        return None
    error = answer.get("error") if isinstance(answer, dict) else None
    return error.get("code") if isinstance(error, dict) else error


def watched(log: list[Heard], application: Any) -> Any:
    """`application` of the sandbox, whose requests and answers are kept."""

    def make(service: Any, *rest: Any) -> Any:
        app = application(service, *rest)

        async def keeping(scope: Any, receive: Any, send: Any) -> None:
            came, told = time.monotonic(), {}

            async def noting(message: Any) -> None:
                if message["type"] == "http.response.start":
                    told["head"] = (message["status"], {name.lower(): value for name, value in message["headers"]})
                else:
                    wait, why = wait_of(service.name, *told["head"], message["body"])
                    kind = scope["path"].split("/")[2] if service.name == "spotify" else ""
                    log.append(Heard(f"{service.name} {kind}".strip(), came, time.monotonic(), wait, why))
                await send(message)

            await app(scope, receive, noting)

        return keeping if service.name != "control" else app

    return make


def against(log: list[Heard]) -> Counter[str]:
    """Requests that came while they should have waited, by place and reason."""
    sent: Counter[str] = Counter()
    for refusal in log:
        for other in log if refusal.wait else ():
            late = other.came - refusal.answered
            if other.place == refusal.place and UNDER_WAY < late < refusal.wait - 0.1:
                sent[f"{refusal.place}: {refusal.why}"] += 1
    return sent


def main() -> None:
    """Runs the crawl in a folder of its own and prints what came when it should not have."""
    songs = int(sys.argv[1]) if len(sys.argv) > 1 else 100
    weather: Any = sys.argv[2] if len(sys.argv) > 2 else "storm"
    log: list[Heard] = []
    serving.application = watched(log, serving.application)
    with (
        tempfile.TemporaryDirectory() as folder,
        serving.Sandbox(SandboxOptions(port=0, rows=songs * 4, weather=weather)) as sandbox,
    ):
        for name in ("scrapy.cfg",):
            (Path(folder) / name).write_text((ROOT / name).read_text())
        command = [str(BIN / "scrapy"), "crawl", "lastfm_top", "-a", f"max={songs}"]
        started = time.monotonic()
        status = subprocess.call(command, cwd=folder, env=clean_environment() | sandbox.environment)
        seconds = time.monotonic() - started
    refusals = Counter(f"{each.place}: {each.why}" for each in log if each.wait)
    print(f"{weather}: {songs} songs, exit {status}, {seconds:.0f} s, {len(log)} requests")
    print("asked to wait:", dict(refusals))
    sent = against(log)
    print(f"sent against it: {sent.total()} {dict(sent) or ''}")
    sys.exit(bool(sent))


if __name__ == "__main__":
    main()
