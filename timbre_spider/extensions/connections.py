"""The context's lines to the outside: opened when the engine starts, closed when it has stopped."""

import asyncio
from typing import Self

from scrapy import signals
from scrapy.crawler import Crawler

from timbre_spider.extensions.context import Context
from timbre_spider.redaction import guard


class Connections:
    """Opens before any stage works; closes when the last stage has closed. The database itself is its opener's."""

    def __init__(self, crawler: Crawler) -> None:
        guard()
        self._context = Context.of(crawler)
        crawler.signals.connect(self._open, signal=signals.engine_started)
        crawler.signals.connect(self._close, signal=signals.engine_stopped)

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        return cls(crawler)

    async def _open(self) -> None:
        await self._context.writer.open()

    async def _close(self) -> None:
        if self._context.spotify:
            self._context.spotify.close()
        await self._context.reader.close()
        await self._context.spotify_calls.close()
        await self._context.writer.close()
        if self._context.under_way:
            self._context.under_way.close()
        await asyncio.gather(*(gate.aclose() for gate in self._context.gates.values()))
