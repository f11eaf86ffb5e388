"""The wire under our download handler: what leaves is kept, what comes back a test writes down."""

from typing import Any

import pytest
from scrapy.core.downloader.handlers.http11 import HTTP11DownloadHandler
from scrapy.http import Request, Response, TextResponse

from tests.middlewares.crawler import crawler_with
from tests.sources.fake_time import run
from timbre_spider.middlewares.download import PoliteDownloadHandler
from timbre_spider.sources.gate import Gate

KEY, TOKEN = "marked-key-0123456789", "marked-token-0123456789"
LASTFM, LISTENBRAINZ = "http://lastfm.example/2.0/", "https://lb.example:8443"


class Wire:
    """Stands where Scrapy's handler sends: keeps what leaves, gives or raises `answers`, then answers 201."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.sent: list[Request] = []
        self.answers: list[Response | Exception] = []

        async def download_request(_: object, request: Request) -> Response:
            self.sent.append(request)
            request.meta["download_latency"] = 0.5
            answer = self.answers.pop(0) if self.answers else TextResponse(request.url, status=201, body=b"{}")
            if isinstance(answer, Exception):
                raise answer
            return answer

        monkeypatch.setattr(HTTP11DownloadHandler, "__init__", lambda handler, crawler: None)
        monkeypatch.setattr(HTTP11DownloadHandler, "download_request", download_request)


def handler_with(
    settings: dict[str, Any] | None = None, **config: Any
) -> tuple[PoliteDownloadHandler, dict[str, Gate]]:
    """The handler of a crawl, and the gates it asks through."""
    keys = {
        "lastfm_api_key": KEY,
        "listenbrainz_token": None,
        "lastfm_base_url": LASTFM,
        "listenbrainz_base_url": LISTENBRAINZ,
        **config,
    }
    crawler, gates = crawler_with(settings, **keys)
    return PoliteDownloadHandler(crawler), gates


def send(handler: PoliteDownloadHandler, url: str, slot: str | None = None, **meta: Any) -> tuple[Request, Response]:
    """A request through the handler, in fake time; what was asked and what came back."""
    request = Request(url, meta={**({"download_slot": slot} if slot else {}), **meta})
    return request, run(handler.download_request(request))
