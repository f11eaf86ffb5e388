from base64 import b64decode

import pytest
from scrapy.downloadermiddlewares.httpproxy import HttpProxyMiddleware
from scrapy.exceptions import NotConfigured
from scrapy.http import Request
from scrapy.utils.test import get_crawler

from tests.middlewares.crawler import AOTY, crawler_with
from timbre_spider.middlewares.proxy import ProxyMiddleware

pytestmark = pytest.mark.unit


def sent(url, proxy, **meta):
    """A request as it reaches the wire, past Scrapy's own middleware."""
    crawler, _ = crawler_with(aoty_proxy_url=proxy)
    request = Request(url, meta=meta)
    ProxyMiddleware.from_crawler(crawler).process_request(request)
    HttpProxyMiddleware.from_crawler(get_crawler()).process_request(request)
    return request


@pytest.mark.parametrize(
    ("proxy", "address", "login"),
    [
        ("http://proxy.example:3128", "http://proxy.example:3128", None),
        ("http://me:p%40ss%3Aw%2Ford@proxy.example:3128", "http://proxy.example:3128", b"me:p@ss:w/ord"),
        ("http://m%40e:@proxy.example:81", "http://proxy.example:81", b"m@e:"),
    ],
)
def test_aoty_goes_through_the_proxy_with_the_password_as_it_is(proxy, address, login):
    request = sent(f"{AOTY}/album/1", proxy, download_slot="aoty")
    assert request.meta["proxy"] == address
    assert request.meta["download_slot"] == "aoty"
    header = request.headers.get("Proxy-Authorization")
    assert (b64decode(header.split()[1]) if header else None) == login


def test_robots_txt_of_aoty_goes_through_the_proxy_too():
    assert sent(f"{AOTY}/robots.txt", "http://proxy.example:3128").meta["proxy"] == "http://proxy.example:3128"


@pytest.mark.parametrize("url", ["https://ws.example/2.0/", "https://aoty.example.other/", "https://aoty.example:444/"])
def test_nobody_else_does(url):
    assert not sent(url, "http://proxy.example:3128", download_slot="lastfm").meta.get("proxy")


def test_without_an_address_there_is_none():
    with pytest.raises(NotConfigured):
        ProxyMiddleware.from_crawler(crawler_with()[0])
