"""What is asked of a service is asked at its own address, wherever an answer may lead."""

from typing import Self
from urllib.parse import urlsplit

from scrapy.crawler import Crawler
from scrapy.http import Request

from timbre_spider.config import SERVICES
from timbre_spider.errors import Unusable
from timbre_spider.extensions.context import Context
from timbre_spider.sources.gate import READ_AS_PAGES

_PORTS = {"http": 80, "https": 443}


class OwnAddress:
    """A request that a redirect led to another address than its service's raises Unusable, before anything of it goes
    out: what answers there gets no key, is not reached by the service's pace and proxies, and is not believed.

    A site of pages may move between http and https, and between its name with "www." and without.
    """

    def __init__(self, crawler: Crawler) -> None:
        config = Context.of(crawler).config
        self._homes = {service: getattr(config, f"{service}_base_url") for service in SERVICES}

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        return cls(crawler)

    def process_request(self, request: Request) -> None:
        service = self._asked_of(request)
        same = is_site_of if service in READ_AS_PAGES else is_origin_of
        if service and not same(request.url, self._homes[service]):
            raise Unusable(
                f"{service} redirects to {urlsplit(request.url).hostname}, which is not its own address, and is not "
                f"followed: check {service.upper()}_BASE_URL, or try again later."
            )

    def _asked_of(self, request: Request) -> str:
        """By its slot; a request for a site's rules has none, but began there."""
        slot = request.meta.get("download_slot", "")
        if slot in self._homes:
            return str(slot)
        first = request.meta.get("redirect_urls", [request.url])[0]
        return next((each for each in READ_AS_PAGES if is_site_of(first, self._homes[each])), "")


def is_origin_of(url: str, home: str) -> bool:
    """Whether scheme, host and port are the same."""
    return origin_of(url) == origin_of(home)


def is_site_of(url: str, home: str) -> bool:
    """Whether both are of one site."""
    return _site_of(url) == _site_of(home)


def origin_of(url: str) -> tuple[str, str | None, int | None]:
    """Scheme, host and port of a URL (RFC 6454)."""
    parts = urlsplit(url)
    return parts.scheme, parts.hostname, parts.port or _PORTS.get(parts.scheme)


def _site_of(url: str) -> tuple[str, int | None]:
    scheme, host, port = origin_of(url)
    return (host or "").removeprefix("www."), None if port == _PORTS.get(scheme) else port
