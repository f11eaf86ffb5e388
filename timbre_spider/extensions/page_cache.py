"""AOTY's raw pages kept and given again, through Scrapy's HttpCache; off until PAGE_CACHE names a place.

The database remembers what pages told; this remembers the pages, for a better reader and for other databases.
"""

from datetime import UTC, datetime
from email.utils import format_datetime, parsedate_to_datetime

from scrapy import Spider
from scrapy.http import Request, Response
from scrapy.responsetypes import responsetypes
from scrapy.settings import BaseSettings
from scrapy.utils.request import RequestFingerprinterProtocol

from timbre_spider.sources.aoty import is_known
from timbre_spider.sources.aoty.freshness import page_good_for
from timbre_spider.storage.pages import Page, PageStore, page_store


class PagePolicy:
    """Pages of AOTY that were found, good for as long as what they tell is. What was refused is never here."""

    def __init__(self, settings: BaseSettings) -> None:
        pass

    def should_cache_request(self, request: Request) -> bool:
        return request.meta.get("download_slot") == "aoty" and request.method == "GET"

    def should_cache_response(self, response: Response, request: Request) -> bool:
        return response.status == 200

    def is_cached_response_fresh(self, cachedresponse: Response, request: Request) -> bool:
        # Kept for a better reader, but asked for again: it may have been a passing notice.
        if not is_known(cachedresponse.body):
            return False
        now = datetime.now(UTC)
        age = now - seen_at(cachedresponse, now)
        return age < page_good_for(cachedresponse.url, cachedresponse.body, now)

    def is_cached_response_valid(self, cachedresponse: Response, response: Response, request: Request) -> bool:
        return False


class PageStorage:
    """The store of the configuration, as Scrapy asks for it."""

    _store: PageStore
    _fingerprinter: RequestFingerprinterProtocol

    def __init__(self, settings: BaseSettings) -> None:
        pass

    def open_spider(self, spider: Spider) -> None:
        from timbre_spider.extensions.context import Context

        store = page_store(Context.of(spider.crawler).config)
        assert store is not None
        self._store = store
        assert spider.crawler.request_fingerprinter is not None
        self._fingerprinter = spider.crawler.request_fingerprinter

    def close_spider(self, spider: Spider) -> None:
        pass

    def retrieve_response(self, spider: Spider, request: Request) -> Response | None:
        page = self._store.get(self._key(request))
        if page is None:
            return None
        told = {b"Content-Type": page.content_type.encode()}
        kind = responsetypes.from_args(headers=told, url=page.url, body=page.body)
        date = format_datetime(page.seen_at, usegmt=True)
        return kind(page.url, headers={"Content-Type": page.content_type, "Date": date}, body=page.body)

    def store_response(self, spider: Spider, request: Request, response: Response) -> None:
        content_type = (response.headers.get("Content-Type") or b"text/html").decode("latin-1")
        now = datetime.now(UTC)
        good_for = page_good_for(response.url, response.body, now)
        self._store.put(self._key(request), Page(response.url, now, content_type, response.body), good_for)

    def _key(self, request: Request) -> str:
        return self._fingerprinter.fingerprint(request).hex()


def seen_at(page: Response, now: datetime) -> datetime:
    """When a page was answered: now, unless it was kept."""
    date = page.headers.get("Date")
    return parsedate_to_datetime(date.decode("latin-1")) if "cached" in page.flags and date else now
