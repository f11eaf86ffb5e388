"""Keys enter a request here, at the wire, and nowhere else: no log, queue, cache or error ever holds them."""

from scrapy.core.downloader.handlers.http11 import HTTP11DownloadHandler
from scrapy.crawler import Crawler
from scrapy.http import Request, Response
from w3lib.url import add_or_replace_parameter

from timbre_spider.config import load_config


class KeyedDownloadHandler(HTTP11DownloadHandler):
    """Adds Last.fm's `api_key` to the URL and ListenBrainz's token to the headers, by the request's slot.

    Answers and errors come back with the URL that had no key.
    """

    lazy = True

    def __init__(self, crawler: Crawler) -> None:
        super().__init__(crawler)
        config = load_config()
        self._lastfm_key = config.lastfm_api_key.get_secret_value() if config.lastfm_api_key else ""
        self._listenbrainz_token = config.listenbrainz_token.get_secret_value() if config.listenbrainz_token else ""

    async def download_request(self, request: Request) -> Response:
        match request.meta.get("download_slot"):
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
            if self._lastfm_key:
                error.args = tuple(str(arg).replace(self._lastfm_key, "***") for arg in error.args)
            raise
        finally:
            request.meta.update(keyed.meta)
        return response.replace(url=request.url)
