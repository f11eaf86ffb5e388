"""Keys at the wire: what leaves has them, what comes back and what is logged has not."""

import pytest
from scrapy import Spider
from scrapy.utils.test import get_crawler

from tests.middlewares.wire import KEY, LASTFM, LISTENBRAINZ, TOKEN, Wire, handler_with, send
from timbre_spider import redaction
from timbre_spider.middlewares.download import PoliteDownloadHandler
from timbre_spider.middlewares.key import clean

pytestmark = pytest.mark.unit


@pytest.fixture
def wire(monkeypatch):
    return Wire(monkeypatch)


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
    wire.answers = [RuntimeError(f"no way to {LASTFM}?api_key={KEY}&x=1", 7)]
    with pytest.raises(RuntimeError, match="no way to") as raised:
        send(handler_with()[0], f"{LASTFM}?method=x", "lastfm")
    assert KEY not in str(raised.value)
    assert len(raised.value.args) == 2


@pytest.mark.parametrize(
    "error",
    [
        OSError(111, f"no way to api_key={KEY}"),
        FileNotFoundError(2, "gone", f"/{KEY}", None, f"/{KEY}/2"),
        RuntimeError(KEY, 7, None),
    ],
)
def test_nor_does_one_of_the_system_s(wire, monkeypatch, error):
    monkeypatch.setattr(redaction, "_known", [])
    redaction.learn([KEY])
    kind, count = type(error), len(error.args)
    clean(error)
    assert KEY not in f"{error} {error!r} {vars(error)} {error.args}"
    assert (type(error), len(error.args)) == (kind, count)


def test_without_a_key_none_is_sent(wire):
    send(handler_with(lastfm_api_key=None)[0], LASTFM, "lastfm")
    assert wire.sent[0].url in (LASTFM, f"{LASTFM}?api_key=")


@pytest.mark.parametrize("slot", ["lastfm", "listenbrainz", None])
def test_in_a_shell_pages_are_fetched_as_for_anybody(wire, slot):
    handler = PoliteDownloadHandler(get_crawler(Spider))
    for url in (f"{LISTENBRAINZ}/1/x", f"{LISTENBRAINZ}/robots.txt"):
        assert send(handler, url, slot)[1].status == 201
    assert {(each.headers.get("Authorization"), each.url.partition("api_key=")[2]) for each in wire.sent} == {
        (None, "")
    }


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
