import pytest
from scrapy.http import Request

from tests.middlewares.crawler import AOTY, crawler_with
from tests.middlewares.wire import LASTFM, LISTENBRAINZ
from timbre_spider.errors import Unusable
from timbre_spider.middlewares.own_address import OwnAddress, origin_of

pytestmark = pytest.mark.unit


def passes(url, slot, **meta):
    """A request on its way out."""
    crawler, _ = crawler_with(lastfm_base_url=LASTFM, listenbrainz_base_url=LISTENBRAINZ)
    meta |= {"download_slot": slot} if slot else {}
    OwnAddress.from_crawler(crawler).process_request(Request(url, meta=meta))


@pytest.mark.parametrize(
    ("url", "slot"),
    [
        ("http://elsewhere.example/2.0/", "lastfm"),
        ("https://lastfm.example/2.0/", "lastfm"),
        ("http://lastfm.example:81/2.0/", "lastfm"),
        ("http://www.lastfm.example/2.0/", "lastfm"),
        ("https://lb.example/1/x", "listenbrainz"),
        ("https://elsewhere.example/album/1", "aoty"),
        ("https://aoty.example:444/album/1", "aoty"),
        ("https://m.aoty.example/album/1", "aoty"),
    ],
)
def test_a_redirect_to_another_address_is_not_followed(url, slot):
    with pytest.raises(Unusable) as raised:
        passes(url, slot)
    host = url.split("/")[2].split(":")[0]
    assert str(raised.value) == (
        f"{slot} redirects to {host}, which is not its own address, and is not followed: "
        f"check {slot.upper()}_BASE_URL, or try again later."
    )


@pytest.mark.parametrize(
    ("url", "slot"),
    [
        ("http://lastfm.example:80/new/", "lastfm"),
        (f"{AOTY}/album/1-canonical.php", "aoty"),
        ("https://www.aoty.example/album/1", "aoty"),
        ("http://aoty.example/album/1", "aoty"),
        ("https://x.example/", None),
    ],
)
def test_its_own_address_is(url, slot):
    passes(url, slot)


def test_the_rules_of_a_site_are_its_own_too():
    passes(f"{AOTY}/robots.txt", "aoty.example")
    passes("https://elsewhere.example/robots.txt", "elsewhere.example")
    with pytest.raises(Unusable, match="aoty redirects to elsewhere"):
        passes("https://elsewhere.example/robots.txt", "aoty.example", redirect_urls=[f"{AOTY}/robots.txt"])
    # However many redirects lead there.
    way = [f"{AOTY}/robots.txt", "https://between.example/robots.txt"]
    with pytest.raises(Unusable, match="aoty redirects to elsewhere"):
        passes("https://elsewhere.example/robots.txt", "aoty.example", redirect_urls=way)
    passes(f"{AOTY}/robots.txt", "elsewhere.example", redirect_urls=["https://elsewhere.example/robots.txt"])


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
