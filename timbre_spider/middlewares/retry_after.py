"""Retries that obey Retry-After; a long one parks the service."""

from datetime import UTC, datetime, timedelta

from scrapy import Spider
from scrapy.crawler import Crawler
from scrapy.downloadermiddlewares.retry import RetryMiddleware
from scrapy.http import Request, Response

from timbre_spider.extensions.context import Context
from timbre_spider.sources.gate import Parked
from timbre_spider.sources.retry_after import retry_after

# Seconds.
LONGEST_PAUSE = 60.0


class RetryAfterMiddleware(RetryMiddleware):
    """On 429 and 503 the whole service pauses for Retry-After; over a minute it is parked and Parked is raised."""

    def __init__(self, crawler: Crawler) -> None:
        super().__init__(crawler.settings)
        self.crawler = crawler
        self._gates = Context.of(crawler).gates

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> "RetryAfterMiddleware":
        return cls(crawler)

    def process_response(
        self, request: Request, response: Response, spider: Spider | None = None
    ) -> Request | Response:
        wait = _named_wait(response) if response.status in (429, 503) else None
        gate = self._gates.get(request.meta.get("download_slot", ""))
        if wait is not None and gate is not None:
            if wait > LONGEST_PAUSE:
                until = datetime.now(UTC) + timedelta(seconds=wait)
                gate.park(until, f"{gate.service} asks to wait until {until:%Y-%m-%d %H:%M} UTC")
                raise Parked(until, f"HTTP {response.status}")
            gate.pause(wait)
        return super().process_response(request, response)


def _named_wait(response: Response) -> float | None:
    return retry_after((response.headers.get("Retry-After") or b"").decode("latin-1"))
