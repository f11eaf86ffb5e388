import asyncio
from datetime import UTC, datetime, timedelta

import pytest
from scrapy.http import Request, Response

from tests.middlewares.crawler import crawler_with
from tests.sources.fake_time import run
from timbre_spider.middlewares.retry_after import RetryAfterMiddleware
from timbre_spider.sources.gate import Parked

pytestmark = pytest.mark.unit


def answered(status, after=None, slot="aoty", then=None):
    """What becomes of an answer, and how long the gates make the next question of each service wait."""
    crawler, gates = crawler_with()
    middleware = RetryAfterMiddleware.from_crawler(crawler)
    request = Request("https://aoty.example/album/1", meta={"download_slot": slot} if slot else {})
    response = Response(request.url, status=status, headers={} if after is None else {"Retry-After": after})

    async def work():
        outcome = middleware.process_response(request, response)
        waits = {}
        for service, gate in gates.items():
            started = asyncio.get_running_loop().time()
            await gate.turn()
            waits[service] = asyncio.get_running_loop().time() - started
        return outcome, response, waits

    return run(work())


@pytest.mark.parametrize(
    ("status", "after", "slot", "wait"),
    [
        (429, "6", "aoty", 6),
        (503, "6", "aoty", 6),
        (429, "60", "aoty", 60),
        (429, "0", "aoty", 0),
        (429, None, "aoty", 0),
        (429, "²", "aoty", 0),
        (429, "soon", "aoty", 0),
        # Other statuses are retried, but name no pause.
        (500, "6", "aoty", 0),
        # Nobody's gate.
        (429, "6", None, 0),
    ],
)
def test_the_whole_service_pauses_and_the_request_is_asked_again(status, after, slot, wait):
    outcome, _, waits = answered(status, after, slot)
    assert isinstance(outcome, Request)
    assert outcome.meta["retry_times"] == 1
    assert waits == {"aoty": pytest.approx(wait), "lastfm": 0}


@pytest.mark.parametrize("status", [200, 304, 403, 404])
def test_other_answers_go_on_as_they_are(status):
    outcome, response, waits = answered(status, "6")
    assert outcome is response
    assert waits == {"aoty": 0, "lastfm": 0}


@pytest.mark.parametrize(
    ("after", "seconds"), [("61", 61), ("80000", 80_000), ("99999999999999", 48 * 3600), ("172801", 48 * 3600)]
)
def test_a_long_wait_parks_the_service(after, seconds):
    crawler, gates = crawler_with()
    middleware = RetryAfterMiddleware.from_crawler(crawler)
    request = Request("https://aoty.example/", meta={"download_slot": "aoty"})
    expected = datetime.now(UTC) + timedelta(seconds=seconds)
    with pytest.raises(Parked, match="HTTP 429") as parked:
        middleware.process_response(request, Response(request.url, status=429, headers={"Retry-After": after}))
    assert abs(parked.value.until - expected) < timedelta(seconds=30)
    with pytest.raises(Parked, match="aoty asks to wait until 20") as locked:
        gates["aoty"].raise_if_shut()
    assert locked.value.until == parked.value.until
    gates["lastfm"].raise_if_shut()
