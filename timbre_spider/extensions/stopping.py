"""On a stop signal nothing more is asked: what waits for an answer is told at once."""

import asyncio
from typing import Self

from scrapy import signals
from scrapy.crawler import Crawler

from timbre_spider.extensions.context import Context

# How soon a stop signal reaches those who wait, in seconds.
_POLL = 0.1


class Stopping:
    """Closes every gate once the engine stops running.

    The engine has no signal for "stop asked for"; `spider_closed` comes only when all is drained.
    """

    def __init__(self, crawler: Crawler) -> None:
        self._crawler = crawler
        self._gates = Context.of(crawler).gates
        crawler.signals.connect(self._started, signal=signals.engine_started)
        crawler.signals.connect(self._stopped, signal=signals.engine_stopped)

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        return cls(crawler)

    def _started(self) -> None:
        self._watch = asyncio.ensure_future(self._watch_engine())

    async def _watch_engine(self) -> None:
        # Told of the start, it is not running yet.
        await asyncio.sleep(_POLL)
        while self._crawler.engine.running:
            await asyncio.sleep(_POLL)
        for gate in self._gates.values():
            gate.close()

    def _stopped(self) -> None:
        self._watch.cancel()
