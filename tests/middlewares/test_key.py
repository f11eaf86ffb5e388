"""Keys at the wire: what leaves has them, what comes back and what is logged has not."""

import asyncio
from datetime import UTC, datetime, timedelta

import pytest
from scrapy.core.downloader.handlers.http11 import HTTP11DownloadHandler
from scrapy.http import Request, TextResponse

from tests.middlewares.crawler import AOTY, crawler_with
from timbre_spider import redaction
from timbre_spider.errors import Parked, Unusable
from timbre_spider.middlewares.download import CountingDownloadHandler
from timbre_spider.middlewares.key import origin_of

pytestmark = pytest.mark.unit

KEY, TOKEN = "marked-key-0123456789", "marked-token-0123456789"
LASTFM, LISTENBRAINZ = "http://lastfm.example/2.0/", "https://lb.example:8443"


class Wire:
    """Stands where Scrapy's handler sends: keeps what leaves, answers 201 or raises."""

    def __init__(self, monkeypatch):
        self.sent, self.error = [], None

        async def download_request(_, request):
            self.sent.append(request)
            request.meta["download_latency"] = 0.5
            if self.error:
                raise self.error
            return TextResponse(request.url, status=201, body=b"{}")

        monkeypatch.setattr(HTTP11DownloadHandler, "__init__", lambda handler, crawler: None)
        monkeypatch.setattr(HTTP11DownloadHandler, "download_request", download_request)


@pytest.fixture
def wire(monkeypatch):
    return Wire(monkeypatch)


def handler_with(settings=None, **config):
    keys = {
        "lastfm_api_key": KEY,
        "listenbrainz_token": None,
        "lastfm_base_url": LASTFM,
        "listenbrainz_base_url": LISTENBRAINZ,
        **config,
    }
    crawler, gates = crawler_with(settings, **keys)
    return CountingDownloadHandler(crawler), gates


def send(handler, url, slot=None, **meta):
    request = Request(url, meta={**({"download_slot": slot} if slot else {}), **meta})
    return request, asyncio.run(handler.download_request(request))


@pytest.mark.parametrize(
    ("url", "leaves"),
    [
        (f"{LASTFM}?method=x", f"{LASTFM}?method=x&api_key={KEY}"),
        (f"{LASTFM}?api_key=other&method=x", f"{LASTFM}?api_key={KEY}&method=x"),
    ],
)
def test_lastfm_s_key_is_in_what_leaves_and_in_nothing_else(wire, url, leaves):
    request, response = send(handler_with()[0], url, "lastfm")
    assert [each.url for each in wire.sent] == [leaves]
    assert (request.url, response.url, response.status) == (url, url, 201)
    # AutoThrottle reads it.
    assert request.meta["download_latency"] == 0.5


def test_an_error_on_the_way_says_nothing_of_the_key(wire, monkeypatch):
    monkeypatch.setattr(redaction, "_known", [])
    redaction.learn([KEY])
    wire.error = RuntimeError(f"no way to {LASTFM}?api_key={KEY}&x=1", 7)
    with pytest.raises(RuntimeError, match="no way to") as raised:
        send(handler_with()[0], f"{LASTFM}?method=x", "lastfm")
    assert KEY not in str(raised.value)
    assert len(raised.value.args) == 2


def test_without_a_key_none_is_sent(wire):
    send(handler_with(lastfm_api_key=None)[0], LASTFM, "lastfm")
    assert wire.sent[0].url in (LASTFM, f"{LASTFM}?api_key=")


@pytest.mark.parametrize(
    ("token", "slot", "header"),
    [
        (TOKEN, "listenbrainz", f"Token {TOKEN}".encode()),
        (None, "listenbrainz", None),
        (TOKEN, "aoty", None),
        (TOKEN, None, None),
    ],
)
def test_listenbrainz_s_token_is_in_the_header_that_leaves(wire, token, slot, header):
    request, response = send(handler_with(listenbrainz_token=token)[0], f"{LISTENBRAINZ}/1/x", slot)
    assert [each.headers.get("Authorization") for each in wire.sent] == [header]
    assert "Authorization" not in request.headers
    assert response.status == 201


@pytest.mark.parametrize(
    ("url", "slot"),
    [
        ("http://elsewhere.example/2.0/", "lastfm"),
        ("https://lastfm.example/2.0/", "lastfm"),
        ("http://lastfm.example:81/2.0/", "lastfm"),
        ("https://lb.example/1/x", "listenbrainz"),
    ],
)
def test_an_api_s_redirect_to_another_address_is_not_followed(wire, url, slot):
    with pytest.raises(Unusable) as raised:
        send(handler_with(listenbrainz_token=TOKEN)[0], url, slot)
    host = url.split("/")[2].split(":")[0]
    assert str(raised.value) == (
        f"{slot} redirects to {host}, which is not its own address, and is not followed: "
        f"check {slot.upper()}_BASE_URL, or try again later."
    )
    assert wire.sent == []


@pytest.mark.parametrize(
    ("url", "slot"),
    [("http://lastfm.example:80/new/", "lastfm"), ("https://elsewhere.example/", "aoty"), ("https://x.example/", None)],
)
def test_its_own_address_and_pages_are(wire, url, slot):
    send(handler_with()[0], url, slot)
    assert len(wire.sent) == 1


@pytest.mark.parametrize(
    ("url", "origin"),
    [
        ("http://a.example/x?y", ("http", "a.example", 80)),
        ("https://A.example", ("https", "a.example", 443)),
        ("https://a.example:8443/", ("https", "a.example", 8443)),
        ("data:,x", ("data", None, None)),
    ],
)
def test_an_origin(url, origin):
    assert origin_of(url) == origin


def test_what_leaves_and_what_comes_back_is_counted(wire):
    handler, gates = handler_with()
    send(handler, AOTY, "aoty")
    send(handler, AOTY, "aoty", retry_times=1)
    send(handler, AOTY)
    traffic = gates["aoty"].traffic
    assert (traffic.requests, traffic.retries, traffic.while_shut, traffic.against_robots) == (2, 1, 0, 0)
    assert traffic.statuses == {201: 2}
    assert gates["lastfm"].traffic.requests == 0


@pytest.mark.parametrize(
    ("obeys", "meta", "slot", "against"),
    [
        (True, {}, "aoty", 0),
        (True, {"dont_obey_robotstxt": True}, "aoty", 1),
        (False, {}, "aoty", 1),
        # A documented API has terms instead.
        (True, {"dont_obey_robotstxt": True}, "lastfm", 0),
    ],
)
def test_pages_asked_for_without_regard_to_robots_txt_are_counted(wire, obeys, meta, slot, against):
    handler, gates = handler_with({"ROBOTSTXT_OBEY": obeys})
    send(handler, LASTFM if slot == "lastfm" else AOTY, slot, **meta)
    assert gates[slot].traffic.against_robots == against


def test_nothing_leaves_for_a_service_that_shut_meanwhile(wire):
    handler, gates = handler_with()
    gates["aoty"].park(datetime.now(UTC) + timedelta(hours=1), "later")
    with pytest.raises(Parked):
        send(handler, AOTY, "aoty")
    assert (wire.sent, gates["aoty"].traffic.requests) == ([], 0)
