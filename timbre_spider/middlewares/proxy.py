"""The operator's proxy for AOTY's pages; off until AOTY_PROXY_URL is set."""

from typing import Self

from scrapy.crawler import Crawler
from scrapy.exceptions import NotConfigured
from scrapy.http import Request
from w3lib.http import basic_auth_header
from w3lib.url import parse_url

from timbre_spider.extensions.context import Context


class ProxyMiddleware:
    """Sends AOTY's requests through the proxy. The slot stays the same, so does the pace."""

    def __init__(self, crawler: Crawler) -> None:
        url = Context.of(crawler).config.aoty_proxy_url
        if url is None:
            raise NotConfigured
        parts = parse_url(url.get_secret_value())
        self._proxy = f"{parts.scheme}://{parts.hostname}:{parts.port or 80}"
        self._authorization = basic_auth_header(parts.username, parts.password or "") if parts.username else None

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        return cls(crawler)

    def process_request(self, request: Request) -> None:
        if request.meta.get("download_slot") != "aoty":
            return
        request.meta["proxy"] = self._proxy
        if self._authorization:
            request.headers["Proxy-Authorization"] = self._authorization
