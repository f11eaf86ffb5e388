"""The operator's proxy for AOTY's pages; off until AOTY_PROXY_URL is set."""

from typing import Self
from urllib.parse import urlsplit

from scrapy.crawler import Crawler
from scrapy.exceptions import NotConfigured
from scrapy.http import Request
from scrapy.utils.httpobj import urlparse_cached

from timbre_spider.extensions.context import Context


class ProxyMiddleware:
    """Sends what is asked of AOTY's host, robots.txt too, through the proxy; the slot stays the same, so does the pace.

    Scrapy's own HttpProxyMiddleware, behind this one, takes user and password out of the address.
    """

    def __init__(self, crawler: Crawler) -> None:
        config = Context.of(crawler).config
        if config.aoty_proxy_url is None:
            raise NotConfigured
        self._proxy = config.aoty_proxy_url.get_secret_value()
        self._host = urlsplit(config.aoty_base_url).netloc

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        return cls(crawler)

    def process_request(self, request: Request) -> None:
        if urlparse_cached(request).netloc == self._host:
            request.meta["proxy"] = self._proxy
