"""Retries that obey Retry-After; a long one parks the service."""

import logging
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

from scrapy import Spider
from scrapy.crawler import Crawler
from scrapy.downloadermiddlewares.retry import RetryMiddleware
from scrapy.http import Request, Response

from timbre_spider.extensions.context import Context
from timbre_spider.sources.gate import Parked

logger = logging.getLogger(__name__)

LONGEST_WAIT = timedelta(seconds=60)


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
        wait = retry_after(response) if response.status in (429, 503) else None
        gate = self._gates.get(request.meta.get("download_slot", ""))
        if wait is not None and gate is not None:
            until = datetime.now(UTC) + wait
            if wait > LONGEST_WAIT:
                gate.park(until, f"{gate.service} asks to wait until {until:%Y-%m-%d %H:%M} UTC")
                raise Parked(until, f"HTTP {response.status}")
            gate.pause(wait.total_seconds())
        return super().process_response(request, response)


def retry_after(response: Response) -> timedelta | None:
    """The wait a response asks for, in seconds or as a date (RFC 9110, 10.2.3); None where it names none."""
    value = (response.headers.get("Retry-After") or b"").decode("latin-1").strip()
    if value.isdigit():
        return timedelta(seconds=int(value))
    try:
        return max(timedelta(0), parsedate_to_datetime(value) - datetime.now(UTC))
    except (TypeError, ValueError):
        return None
