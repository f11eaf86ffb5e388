"""Spiders without an engine: their callbacks are called as the engine would."""

import asyncio
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Any, TypeVar

from scrapy.crawler import Crawler
from scrapy.http import Response
from scrapy.statscollectors import MemoryStatsCollector

from tests.pipelines.making import context_of, opened
from timbre_spider.extensions.context import Context
from timbre_spider.spiders.arguments import AskedSpider
from timbre_spider.storage.database import Database

Kind = TypeVar("Kind", bound=AskedSpider)

NO_RESPONSE = Response("data:,job")


def use(
    database: Database,
    folder: Path,
    kind: type[Kind],
    work: Callable[[Kind, Context], Any],
    *,
    arguments: Any,
    **settings: Any,
) -> Any:
    """`work` with a spider whose context is open; the engine's queue is `spider.crawler.engine.crawled`."""

    async def inside() -> Any:
        context = context_of(database, folder, **settings)
        crawler = Crawler(kind)
        crawler.stats = MemoryStatsCollector(crawler)
        crawler.engine = Engine()  # type: ignore[assignment]
        context.give_to(crawler)
        spider = kind.from_crawler(crawler, **arguments)
        async with opened(context):
            return await work(spider, context)

    return asyncio.run(inside())


class Engine:
    """Keeps what it is asked to crawl."""

    running = True

    def __init__(self) -> None:
        self.crawled: list[Any] = []

    def crawl(self, request: Any) -> None:
        self.crawled.append(request)


async def all_of(yielded: AsyncIterator[Any]) -> list[Any]:
    return [each async for each in yielded]
