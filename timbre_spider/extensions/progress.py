"""How far a run is: a bar with rate and time left on a terminal, a line now and then elsewhere."""

import asyncio
import sys
import time
from contextlib import suppress
from typing import Self

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeRemainingColumn
from rich.progress import Progress as Bar
from scrapy import signals
from scrapy.crawler import Crawler
from scrapy.exceptions import NotConfigured

from timbre_spider.extensions.context import Context

_REFRESH = 0.5
_LINE_EVERY = 10.0


class Progress:
    """Follows the songs stored of the stats' `timbre/songs_wanted`; off with PROGRESS = False."""

    def __init__(self, crawler: Crawler) -> None:
        if not crawler.settings.getbool("PROGRESS", True):
            raise NotConfigured
        self._crawler = crawler
        self._stored = Context.of(crawler).stored
        self._terminal = sys.stderr.isatty()
        crawler.signals.connect(self._opened, signal=signals.spider_opened)
        crawler.signals.connect(self._closed, signal=signals.spider_closed)

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        return cls(crawler)

    def _opened(self) -> None:
        self._task = asyncio.ensure_future(self._bar() if self._terminal else self._lines())

    async def _closed(self) -> None:
        self._task.cancel()
        with suppress(asyncio.CancelledError):
            await self._task

    async def _bar(self) -> None:
        columns = (
            TextColumn("songs"),
            BarColumn(),
            MofNCompleteColumn(),
            TextColumn("{task.fields[rate]:>6.1f}/s"),
            TimeRemainingColumn(),
        )
        with Bar(*columns, console=Console(stderr=True), transient=True) as bar:
            songs = bar.add_task("songs", total=None, rate=0.0)
            started = time.monotonic()
            while True:
                stored, wanted = self._counts()
                bar.update(
                    songs,
                    completed=stored,
                    total=wanted or None,
                    rate=stored / (time.monotonic() - started + 0.1),
                )
                await asyncio.sleep(_REFRESH)

    async def _lines(self) -> None:
        started = time.monotonic()
        while True:
            await asyncio.sleep(_LINE_EVERY)
            stored, wanted = self._counts()
            if not wanted:
                continue
            rate = stored / (time.monotonic() - started)
            left = f"{(wanted - stored) / rate:.0f} s left" if rate else "time left unknown"
            print(f"{stored:,} of {wanted:,} songs, {rate:.1f} a second, {left}", file=sys.stderr, flush=True)

    def _counts(self) -> tuple[int, int]:
        return len(self._stored), self._crawler.stats.get_value("timbre/songs_wanted", 0)
