"""Keys enter a request here, at the wire, and nowhere else: no log, queue, cache or error ever holds them."""

from urllib.parse import urlsplit

from scrapy.core.downloader.handlers.http11 import HTTP11DownloadHandler
from scrapy.crawler import Crawler
from scrapy.exceptions import NotConfigured
from scrapy.http import Request, Response
from w3lib.url import add_or_replace_parameter

from timbre_spider.config import SERVICES
from timbre_spider.extensions.context import Context
from timbre_spider.middlewares.own_address import is_site_of
from timbre_spider.redaction import redacted
from timbre_spider.sources.gate import READ_AS_PAGES


class KeyedDownloadHandler(HTTP11DownloadHandler):
    """Adds Last.fm's `api_key` to the URL and ListenBrainz's token to the headers, by the request's service.

    That a request goes to the service's own address is seen to before (`own_address`). Answers and errors come back
    with the URL that had no key.
    """

    lazy = True

    def __init__(self, crawler: Crawler) -> None:
        super().__init__(crawler)
        try:
            config = Context.of(crawler).config
        except NotConfigured:
            # In `scrapy shell` and its like pages are fetched as for anybody.
            self._lastfm_key = self._listenbrainz_token = ""
            self._homes: dict[str, str] = {}
            return
        self._lastfm_key = config.lastfm_api_key.get_secret_value() if config.lastfm_api_key else ""
        self._listenbrainz_token = config.listenbrainz_token.get_secret_value() if config.listenbrainz_token else ""
        self._homes = {service: getattr(config, f"{service}_base_url") for service in SERVICES}

    def service_of(self, request: Request) -> str:
        """The service a request is for: its `download_slot`, or whose robots.txt it wants; "" for none."""
        slot: str = request.meta.get("download_slot", "")
        if self._homes and slot not in self._homes and urlsplit(request.url).path == "/robots.txt":
            return next((each for each in READ_AS_PAGES if is_site_of(request.url, self._homes[each])), "")
        return slot

    async def download_request(self, request: Request) -> Response:
        match self.service_of(request):
            case "lastfm":
                return await self._with_lastfm_key(request)
            case "listenbrainz" if self._listenbrainz_token:
                keyed = request.copy()
                keyed.headers["Authorization"] = f"Token {self._listenbrainz_token}"
                return await super().download_request(keyed)
        return await super().download_request(request)

    async def _with_lastfm_key(self, request: Request) -> Response:
        keyed = request.replace(url=add_or_replace_parameter(request.url, "api_key", self._lastfm_key))
        try:
            response = await super().download_request(keyed)
        except Exception as error:
            clean(error)
            raise
        finally:
            request.meta.update(keyed.meta)
        return response.replace(url=request.url)


def clean(error: Exception) -> None:
    """Leave no secret in what an error says: its arguments and, of the system's errors, what they say instead."""
    error.args = tuple(redacted(arg) if isinstance(arg, str) else arg for arg in error.args)
    if isinstance(error, OSError):
        for name in ("strerror", "filename", "filename2"):
            if isinstance(said := getattr(error, name), str):
                setattr(error, name, redacted(said))
