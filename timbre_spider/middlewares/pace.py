"""Every request of a service, first or repeated, waits here for its turn."""

from typing import Self

from scrapy.crawler import Crawler
from scrapy.http import Request

from timbre_spider.extensions.context import Context


class PaceMiddleware:
    """Lets a request through when the gate of its service (its `download_slot`) says so.

    The gate's exceptions (parked, refused, stopped) reach whoever asked.
    """

    def __init__(self, crawler: Crawler) -> None:
        self._gates = Context.of(crawler).gates

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        return cls(crawler)

    async def process_request(self, request: Request) -> None:
        gate = self._gates.get(request.meta.get("download_slot", ""))
        if gate is not None:
            await gate.turn()
