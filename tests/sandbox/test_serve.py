"""Starting, counting, telling the truth, and stopping."""

import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from dotenv import dotenv_values

from tests.waiting import PATIENCE, wait_until
from timbre_sandbox import Sandbox, SandboxOptions
from timbre_sandbox.counting import Counters
from timbre_sandbox.options import SERVICES
from timbre_spider.errors import PortInUse, UsageError

from .conftest import Client

pytestmark = pytest.mark.integration


def test_truth_of_every_row(client: Client) -> None:
    truth = client.ask("control", "/truth").json
    assert len(truth["rows"]) == 600
    for row, told in zip(client.world.rows, truth["rows"], strict=True):
        assert (told["artist"], told["title"], told["playcount"]) == (row.artist, row.title, row.plays)
        song = truth["songs"][told["song"]]
        assert song["artist"] == row.song.artist.name if row.song else False
        if song["spotify_ids"]:
            assert told["spotify_id"] in song["spotify_ids"]
        else:
            assert told["spotify_id"] is None
        assert told["aoty"] is None or set(told["aoty"]) == {"path", "user_score", "rating_count"}
    assert any(told["spotify_id"] is None for told in truth["rows"])
    assert any(told["aoty"] is None for told in truth["rows"])


def test_stats(running_with: Callable[..., Any]) -> None:
    with running_with(rows=30, latency_ms=300) as client:
        begun = time.monotonic()
        threads = [threading.Thread(target=client.lastfm, args=("user.getInfo",)) for _ in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert time.monotonic() - begun >= 0.3
        client.lastfm("user.getTopTracks")
        stats = client.ask("control", "/stats").json
        assert stats["lastfm"]["user.getInfo"] == {
            "requests": 4, "repeated": 3, "most_at_once": 4, "most_in_a_minute": 4,
        }  # fmt: skip
        assert stats["lastfm"]["user.getTopTracks"]["most_at_once"] == 1
        assert stats["totals"]["lastfm"]["requests"] == 5
        asked = client.ask("control", "/asked").json
        assert [(each["service"], each["endpoint"], len(each["seconds_ago"])) for each in asked] == [
            ("lastfm", "user.getInfo", 4), ("lastfm", "user.getTopTracks", 1),
        ]  # fmt: skip
        assert "method=user.getTopTracks" in asked[1]["question"]
        (first_asked, first_answered), *_ = asked[0]["seconds_ago"]
        assert first_asked >= first_answered + 0.3
        assert first_answered >= asked[1]["seconds_ago"][0][0]
        assert client.ask("control", "/reset", "POST").status == 200
        assert client.ask("control", "/asked").json == []
        assert client.ask("control", "/stats").json == {"totals": {}}


def test_overview(client: Client) -> None:
    overview = client.ask("control", "/").json
    assert overview["rows"] == 600
    assert set(overview["services"]) == set(SERVICES)
    assert client.ask("control", "/nothing").status == 404


@pytest.mark.unit
def test_most_in_any_one_minute(monkeypatch: pytest.MonkeyPatch) -> None:
    counters = Counters()
    # Each is asked and answered at once.
    clock = iter([at for at in (0.0, 10.0, 20.0, 65.0, 66.0, 200.0) for _ in range(2)])
    # The name in that module alone: services that run in other threads go by the same clock.
    monkeypatch.setattr("timbre_sandbox.counting.time", SimpleNamespace(monotonic=lambda: next(clock)))
    for number in range(6):
        with counters.counting("lastfm", "user.getInfo", number % 5):
            pass
    assert counters.as_dict()["totals"]["lastfm"] == {
        "requests": 6, "repeated": 1, "most_at_once": 1, "most_in_a_minute": 4,
    }  # fmt: skip


def test_a_port_in_use() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        with pytest.raises(PortInUse, match=f"Port {port} is in use.*--port"):
            Sandbox(SandboxOptions(port=port, rows=10))


@pytest.mark.unit
@pytest.mark.parametrize(
    "wrong", [{"port": 65_530}, {"port": -1}, {"rows": 0}, {"latency_ms": -1}, {"listener": " "}, {"listener": "a b"}]
)
def test_options_that_cannot_be(wrong: dict[str, Any]) -> None:
    with pytest.raises(UsageError):
        SandboxOptions(**wrong)


def test_serve_writes_the_environment_when_it_listens_and_ends_on_a_signal(tmp_path: Path) -> None:
    lines = tmp_path / "env"
    program = (
        "from pathlib import Path; from timbre_sandbox import SandboxOptions, serve;"
        f"serve(SandboxOptions(port=0, rows=100, latency_ms=2000, write_env=Path({str(lines)!r})))"
    )
    process = subprocess.Popen(
        [sys.executable, "-c", program], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    )
    try:
        wait_until(lines.exists, process)
        env = {name: value or "" for name, value in dotenv_values(lines).items()}
        assert {name for name in env if name.endswith("_URL")} == {
            "LASTFM_BASE_URL", "SPOTIFY_BASE_URL", "SPOTIFY_AUTH_URL", "AOTY_BASE_URL", "LISTENBRAINZ_BASE_URL",
            "DEEZER_BASE_URL", "MUSICBRAINZ_BASE_URL", "LISTENBRAINZ_LABS_BASE_URL",
        }  # fmt: skip
        for url in (value for name, value in env.items() if name.endswith("_URL")):
            port = int(url.split(":")[2].split("/")[0])
            socket.create_connection(("127.0.0.1", port), timeout=5).close()
        waiting = socket.create_connection(("127.0.0.1", int(env["DEEZER_BASE_URL"].rsplit(":", 1)[1])), timeout=5)
        with waiting:
            waiting.sendall(b"GET /search?q=a HTTP/1.1\r\nHost: here\r\n\r\n")
            time.sleep(0.2)
            process.send_signal(signal.SIGTERM)
            said, _ = process.communicate(timeout=PATIENCE)
    finally:
        if process.poll() is None:
            process.kill()
            process.communicate()
    assert process.returncode == 0, said
    assert "lastfm" in said
    assert "Traceback" not in said
    assert [name for name in os.listdir(tmp_path) if name != "env"] == []


def test_a_seed_makes_the_world_in_every_process() -> None:
    program = (
        "import hashlib; from timbre_sandbox.world import build_world;"
        "from timbre_sandbox.truth import truth; from timbre_sandbox.weather import Weather;"
        "print(hashlib.sha1(repr(truth(build_world(300, 5), Weather())).encode()).hexdigest())"
    )
    printed = {
        subprocess.run(
            [sys.executable, "-c", program], env={"PYTHONHASHSEED": seed}, capture_output=True, text=True, check=True
        ).stdout
        for seed in ("1", "2")
    }
    assert len(printed) == 1
