"""On a stop signal nothing more is asked: what waits for an answer is told at once."""

import asyncio
import logging
from typing import Self

from scrapy import signals
from scrapy.crawler import Crawler

from timbre_spider.extensions.context import Context
from timbre_spider.stop_signal import stop_signal

logger = logging.getLogger(__name__)

# How soon a stop signal reaches those who wait, in seconds.
_POLL = 0.1


class Stopping:
    """Stops the engine when a signal has asked for it, and closes every gate once the engine stops running.

    A signal may come before the engine runs, when Scrapy's own handlers would end the process with nothing closed.
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
        while not self._crawler.engine.running:
            await asyncio.sleep(_POLL)
        while self._crawler.engine.running and stop_signal.name is None:
            await asyncio.sleep(_POLL)
        for gate in self._gates.values():
            gate.close()
        if self._crawler.engine.running:
            logger.info("%s: the run ends; again, and it ends at once.", stop_signal.name)
            # It waits for what is under way, this watch included.
            self._stop = asyncio.ensure_future(self._crawler.stop_async())

    def _stopped(self) -> None:
        self._watch.cancel()
