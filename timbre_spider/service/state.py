"""What the service works with, built once: configuration, database, run processes, counts."""

import threading
import time
from collections.abc import Callable, Hashable
from datetime import UTC, datetime
from typing import Annotated, Generic, TypeVar

from fastapi import Depends, Request

from timbre_spider.config import Config
from timbre_spider.service.processes import RunProcesses
from timbre_spider.storage.counts import counts
from timbre_spider.storage.database import Database

T = TypeVar("T")
# Counting a million songs takes a second: what took long is told again for so many times as long.
_WORTH = 20.0
_LEAST_SECONDS = 1.0
# Who asks waits for as long without minding.
_AT_ONCE = 0.5


class Remembered(Generic[T]):
    """A value that is made again when it is older than its making is worth, `worth` times as long as that took, and
    what `made_of` tells has changed, where that can be told; `told_at` says when it was so."""

    def __init__(
        self,
        make: Callable[[], T],
        clock: Callable[[], float] = time.monotonic,
        *,
        worth: float = _WORTH,
        made_of: Callable[[], Hashable] | None = None,
    ) -> None:
        self._make = make
        self._worth = worth
        self._made_of = made_of
        self._seen: Hashable = None
        self._clock = clock
        self._turn = threading.Lock()
        self._value: T | None = None
        self._good_until = 0.0
        self.told_at = datetime.min.replace(tzinfo=UTC)

    def get(self) -> T:
        """The value; raises what its making raises. Of several who ask at once one makes it."""
        with self._turn:
            return self._good()

    def get_soon(self, patience: float = _AT_ONCE) -> T | None:
        """As `get`; but who would wait more than `patience` seconds for another to make it is given the one of before,
        None where there is none."""
        if not self._turn.acquire(timeout=patience):
            return self._value
        try:
            return self._good()
        finally:
            self._turn.release()

    def prepare(self) -> None:
        """Make it before anybody asks, and keep it where they would have to wait; raises what its making raises."""
        with self._turn:
            if self._renew() <= _AT_ONCE:
                self._value = None

    def _good(self) -> T:
        if self._value is None or self._clock() >= self._good_until:
            self._renew()
        assert self._value is not None
        return self._value

    def _renew(self) -> float:
        """Makes it, unless what it is made of is the same; the seconds that took."""
        started = self._clock()
        seen = self._made_of and self._made_of()  # before, so that what changes meanwhile is seen the next time
        if self._value is None or seen is None or seen != self._seen:
            self._value, self._seen = self._make(), seen
        took = self._clock() - started
        self._good_until = self._clock() + max(_LEAST_SECONDS, self._worth * took)
        self.told_at = datetime.now(UTC)
        return took

    def forget(self) -> None:
        """Something has changed: it is made anew for who asks next."""
        with self._turn:
            self._value = None


class Service:
    """`database` is open and migrated, and stays open as long as the service."""

    def __init__(self, config: Config, database: Database) -> None:
        config.data_dir.mkdir(parents=True, exist_ok=True)
        self.config = config
        self.database = database
        self.runs = RunProcesses(config)
        self.counts = Remembered(lambda: counts(database))
        self.started_at = datetime.now(UTC)
        self.stopped = False

    def stop(self) -> None:
        """Whatever asks the database is cancelled: it may take longer than anybody waits."""
        self.stopped = True
        self.database.hang_up()


def _service(request: Request) -> Service:
    service: Service = request.app.state.service
    return service


# What a route asks for to get at all this.
Here = Annotated[Service, Depends(_service)]
