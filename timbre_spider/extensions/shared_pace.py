"""The pace of a service, shared by all runs and workers through their database."""

import asyncio
import logging

from timbre_spider.sources.pace import interval, jittered
from timbre_spider.storage.failure import ERRORS
from timbre_spider.storage.turns import Turns

logger = logging.getLogger(__name__)

# A database that was away is not asked again for so long, and waited for as long; in seconds.
_REST = 5.0


class SharedPace:
    """Turns by the database's clock. While it is away, this process keeps to its share of the limit, by how many shared
    it when the database was last heard of: nobody can have come since, for a run begins with the database."""

    def __init__(self, turns: Turns, service: str, limit: int) -> None:
        self._turns = turns
        self._service = service
        self._limit = limit
        self._sharers = 1
        self._telling: set[asyncio.Task[None]] = set()
        self._next = self._next_alone = self._asked_again_at = float("-inf")

    async def take(self) -> float:
        now = asyncio.get_running_loop().time()
        if now < self._next:
            return self._next - now
        if now < self._asked_again_at:
            return self._take_alone(now)
        gap = jittered(interval(self._limit))
        try:
            async with asyncio.timeout(_REST):
                wait, sharers = await self._turns.take(self._service, gap)
        except ERRORS as error:
            logger.debug("The database does not tell whose turn it is at %s: %s", self._service, error)
            now = asyncio.get_running_loop().time()
            self._asked_again_at = now + _REST
            return self._take_alone(now)
        if wait == 0:
            now = asyncio.get_running_loop().time()
            self._sharers = sharers
            # It need not be asked before: the next turn is no earlier.
            self._next = now + gap
            self._next_alone = now + self._gap_alone()
        return wait

    def hold(self, seconds: float) -> None:
        telling = asyncio.ensure_future(self._tell(seconds))
        self._telling.add(telling)
        telling.add_done_callback(self._telling.discard)

    async def aclose(self) -> None:
        await asyncio.gather(*self._telling)
        await self._turns.close()

    async def _tell(self, seconds: float) -> None:
        try:
            async with asyncio.timeout(_REST):
                await self._turns.hold(self._service, seconds)
        except ERRORS as error:
            # The others are told by the service itself.
            logger.debug("The database does not keep that %s is to wait: %s", self._service, error)

    def _take_alone(self, now: float) -> float:
        if now < self._next_alone:
            return self._next_alone - now
        self._next_alone = now + self._gap_alone()
        return 0

    def _gap_alone(self) -> float:
        return jittered(interval(max(self._limit // self._sharers, 1)))
