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

from timbre_spider.errors import KeyRejected, Refused, Unusable
from timbre_spider.extensions.context import Context
from timbre_spider.sources.gate import Gate
from timbre_spider.sources.judge import Meaning, judge

# Of a question that a service wants to hear again later.
MOST_TRIES = 3

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


async def body_of(fetch: Fetch, gate: Gate, url: str, **fields: Any) -> bytes:
    """An answer of the service behind `gate` that is worth reading. The service is left alone as long as it asks for,
    then asked again; one that rejects our key or refuses us is asked nothing more in this run.

    Raises what `fetch` raises; KeyRejected, Refused, Unusable for what an answer means.
    """
    for _ in range(MOST_TRIES):
        page = await fetch(gate.service, url, **fields)
        headers = {name.decode().lower(): values[-1].decode("latin-1") for name, values in page.headers.items()}
        judged = judge(gate.service, page.status, headers, page.body)
        match judged.meaning:
            case Meaning.FINE:
                return page.body
            case Meaning.WAIT:
                gate.pause(judged.seconds or 0)
            case Meaning.UNUSABLE:
                break
            case Meaning.KEY_REJECTED | Meaning.REFUSED:
                gate.refuse(judged.reason)
                raise (KeyRejected if judged.meaning is Meaning.KEY_REJECTED else Refused)(judged.reason)
    raise Unusable(f"{judged.reason}: it is asked again in the next run.", judged.seconds)
