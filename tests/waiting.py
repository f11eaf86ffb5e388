"""Waiting for what a process does: until it is so, however busy the machine; who waits in vain fails, and says so."""

import re
import signal
import subprocess
import time
from collections.abc import Callable
from pathlib import Path
from typing import Protocol, TypeVar

Told = TypeVar("Told")
# Seconds. Nothing here takes so long; what takes longer never comes.
PATIENCE = 120.0


class Process(Protocol):
    """A `subprocess.Popen` or a `Forked`."""

    pid: int

    def poll(self) -> int | None: ...
    def communicate(self, *, timeout: float | None = None) -> object: ...
    def send_signal(self, number: int) -> None: ...


def wait_until(
    so: Callable[[], Told], process: Process | None = None, *, every: float = 0.02, patience: float = PATIENCE
) -> Told:
    """What `so` tells once that is something. Fails where the `process` it waits for ends without."""
    over = time.monotonic() + patience
    while True:
        has_ended = process is not None and process.poll() is not None
        if told := so():
            return told
        assert not has_ended, f"it has ended: {getattr(process, 'said', process)}"
        assert time.monotonic() < over, "it never comes to be so"
        time.sleep(every)


def wait_until_it_catches(process: int, number: int) -> None:
    """Until the process has a handler of its own for the signal: the first moment it can do more than die."""

    def caught() -> bool:
        found = re.search(r"SigCgt:\s*([0-9a-f]+)", Path(f"/proc/{process}/status").read_text())
        return bool(found and int(found[1], 16) >> (number - 1) & 1)

    wait_until(caught, every=0.01)


def end(process: Process) -> None:
    """Ends a process as its user would, and, where it does not mind, for good."""
    process.send_signal(signal.SIGTERM)
    try:
        process.communicate(timeout=PATIENCE)
    except subprocess.TimeoutExpired:
        process.send_signal(signal.SIGKILL)
        process.communicate()
