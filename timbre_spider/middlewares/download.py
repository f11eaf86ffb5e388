"""Where requests leave: the gate of their service has the word, before each and after."""

from http import HTTPStatus
from urllib.parse import urlsplit

from scrapy.core.downloader.handlers.http11 import TunnelError
from scrapy.crawler import Crawler
from scrapy.downloadermiddlewares.httpcompression import HttpCompressionMiddleware
from scrapy.exceptions import (
    CannotResolveHostError,
    DownloadConnectionRefusedError,
    DownloadFailedError,
    DownloadTimeoutError,
    IgnoreRequest,
    NotConfigured,
    ResponseDataLossError,
)
from scrapy.http import Request, Response
from twisted.internet.error import ConnectError, ConnectionDone, ConnectionLost

from timbre_spider.errors import NoAnswer, Unusable
from timbre_spider.extensions.context import Context
from timbre_spider.middlewares.key import KeyedDownloadHandler
from timbre_spider.middlewares.proxy import Proxies
from timbre_spider.sources.asking import ask
from timbre_spider.sources.gate import READ_AS_PAGES, Gate

# Those that Scrapy's own middleware would try again.
_NO_ANSWER = (
    CannotResolveHostError,
    DownloadConnectionRefusedError,
    DownloadFailedError,
    DownloadTimeoutError,
    ResponseDataLossError,
    ConnectError,
    ConnectionDone,
    ConnectionLost,
    TunnelError,
    OSError,
)


class PoliteDownloadHandler(KeyedDownloadHandler):
    """Asks through the gate of the request's service, and returns an answer that is worth reading.

    Raises what `ask` raises. A request of no service goes out as it is.
    """

    def __init__(self, crawler: Crawler) -> None:
        super().__init__(crawler)
        self._obeys_robots = crawler.settings.getbool("ROBOTSTXT_OBEY")
        self._decompression = HttpCompressionMiddleware.from_crawler(crawler)
        try:
            context = Context.of(crawler)
        except NotConfigured:
            self._gates: dict[str, Gate] = {}
            self._proxies = Proxies([])
        else:
            self._gates = context.gates
            self._proxies = Proxies(context.config.aoty_proxies)

    async def download_request(self, request: Request) -> Response:
        service = self.service_of(request)
        gate = self._gates.get(service)
        if gate is None:
            return await super().download_request(request)
        return await ask(gate, lambda: self._sent(service, request), against_robots=self._against_robots(gate, request))

    async def _sent(self, service: str, request: Request) -> Response:
        proxied = self._proxies and service in READ_AS_PAGES
        try:
            response = await (self._through_a_proxy(request) if proxied else super().download_request(request))
        except _NO_ANSWER as error:
            raise NoAnswer(f"{service} gives no answer ({type(error).__name__})") from None
        try:
            # Not left to the middleware: what an answer means for asking is known here or too late.
            unpacked = self._decompression.process_response(request, response)
        except IgnoreRequest:
            raise Unusable(f"{service} answers with more than can be read") from None
        except Exception as error:
            # Every way of packing has errors of its own.
            raise NoAnswer(f"{service} gives an answer that cannot be unpacked ({type(error).__name__})") from None
        assert isinstance(unpacked, Response)
        return unpacked

    async def _through_a_proxy(self, request: Request) -> Response:
        """Each try by another one: chosen here, behind all that may repeat a request."""
        proxy = self._proxies.next()
        leaving = proxy.carrying(request)
        try:
            response = await super().download_request(leaving)
        except _NO_ANSWER as error:
            self._proxies.failed(proxy, type(error).__name__)
            raise
        finally:
            if "download_latency" in leaving.meta:
                request.meta["download_latency"] = leaving.meta["download_latency"]
        if response.status == HTTPStatus.PROXY_AUTHENTICATION_REQUIRED:
            self._proxies.failed(proxy, "it wants another login")
            raise TunnelError("the proxy wants another login")
        self._proxies.worked(proxy)
        return response

    def _against_robots(self, gate: Gate, request: Request) -> bool:
        if gate.service not in READ_AS_PAGES or urlsplit(request.url).path == "/robots.txt":
            return False
        return not self._obeys_robots or bool(request.meta.get("dont_obey_robotstxt"))
