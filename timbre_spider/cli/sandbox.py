"""`timbre sandbox`, and the sandbox a run without keys starts for itself."""

import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType
from typing import Annotated, NoReturn

import typer
from dotenv import dotenv_values

from timbre_spider.cli.choices import one_of
from timbre_spider.errors import RunError, UsageError

SANDBOX_PORT = 8460
SANDBOX_ROWS = 30_000
# A world of 30,000 rows takes ten seconds of CPU, of which a small or busy machine gives little.
_START_SECONDS = 300


def sandbox(
    port: Annotated[
        int, typer.Option(help="Control port; the services take those after it. 0: any free ones.")
    ] = SANDBOX_PORT,
    listener: Annotated[str, typer.Option(help="Name of the invented listener.")] = "listener",
    listeners: Annotated[
        int, typer.Option(help="So many listeners, who have half of their songs in common.", min=1)
    ] = 1,
    rows: Annotated[
        int | None, typer.Option(help="Rows of a chart; default 30,000, or each name of a catalogue once.", min=1)
    ] = None,
    seed: Annotated[int, typer.Option(help="Another seed, another world.")] = 1,
    spotify_mode: Annotated[str, typer.Option(help="development or extended.")] = "development",
    latency_ms: Annotated[int, typer.Option(help="Every answer takes at least this long.", min=0)] = 0,
    catalog: Annotated[
        Path | None, typer.Option(help="CSV of real names: artist,title,album[,spotify_id,duration_ms].")
    ] = None,
    write_env: Annotated[Path | None, typer.Option(help="Write the lines that point the pipeline here.")] = None,
    aoty_robots: Annotated[
        str, typer.Option(help="2019; 2026: search pages disallowed; or 403, 404, 500: that status instead.")
    ] = "2019",
    aoty_challenge: Annotated[bool, typer.Option(help="AOTY answers everything with a challenge.")] = False,
    spotify_quota: Annotated[int | None, typer.Option(help="Calls a bucket before a quota lock.", min=1)] = None,
    deezer_quota: Annotated[int | None, typer.Option(help="Requests Deezer answers in 5 s.", min=1)] = None,
    hostile: Annotated[bool, typer.Option(help="Rows with broken names at the chart's end.")] = False,
    weather: Annotated[str, typer.Option(help="fair, real or storm: how much goes wrong by itself.")] = "real",
    fault: Annotated[
        list[str] | None, typer.Option(help="NAME=RATE of one fault, as GET /weather names them; repeatable.")
    ] = None,
) -> None:
    """Stand in for Last.fm, Spotify, AOTY and the open sources, on this machine."""
    from timbre_sandbox import SandboxOptions, serve

    serve(
        SandboxOptions(
            port=port,
            listener=listener,
            listeners=listeners,
            rows=rows,
            seed=seed,
            spotify_mode=one_of("--spotify-mode", spotify_mode, "development", "extended"),
            latency_ms=latency_ms,
            catalog=catalog,
            write_env=write_env,
            aoty_robots=one_of("--aoty-robots", aoty_robots, "2019", "2026", "403", "404", "500"),
            aoty_challenge=aoty_challenge,
            spotify_quota=spotify_quota,
            deezer_quota=deezer_quota,
            hostile=hostile,
            weather=one_of("--weather", weather, "fair", "real", "storm"),
            faults=dict(map(_rate, fault or ())),
        )
    )


def _rate(fault: str) -> tuple[str, float]:
    name, _, rate = fault.partition("=")
    try:
        return name, float(rate)
    except ValueError:
        raise UsageError(f"--fault {fault} is no NAME=RATE; give one such as any.502=0.1.") from None


@contextmanager
def own_sandbox(rows: int) -> Iterator[None]:
    """A sandbox of this process alone, with the environment pointing at it. A signal that ends the process ends it."""
    before = signal.signal(signal.SIGTERM, _stop)  # a crawl has handlers of its own, for as long as it lasts
    try:
        with _sandbox_of(rows):
            yield
    finally:
        signal.signal(signal.SIGTERM, before)


def _stop(number: int, frame: FrameType | None) -> NoReturn:
    raise RunError("Stopped by a signal while no songs were asked for: start it again.")


@contextmanager
def _sandbox_of(rows: int) -> Iterator[None]:
    with tempfile.TemporaryDirectory(prefix="timbre-sandbox-") as folder:
        lines = Path(folder) / "env"
        process = _started(SANDBOX_PORT, rows, lines)
        if process is None:
            process = _started(0, rows, lines)
        if process is None:
            raise RunError("The sandbox did not start: run `timbre sandbox` to see why.")
        try:
            os.environ.update({name: value or "" for name, value in dotenv_values(lines).items()})
            yield
        finally:
            process.terminate()
            process.wait(10)


def _started(port: int, rows: int, lines: Path) -> "subprocess.Popen[bytes] | None":
    command = [
        sys.executable,
        "-m",
        "timbre_spider",
        "sandbox",
        f"--port={port}",
        f"--rows={rows}",
        f"--write-env={lines}",
    ]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True)
    deadline = time.monotonic() + _START_SECONDS
    try:
        while time.monotonic() < deadline and process.poll() is None:
            if lines.exists():
                return process
            time.sleep(0.05)
    except BaseException:
        process.kill()
        raise
    process.kill()
    process.wait()
    return None
