"""Which process a run belongs to, and whether that process is still there."""

import socket
from dataclasses import dataclass
from typing import Self

import psutil  # type: ignore[import-untyped]

# psutil reckons a start from the time of boot, which a corrected clock moves a little.
_SAME_START = 2.0


@dataclass(frozen=True, slots=True)
class ProcessIdentity:
    """A process for life: its number alone is given to another one some day. `started`: seconds since 1970."""

    host: str
    number: int
    started: float

    @classmethod
    def of_this_one(cls) -> Self:
        """The process that asks."""
        process = psutil.Process()
        return cls(socket.gethostname(), process.pid, process.create_time())

    @property
    def is_here(self) -> bool:
        """Whether it ran on this machine, so that its end can be known."""
        return self.host == socket.gethostname()

    @property
    def is_gone(self) -> bool:
        """Whether it has ended; to be asked only where it `is_here`."""
        try:
            process = psutil.Process(self.number)
            is_another = abs(float(process.create_time()) - self.started) > _SAME_START
            return is_another or process.status() == psutil.STATUS_ZOMBIE
        except psutil.NoSuchProcess:
            return True
