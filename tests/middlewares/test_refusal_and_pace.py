import asyncio

import pytest
from scrapy.http import Request, TextResponse

from tests.middlewares.crawler import crawler_with
from tests.sources.fake_time import run
from timbre_spider.middlewares.pace import PaceMiddleware
from timbre_spider.middlewares.refusal import RefusalMiddleware
from timbre_spider.sources.gate import Refused, Stopped

pytestmark = pytest.mark.unit


def page(slot, challenged):
    request = Request("https://aoty.example/", meta={"download_slot": slot} if slot else {})
    headers = {"cf-mitigated": "challenge"} if challenged else {}
    return request, TextResponse(request.url, status=403, headers=headers, body=b"<html></html>")


def test_a_challenge_shuts_its_service_and_is_said_once(caplog):
    crawler, gates = crawler_with()
    middleware = RefusalMiddleware.from_crawler(crawler)
    said = "aoty answers automated clients with a challenge (HTTP 403)"
    for _ in range(2):
        with pytest.raises(Refused) as refused:
            middleware.process_response(*page("aoty", challenged=True))
        assert str(refused.value) == said
    assert [record.getMessage() for record in caplog.records] == [
        f"{said}: it is asked nothing more in this run; what is known stays usable."
    ]
    with pytest.raises(Refused):
        gates["aoty"].raise_if_shut()
    gates["lastfm"].raise_if_shut()


@pytest.mark.parametrize(("slot", "challenged"), [("aoty", False), (None, True), ("elsewhere", True)])
def test_other_answers_pass(slot, challenged):
    crawler, gates = crawler_with()
    request, response = page(slot, challenged)
    assert RefusalMiddleware.from_crawler(crawler).process_response(request, response) is response
    for gate in gates.values():
        gate.raise_if_shut()


def test_each_request_of_a_service_waits_for_its_turn():
    crawler, gates = crawler_with()
    middleware = PaceMiddleware.from_crawler(crawler)

    async def work():
        gates["lastfm"].pause(2)
        gates["aoty"].pause(5)
        for slot in ("", "elsewhere"):
            await middleware.process_request(Request("https://x.example/", meta={"download_slot": slot}))
        await middleware.process_request(Request("https://x.example/"))
        assert asyncio.get_running_loop().time() == 0
        for slot, seconds in (("lastfm", 2), ("aoty", 5)):
            await middleware.process_request(Request("https://x.example/", meta={"download_slot": slot}))
            assert asyncio.get_running_loop().time() == pytest.approx(seconds)

    run(work())


def test_a_shut_gate_reaches_whoever_asked():
    crawler, gates = crawler_with()
    gates["aoty"].close()
    with pytest.raises(Stopped):
        run(
            PaceMiddleware.from_crawler(crawler).process_request(
                Request("https://x.example/", meta={"download_slot": "aoty"})
            )
        )
