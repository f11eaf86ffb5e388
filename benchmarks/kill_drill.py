"""A crawl and its database server killed together, half way, then started again: which requests are asked twice?"""

import json
import os
import signal
import subprocess
import sys
import time
import urllib.request
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psutil
from dotenv import dotenv_values

TIMBRE = [sys.executable, "-m", "timbre_spider"]


@dataclass(frozen=True)
class Again:
    """How many seconds before a kill the questions were asked first that were asked again after it, by service and
    endpoint: those whose answer was still `under_way`, and those whose answer was `received`."""

    under_way: defaultdict[str, list[float]] = field(default_factory=lambda: defaultdict(list))
    received: defaultdict[str, list[float]] = field(default_factory=lambda: defaultdict(list))

    def __len__(self) -> int:
        return sum(map(len, (*self.under_way.values(), *self.received.values())))


@dataclass(frozen=True)
class World:
    """A running sandbox: the environment that points a crawl at it, and its control port."""

    env: dict[str, str]
    control: str

    def requests(self, kind: str = "requests") -> dict[str, int]:
        """Requests each service has answered since they were last forgotten; "repeated": those asked before."""
        return {service: count[kind] for service, count in self._get("/stats")["totals"].items()}

    def asked_again(self, killed_at: float) -> "Again":
        """What was asked more than once, where the first time was before the kill (a time of `time.monotonic`)."""
        now, again = time.monotonic(), Again()
        for each in self._get("/asked"):
            (asked, *answered), *later = each["seconds_ago"]
            if not later or asked < now - killed_at:
                continue
            before = round(asked - (now - killed_at), 2)
            received = bool(answered) and answered[0] > now - killed_at
            (again.received if received else again.under_way)[f"{each['service']} {each['endpoint']}"].append(before)
        return again

    def _get(self, path: str) -> Any:
        with urllib.request.urlopen(self.control + path, timeout=30) as answer:
            return json.load(answer)

    def forget(self) -> None:
        """Counts begin anew."""
        urllib.request.urlopen(f"{self.control}/reset", data=b"", timeout=30).close()


@dataclass(frozen=True)
class Trial:
    """Requests a service: of an undisturbed run, and of a killed run with the run after it; what was asked `again`."""

    calm: dict[str, int]
    killed: dict[str, int]
    again: Again

    @property
    def repeated(self) -> float:
        """Share of the undisturbed run's requests that were asked once more."""
        return sum(self.killed.values()) / sum(self.calm.values()) - 1

    @property
    def by_service(self) -> dict[str, int]:
        """Requests asked once more, of the services where there are some."""
        more = {service: self.killed.get(service, 0) - count for service, count in self.calm.items()}
        return {service: count for service, count in more.items() if count}


@contextmanager
def world(folder: Path, rows: int, weather: str = "real", *more: str) -> Iterator[World]:
    """A sandbox in a process of its own, told `more`."""
    lines = folder / "sandbox.env"
    command = [*TIMBRE, "sandbox", "--port=0", f"--rows={rows}", f"--write-env={lines}", f"--weather={weather}", *more]
    with subprocess.Popen(command, cwd=folder, stdout=subprocess.DEVNULL) as sandbox:
        try:
            while not lines.exists():
                time.sleep(0.05)
                if sandbox.poll() is not None:
                    raise RuntimeError("the sandbox did not start")
            env = {name: value or "" for name, value in dotenv_values(lines).items()}
            control = int(env["LASTFM_BASE_URL"].split(":")[2].split("/")[0]) - 1
            yield World(env, f"http://127.0.0.1:{control}")
        finally:
            sandbox.terminate()


def calm_run(there: World, folder: Path, songs: int) -> dict[str, int]:
    """Requests of a run nobody disturbs."""
    there.forget()
    finish(crawl(there, folder, songs))
    return there.requests()


def killed_run(there: World, folder: Path, songs: int, calm: dict[str, int]) -> Trial:
    """A run that dies, with its server, once it has asked half of what the `calm` one has, and the run after it."""
    there.forget()
    process = crawl(there, folder, songs)
    while sum(there.requests().values()) < sum(calm.values()) // 2:
        if process.poll() is not None:
            raise RuntimeError("the run ended before it could be killed")
        time.sleep(0.02)
    server = int((folder / "data" / "postgres" / "postmaster.pid").read_text().splitlines()[0])
    kill([process.pid, server])
    killed_at = time.monotonic()
    process.wait()
    finish(crawl(there, folder, songs))
    return Trial(calm, there.requests(), there.asked_again(killed_at))


def crawl(there: World, folder: Path, songs: int) -> "subprocess.Popen[bytes]":
    """A run in `folder`, with an embedded server of its own."""
    folder.mkdir(exist_ok=True)
    places = {name: str(folder / name.split("_")[0].lower()) for name in ("DATA_DIR", "LOGS_DIR", "EXPORTS_DIR")}
    places["SCRAPY_SETTINGS_MODULE"] = "timbre_spider.settings"
    return subprocess.Popen(
        [*TIMBRE, "run", f"--max-songs={songs}"],
        cwd=folder,
        env=os.environ | there.env | places,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )


def finish(process: "subprocess.Popen[bytes]") -> None:
    """Wait for a run's good end."""
    if process.wait():
        raise RuntimeError(f"a run ended with status {process.returncode}: look into its log")


def kill(pids: list[int]) -> None:
    """SIGKILL for all of them and their children, as nearly together as can be."""
    processes = [each for pid in pids for each in (psutil.Process(pid), *psutil.Process(pid).children(recursive=True))]
    for process in processes:
        with suppress(psutil.NoSuchProcess):
            process.send_signal(signal.SIGKILL)


def drill(folder: Path, *, rows: int, songs: int, trials: int, weather: str = "real") -> Iterator[Trial]:
    """So many trials, each killed half way, against one undisturbed run."""
    with world(folder, rows, weather) as there:
        calm = calm_run(there, folder / "calm", songs)
        for number in range(trials):
            yield killed_run(there, folder / f"killed {number}", songs, calm)
