from base64 import b64decode

import pytest
from scrapy.exceptions import DownloadConnectionRefusedError, DownloadTimeoutError
from scrapy.http import Request, TextResponse

from tests.middlewares.crawler import AOTY
from tests.middlewares.wire import LASTFM, Wire, handler_with, send
from timbre_spider.errors import Refused, Unusable
from timbre_spider.middlewares.proxy import Proxies

pytestmark = pytest.mark.unit

ONE, TWO = "http://me:p%40ss%3Aw%2Ford@one.example:3128", "http://two.example:81"
BOTH = f"{ONE} {TWO}"


@pytest.fixture
def wire(monkeypatch):
    return Wire(monkeypatch)


def login(request):
    header = request.headers.get("Proxy-Authorization")
    return b64decode(header.split()[1]) if header else None


def ways(wire):
    return [request.meta.get("proxy") for request in wire.sent]


@pytest.mark.parametrize(
    ("proxy", "address", "sent"),
    [
        ("http://proxy.example:3128", "http://proxy.example:3128", None),
        (ONE, "http://one.example:3128", b"me:p@ss:w/ord"),
        ("http://m%40e:@proxy.example:81/", "http://proxy.example:81", b"m@e:"),
        ("http://me@[::1]:81", "http://[::1]:81", b"me:"),
    ],
)
def test_the_login_is_in_what_leaves_and_in_nothing_else(wire, proxy, address, sent):
    request, response = send(handler_with(aoty_proxy_url=proxy)[0], f"{AOTY}/album/1", "aoty")
    assert [(each.meta["proxy"], login(each)) for each in wire.sent] == [(address, sent)]
    assert [each.meta["download_slot"] for each in wire.sent] == ["aoty"]
    assert (request.meta.get("proxy"), login(request), response.status) == (None, None, 201)
    # AutoThrottle reads it.
    assert request.meta["download_latency"] == 0.5


def test_requests_take_turns_robots_txt_among_them_and_nobody_else_goes_there(wire):
    handler, _ = handler_with(aoty_proxy_url=BOTH)
    send(handler, f"{AOTY}/robots.txt", "aoty.example")
    for number in range(3):
        send(handler, f"{AOTY}/album/{number}", "aoty")
    assert ways(wire) == ["http://one.example:3128", "http://two.example:81"] * 2
    wire.sent.clear()
    send(handler, LASTFM, "lastfm")
    send(handler, "https://elsewhere.example/")
    assert ways(wire) == [None, None]


@pytest.mark.parametrize("failure", [DownloadConnectionRefusedError(), DownloadTimeoutError(), 407])
def test_a_dead_one_is_rested_and_the_same_question_goes_by_another(wire, caplog, failure):
    handler, gates = handler_with(aoty_proxy_url=BOTH)
    wire.answers = [TextResponse(AOTY, status=failure) if isinstance(failure, int) else failure]
    assert send(handler, AOTY, "aoty")[1].status == 201
    send(handler, AOTY, "aoty")
    assert ways(wire) == ["http://one.example:3128", "http://two.example:81", "http://two.example:81"]
    assert gates["aoty"].traffic.requests == 3
    assert "AOTY's proxy 1 of 2 (one.example:3128) brings no answer" in caplog.text
    assert "p%40ss" not in caplog.text
    assert "p@ss" not in caplog.text


def test_one_that_works_again_is_as_if_it_had_never_failed(wire):
    handler, _ = handler_with(aoty_proxy_url=ONE)
    wire.answers = [DownloadTimeoutError(), DownloadTimeoutError()]
    assert send(handler, AOTY, "aoty")[1].status == 201
    assert ways(wire) == ["http://one.example:3128"] * 3
    proxy = handler._proxies.next()
    handler._proxies.failed(proxy, "x")
    assert proxy.failures == 1


def test_with_all_of_them_dead_nothing_goes_without(wire):
    handler, _ = handler_with(aoty_proxy_url=BOTH)
    wire.answers = [DownloadConnectionRefusedError() for _ in range(4)]
    with pytest.raises(Unusable, match="aoty gives no answer"):
        send(handler, AOTY, "aoty")
    assert None not in ways(wire)


def test_a_challenge_by_one_is_a_refusal_by_all(wire):
    handler, _ = handler_with(aoty_proxy_url=BOTH)
    wire.answers = [TextResponse(AOTY, status=403, headers={"cf-mitigated": "challenge"})]
    for _ in range(3):
        with pytest.raises(Refused):
            send(handler, AOTY, "aoty")
    assert len(wire.sent) == 1


def test_rests_grow_while_it_fails_and_end_when_it_works():
    now = [0.0]
    proxies = Proxies([ONE, TWO], clock=lambda: now[0])
    one = proxies.next()
    proxies.failed(one, "x")
    assert one.rests_until == 30
    now[0] = 30
    two = proxies.next()
    assert {id(proxies.next()), id(proxies.next())} == {id(one), id(two)}
    for rest in (60, 120, 240, 480, 960, 1800, 1800):
        proxies.failed(one, "x")
        assert one.rests_until - now[0] == rest
    proxies.failed(two, "x")
    assert proxies.next() is two
    proxies.worked(one)
    assert proxies.next() is one
    proxies.failed(one, "x")
    assert one.rests_until - now[0] == 30


def test_each_is_taken_in_its_turn_and_one_that_rests_is_passed_over():
    proxies = Proxies([f"http://{name}.example:81" for name in "abc"])
    turns = [proxies.next().address[7] for _ in range(4)]
    assert turns == ["a", "b", "c", "a"]
    proxies.failed(proxies.next(), "x")
    assert [proxies.next().address[7] for _ in range(4)] == ["c", "a", "c", "a"]


def test_a_login_that_a_request_brings_along_goes_to_no_proxy():
    asked = Request(AOTY, headers={"Proxy-Authorization": "Basic c2VjcmV0"})
    assert "Proxy-Authorization" not in Proxies(["http://one.example:3128"]).next().carrying(asked).headers
    assert asked.headers["Proxy-Authorization"] == b"Basic c2VjcmV0"
