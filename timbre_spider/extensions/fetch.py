"""How stages ask the outside: through the gate of the service and the downloader with all its middlewares."""

from contextlib import nullcontext
from typing import Any, Protocol

from scrapy.crawler import Crawler
from scrapy.exceptions import (
    CannotResolveHostError,
    DownloadConnectionRefusedError,
    DownloadFailedError,
    DownloadTimeoutError,
    ResponseDataLossError,
)
from scrapy.http import Request, Response
from scrapy.http.request import NO_CALLBACK

from timbre_spider.errors import Unusable
from timbre_spider.extensions.context import Context

_NO_ANSWER = (
    CannotResolveHostError,
    DownloadConnectionRefusedError,
    DownloadFailedError,
    DownloadTimeoutError,
    ResponseDataLossError,
    OSError,
)


class Fetch(Protocol):
    """The page at a URL of a service; any status. `fields` are the request's own: method, headers, body.

    `held`: the caller holds a place behind the gate of the service already, for several pages that are one question.
    Raises what the gate of the service raises, and Unusable when no answer came.
    """

    async def __call__(
        self, service: str, url: str, *, obey_robots: bool = False, held: bool = False, **fields: Any
    ) -> Response: ...


def fetch_through(crawler: Crawler) -> Fetch:
    """Fetching through the engine of `crawler`."""
    gates = Context.of(crawler).gates

    async def fetch(
        service: str, url: str, *, obey_robots: bool = False, held: bool = False, **fields: Any
    ) -> Response:
        meta: dict[str, Any] = {"download_slot": service}
        if not obey_robots:
            meta |= {"dont_obey_robotstxt": True, "autothrottle_dont_adjust_delay": True}
        request = Request(url, meta=meta, callback=NO_CALLBACK, **fields)
        async with nullcontext() if held else gates[service].hold():
            try:
                return await crawler.engine.download_async(request)
            except _NO_ANSWER as error:
                raise Unusable(f"{service} gave no answer ({type(error).__name__})") from None

    return fetch
