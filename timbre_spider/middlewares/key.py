"""Last.fm's key enters the URL here, at the wire, and nowhere else."""

from scrapy.core.downloader.handlers.http11 import HTTP11DownloadHandler
from scrapy.crawler import Crawler
from scrapy.http import Request, Response
from w3lib.url import add_or_replace_parameter

from timbre_spider.config import load_config


class KeyedDownloadHandler(HTTP11DownloadHandler):
    """Adds `api_key` to requests of the slot `lastfm`; answers and errors come back with the URL that had none."""

    lazy = True

    def __init__(self, crawler: Crawler) -> None:
        super().__init__(crawler)
        key = load_config().lastfm_api_key
        self._lastfm_key = key.get_secret_value() if key else ""

    async def download_request(self, request: Request) -> Response:
        if request.meta.get("download_slot") != "lastfm":
            return await super().download_request(request)
        keyed = request.replace(url=add_or_replace_parameter(request.url, "api_key", self._lastfm_key))
        # The same dict, so that latency and timeouts reach whoever looks at the request.
        keyed._meta = request.meta
        try:
            response = await super().download_request(keyed)
        except Exception as error:
            if self._lastfm_key:
                error.args = tuple(str(arg).replace(self._lastfm_key, "***") for arg in error.args)
            raise
        return response.replace(url=request.url)
