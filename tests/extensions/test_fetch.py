"""How stages ask: what each request says to the middlewares, and its place behind the gate."""

import asyncio
from types import SimpleNamespace
from typing import Any

import pytest
from scrapy import Request, Spider
from scrapy.http import Response
from scrapy.http.request import NO_CALLBACK
from scrapy.utils.test import get_crawler

from timbre_spider.extensions import context
from timbre_spider.extensions.fetch import body_of, body_to, fetch_through
from timbre_spider.sources.gate import Gate
from timbre_spider.sources.recording import Question

pytestmark = pytest.mark.unit

URL = "https://api.example/x"


class Engine:
    """Keeps the requests, and how many were in flight at each."""

    def __init__(self, gate: Gate) -> None:
        self.gate = gate
        self.asked: list[Request] = []
        self.in_flight: list[int] = []

    async def download_async(self, request: Request) -> Response:
        self.asked.append(request)
        self.in_flight.append(self.gate._in_flight)
        return Response(request.url, body=b"told")


def fetching(work: Any) -> Engine:
    """`work` with a fetch and its gate."""
    gate = Gate("deezer", max_in_flight=2)
    crawler = get_crawler(Spider)
    crawler.engine = engine = Engine(gate)  # type: ignore[assignment]
    context._of_crawlers[crawler] = SimpleNamespace(gates={"deezer": gate})  # type: ignore[assignment]
    asyncio.run(work(fetch_through(crawler), gate))
    assert gate._in_flight == 0
    return engine


OF_AN_API = {"download_slot": "deezer", "dont_obey_robotstxt": True, "autothrottle_dont_adjust_delay": True}


@pytest.mark.parametrize(
    ("how", "meta", "in_flight"),
    [
        ({}, OF_AN_API, 1),
        ({"held": True}, OF_AN_API, 0),
        ({"obey_robots": True}, {"download_slot": "deezer"}, 1),
    ],
)
def test_an_api_has_terms_and_a_page_its_site_s_rules(how: Any, meta: dict[str, Any], in_flight: int) -> None:
    async def work(fetch: Any, gate: Gate) -> None:
        assert (await fetch("deezer", URL, **how)).body == b"told"

    engine = fetching(work)
    [request] = engine.asked
    assert (request.url, request.meta, request.callback) == (URL, meta, NO_CALLBACK)
    assert engine.in_flight == [in_flight]


def test_a_question_goes_out_as_it_is() -> None:
    question = Question(URL, "POST", (("Content-Type", "application/json"),), b"[1]")

    async def work(fetch: Any, gate: Gate) -> None:
        assert await body_of(fetch, gate, URL, headers={"X": "y"}) == b"told"
        assert await body_to(fetch, gate, question) == b"told"
        assert await body_to(fetch, gate, question, held=True) == b"told"

    engine = fetching(work)
    assert [(each.method, each.body) for each in engine.asked] == [("GET", b""), ("POST", b"[1]"), ("POST", b"[1]")]
    assert [each.headers.get("X") for each in engine.asked] == [b"y", None, None]
    assert engine.asked[1].headers.get("Content-Type") == b"application/json"
    assert engine.in_flight == [1, 1, 0]
