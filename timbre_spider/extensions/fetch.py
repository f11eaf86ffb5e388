"""How stages ask the outside: through the gate of the service and the downloader with all its middlewares."""

from contextlib import nullcontext
from typing import Any, Protocol

from scrapy.crawler import Crawler
from scrapy.http import Request, Response
from scrapy.http.request import NO_CALLBACK

from timbre_spider.extensions.context import Context
from timbre_spider.sources.gate import Gate
from timbre_spider.sources.recording import Question


class Fetch(Protocol):
    """An answer worth reading, to a question at a URL of a service.

    `fields` are the request's own: method, headers, body.
    `held`: the caller holds a place behind the gate of the service already, for several pages that are one question.
    Raises what `sources.asking.ask` raises, for every service alike.
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
            return await crawler.engine.download_async(request)

    return fetch


async def body_of(fetch: Fetch, gate: Gate, url: str, **fields: Any) -> bytes:
    """The body of an answer of the service behind `gate`."""
    return (await fetch(gate.service, url, **fields)).body


async def body_to(fetch: Fetch, gate: Gate, question: Question, *, held: bool = False) -> bytes:
    """The body of the answer to a question of the service behind `gate`."""
    fields = {"method": question.method, "headers": dict(question.headers), "body": question.body}
    return await body_of(fetch, gate, question.url, held=held, **fields)
