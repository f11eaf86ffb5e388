"""The last station before the wire: counting, asking again, and the answer as it can be read."""

import gzip
import json
from datetime import UTC, datetime, timedelta

import pytest
from scrapy.core.downloader.handlers.http11 import TunnelError
from scrapy.exceptions import (
    CannotResolveHostError,
    DownloadConnectionRefusedError,
    DownloadFailedError,
    DownloadTimeoutError,
    ResponseDataLossError,
)
from scrapy.http import TextResponse
from twisted.internet.error import ConnectError, ConnectionDone, ConnectionLost, NoRouteError

from tests.middlewares.crawler import AOTY
from tests.middlewares.wire import LASTFM, Wire, handler_with, send
from timbre_spider.errors import KeyRejected, Parked, Unusable

pytestmark = pytest.mark.unit


@pytest.fixture
def wire(monkeypatch):
    return Wire(monkeypatch)


def packed(value, packing="gzip", body=None):
    headers = {"Content-Encoding": packing, "Content-Type": "application/json"}
    return TextResponse(LASTFM, headers=headers, body=body or gzip.compress(json.dumps(value).encode()))


def test_what_leaves_and_what_comes_back_is_counted(wire):
    handler, gates = handler_with()
    send(handler, f"{AOTY}/album/1", "aoty")
    wire.answers = [TextResponse(AOTY, status=500)]
    send(handler, f"{AOTY}/album/2", "aoty")
    send(handler, "https://elsewhere.example/")
    traffic = gates["aoty"].traffic
    assert (traffic.requests, traffic.retries, traffic.while_shut, traffic.against_robots) == (3, 1, 0, 0)
    assert traffic.statuses == {201: 2, 500: 1}
    assert gates["lastfm"].traffic.requests == 0


@pytest.mark.parametrize(
    ("obeys", "meta", "url", "slot", "against"),
    [
        (True, {}, AOTY, "aoty", 0),
        (True, {"dont_obey_robotstxt": True}, AOTY, "aoty", 1),
        (False, {}, AOTY, "aoty", 1),
        # The rules themselves are for all to read.
        (True, {"dont_obey_robotstxt": True}, f"{AOTY}/robots.txt", "aoty", 0),
        # A documented API has terms instead.
        (True, {"dont_obey_robotstxt": True}, LASTFM, "lastfm", 0),
    ],
)
def test_pages_asked_for_without_regard_to_robots_txt_are_counted(wire, obeys, meta, url, slot, against):
    handler, gates = handler_with({"ROBOTSTXT_OBEY": obeys})
    send(handler, url, slot, **meta)
    assert gates[slot].traffic.against_robots == against


def test_the_rules_of_a_site_are_asked_for_through_its_gate(wire):
    handler, gates = handler_with()
    send(handler, f"{AOTY}/robots.txt", "aoty.example")
    send(handler, "https://elsewhere.example/robots.txt", "elsewhere.example")
    send(handler, f"{AOTY}/album/1", "aoty.example")
    assert gates["aoty"].traffic.requests == 1


def test_nothing_leaves_for_a_service_that_shut_meanwhile(wire):
    handler, gates = handler_with()
    gates["aoty"].park(datetime.now(UTC) + timedelta(hours=1), "later")
    with pytest.raises(Parked):
        send(handler, AOTY, "aoty")
    assert (wire.sent, gates["aoty"].traffic.requests) == ([], 0)


@pytest.mark.parametrize(
    "error",
    [
        *(DownloadConnectionRefusedError(), CannotResolveHostError(), DownloadFailedError(), ConnectionLost()),
        *(NoRouteError(), TunnelError(), OSError(5, "io"), DownloadTimeoutError(), ResponseDataLossError()),
        *(ConnectError(), ConnectionDone()),
    ],
)
def test_who_gives_no_answer_is_asked_again_and_then_named(wire, error):
    wire.answers = [error]
    assert send(handler_with()[0], AOTY, "aoty")[1].status == 201
    wire.answers = [error] * 4
    handler, gates = handler_with()
    with pytest.raises(Unusable, match=rf"^aoty gives no answer \({type(error).__name__}\): it is asked again"):
        send(handler, AOTY, "aoty")
    assert (gates["aoty"].traffic.requests, len(wire.sent)) == (4, 6)


def test_an_answer_is_judged_as_it_reads_not_as_it_is_packed(wire):
    handler, _ = handler_with()
    wire.answers = [packed({"error": 26, "message": "no"})]
    with pytest.raises(KeyRejected, match="suspended"):
        send(handler, LASTFM, "lastfm")
    handler, _ = handler_with()
    wire.answers = [packed({"toptags": "é"})]
    response = send(handler, LASTFM, "lastfm")[1]
    assert (response.json(), response.headers.get("Content-Encoding")) == ({"toptags": "é"}, None)


def test_what_cannot_be_unpacked_is_asked_for_again(wire):
    wire.answers = [packed({}, "deflate", b"\xff\xff\xff"), packed({"user": 1})]
    assert send(handler_with()[0], LASTFM, "lastfm")[1].json() == {"user": 1}


def test_what_is_too_large_is_given_up(wire):
    wire.answers = [packed("x" * 10_000)]
    with pytest.raises(Unusable, match="more than can be read"):
        send(handler_with({"DOWNLOAD_MAXSIZE": 1000})[0], LASTFM, "lastfm")
