"""The context's lines to the outside: opened when the engine starts, closed when it has stopped."""

from typing import Self

from scrapy import signals
from scrapy.crawler import Crawler

from timbre_spider.extensions.context import Context
from timbre_spider.redaction import guard


class Connections:
    """Open before any stage works, and until the last one has closed."""

    def __init__(self, crawler: Crawler) -> None:
        guard()
        self._context = Context.of(crawler)
        crawler.signals.connect(self._open, signal=signals.engine_started)
        crawler.signals.connect(self._close, signal=signals.engine_stopped)

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        return cls(crawler)

    async def _open(self) -> None:
        await self._context.open_lines()

    async def _close(self) -> None:
        await self._context.close_lines()
