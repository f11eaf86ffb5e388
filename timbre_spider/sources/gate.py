"""Politeness of one service: everything asked of it passes its gate."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime

from timbre_spider.errors import Parked, Refused, SourceError, Stopped
from timbre_spider.sources.pace import LocalPace, Pace
from timbre_spider.sources.patience import Patience
from timbre_spider.sources.traffic import Traffic

__all__ = ["Gate", "Parked", "Refused", "Stopped"]

# Services of documented APIs have terms instead of a robots.txt.
READ_AS_PAGES = {"aoty"}


def utc_now() -> datetime:
    """The time of day, aware."""
    return datetime.now(UTC)


class Gate:
    """`async with gate:` waits for a place in flight and for its turn, in order of asking.

    Raises Parked, Stopped or what it was shut with, to those who wait too, at once. What is already in flight is left
    to end. `hold` bounds what is in flight alone, `turn` keeps the pace alone. `pauses`: how often it was paused.
    """

    def __init__(
        self,
        service: str,
        limit_per_minute: int | None = None,
        max_in_flight: int | None = None,
        *,
        pace: Pace | None = None,
        clock: Callable[[], datetime] = utc_now,
    ) -> None:
        self.service = service
        self.limit_per_minute = limit_per_minute
        self.max_in_flight = max_in_flight
        self.traffic = Traffic()
        self.patience = Patience(service)
        self.now = clock
        self._pace = pace or (LocalPace(limit_per_minute) if limit_per_minute else None)
        self._line = asyncio.Lock()
        self._turns = asyncio.Lock()
        self._bell = asyncio.Event()
        self._in_flight = 0
        self._paused_until = float("-inf")
        self.pauses = 0
        self._parked: Parked | None = None
        self._shut: SourceError | None = None
        self.most_at_once = 0

    async def __aenter__(self) -> None:
        async with self._line:
            await self._until_room()
            await self.turn()
            self._take_place()

    async def __aexit__(self, *_: object) -> None:
        self._leave_place()

    @asynccontextmanager
    async def hold(self) -> AsyncIterator[None]:
        """A place in flight, without a turn: for work whose single requests take their turns themselves."""
        async with self._line:
            await self._until_room()
            self._take_place()
        try:
            yield
        finally:
            self._leave_place()

    async def turn(self) -> int:
        """Wait for the next turn; how often the gate had been paused by then."""
        async with self._turns:
            while True:
                await self._until_unpaused()
                wait = await self._pace.take() if self._pace else 0
                if wait > 0:
                    await self._until_bell(wait)
                elif self.is_open:
                    return self.pauses

    async def rest(self, seconds: float) -> None:
        """Wait, before asking again; raises as entering does when the gate is shut meanwhile."""
        end = asyncio.get_running_loop().time() + seconds
        self.raise_if_shut()
        while (left := end - asyncio.get_running_loop().time()) > 0:
            await self._until_bell(left)
            self.raise_if_shut()

    def raise_if_shut(self) -> None:
        """Raise Stopped, Refused or Parked if the gate is shut."""
        if self._shut:
            raise type(self._shut)(*self._shut.args)
        if self._parked:
            if self._parked.until > self.now():
                raise Parked(self._parked.until, str(self._parked))
            self._parked = None

    @property
    def is_shut(self) -> bool:
        """Whether the service has refused or parked us."""
        return self.why_shut is not None

    @property
    def why_shut(self) -> str | None:
        """What was said when it was shut or parked; None while it is not, and when the run is ending."""
        if self._shut is not None and not isinstance(self._shut, Stopped):
            return str(self._shut)
        return str(self._parked) if self._parked and self._parked.until > self.now() else None

    @property
    def is_open(self) -> bool:
        """Whether a question may start now, as far as the service's word goes."""
        return not self.is_shut and self._paused_until <= asyncio.get_running_loop().time()

    @property
    def waits_for(self) -> str:
        """What questions wait for now, in words; empty where none is under way."""
        paused = self._paused_until - asyncio.get_running_loop().time()
        if paused > 0:
            return f"the end of a pause in {paused:.0f} s"
        if self._turns.locked():
            return f"a turn, of {self.limit_per_minute} a minute" if self.limit_per_minute else "a turn"
        if self._line.locked():
            return f"one of {self.max_in_flight} answers"
        return "an answer" if self._in_flight else ""

    def pause(self, seconds: float) -> None:
        """Nothing starts for so long; whoever waits goes on waiting."""
        if seconds > 0:
            self._paused_until = max(self._paused_until, asyncio.get_running_loop().time() + seconds)
            self.pauses += 1
            if self._pace:
                self._pace.hold(seconds)

    def park(self, until: datetime, reason: str) -> bool:
        """Shut until then (aware); of two times the later counts. True when the gate was open before."""
        news = self._parked is None or self._parked.until <= self.now()
        if news or (self._parked and until > self._parked.until):
            self._parked = Parked(until, reason)
            self._ring()
        return news

    def refuse(self, reason: str) -> bool:
        """Shut for the rest of the run. True when this is news."""
        return self.shut(Refused(reason))

    def shut(self, error: SourceError) -> bool:
        """Shut for the rest of the run, with the error everybody gets. True when this is news."""
        if self._shut:
            return False
        self._shut = error
        self._ring()
        return True

    def close(self) -> None:
        """Shut, because the run is ending."""
        self._shut = self._shut or Stopped(f"The run is ending: {self.service} is asked nothing more.")
        self._ring()

    def widen(self, max_in_flight: int | None) -> None:
        """Another bound on what is in flight."""
        self.max_in_flight = max_in_flight
        self._ring()

    async def aclose(self) -> None:
        """Close, and let go of connections."""
        self.close()
        if self._pace:
            await self._pace.aclose()

    async def _until_room(self) -> None:
        self.raise_if_shut()
        while self.max_in_flight is not None and self._in_flight >= self.max_in_flight:
            await self._until_bell(None)
            self.raise_if_shut()

    def _take_place(self) -> None:
        self._in_flight += 1
        self.most_at_once = max(self.most_at_once, self._in_flight)

    def _leave_place(self) -> None:
        self._in_flight -= 1
        self._ring()

    async def _until_unpaused(self) -> None:
        self.raise_if_shut()
        while (left := self._paused_until - asyncio.get_running_loop().time()) > 0:
            await self._until_bell(left)
            self.raise_if_shut()

    async def _until_bell(self, seconds: float | None) -> None:
        try:
            async with asyncio.timeout(seconds):
                await self._bell.wait()
        except TimeoutError:
            pass

    def _ring(self) -> None:
        # A new bell each time, so that all who wait hear the old one and nobody has to reset it.
        self._bell.set()
        self._bell = asyncio.Event()
