"""AOTY's pages drawn by a browser, for what needs JavaScript; off until AOTY_RENDER=playwright.

The browser is never on the network. A page is downloaded as ever, and whatever it asks for while it is drawn is a
request like any other: it waits its turn, obeys robots.txt and goes through the proxies, and a refusal holds for it.
Where the site shows a challenge there is no page to draw.
"""

import asyncio
import logging
from collections import OrderedDict
from functools import partial
from typing import TYPE_CHECKING, Any, Self

from scrapy import signals
from scrapy.crawler import Crawler
from scrapy.exceptions import CloseSpider, IgnoreRequest, NotConfigured
from scrapy.http import HtmlResponse, Request, Response
from scrapy.http.request import NO_CALLBACK

from timbre_spider.errors import ConfigError, SourceError
from timbre_spider.extensions.context import Context
from timbre_spider.middlewares.own_address import is_site_of

if TYPE_CHECKING:
    from playwright.async_api import Route

logger = logging.getLogger(__name__)

# What a page's text may depend on; of other sites, and pictures, styles and fonts, nothing is asked for.
_PARTS = frozenset({"script", "xhr", "fetch"})
_IS_PART = "part_of_a_page"
# Scripts that pages share are asked for once.
_SCRIPTS_AT_HAND = 50
# Milliseconds; parts wait their turns.
_LONGEST = 60_000
# Neither look-ups nor connections, not to this machine either.
_OFF_THE_NETWORK = ["--host-resolver-rules=MAP * ~NOTFOUND", "--disable-background-networking", "--no-pings"]


class Render:
    """Puts what a browser shows in the place of each page of AOTY."""

    def __init__(self, crawler: Crawler) -> None:
        self._context = Context.of(crawler)
        if self._context.config.aoty_render is None:
            raise NotConfigured
        self._crawler = crawler
        self._scripts: OrderedDict[str, asyncio.Future[Response]] = OrderedDict()
        crawler.signals.connect(self._open, signal=signals.spider_opened)
        crawler.signals.connect(self._close, signal=signals.spider_closed)

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        return cls(crawler)

    async def _open(self) -> None:
        from playwright.async_api import Error, async_playwright

        config = self._context.config
        self._playwright = await async_playwright().start()
        try:
            self._browser = await self._playwright.chromium.launch(
                executable_path=config.aoty_browser_path,
                args=_OFF_THE_NETWORK,
                handle_sigint=False,
                handle_sigterm=False,
            )
        except Error as error:
            said = error.message.splitlines()[0]
            self._context.failures.add(
                ConfigError(
                    f"The browser for AOTY_RENDER does not start ({said}): set AOTY_BROWSER_PATH to a Chromium."
                )
            )
            raise CloseSpider("ConfigError") from None
        self._pages = await self._browser.new_context(user_agent=config.user_agent, service_workers="block")
        await self._pages.route_web_socket("**/*", lambda socket: socket.close())

    async def _close(self) -> None:
        if browser := getattr(self, "_browser", None):
            await browser.close()
        await self._playwright.stop()

    async def process_response(self, request: Request, response: Response) -> Response:
        if request.meta.get("download_slot") != "aoty" or _IS_PART in request.meta or response.status != 200:
            return response
        if not isinstance(response, HtmlResponse):
            return response
        return response.replace(body=(await self._drawn(response)).encode(), encoding="utf-8")

    async def _drawn(self, response: HtmlResponse) -> str:
        """The page as it is when nothing more is asked for; as it came, where it cannot be drawn."""
        from playwright.async_api import Error

        page = await self._pages.new_page()
        try:
            await page.route("**/*", partial(self._answer, response))
            await page.goto(response.url, wait_until="networkidle", timeout=_LONGEST)
            return await page.content()
        except Error as error:
            logger.warning("%s is read undrawn: %s", response.url, error.message.splitlines()[0])
            return response.text
        finally:
            await page.close()

    async def _answer(self, page: HtmlResponse, route: "Route") -> None:
        asked = route.request
        home = self._context.config.aoty_base_url
        if asked.is_navigation_request() and asked.url == page.url:
            await route.fulfill(
                status=200, body=page.body, headers={"content-type": f"text/html; charset={page.encoding}"}
            )
        elif asked.method == "GET" and asked.resource_type in _PARTS and is_site_of(asked.url, home):
            try:
                part = await (self._script(asked.url) if asked.resource_type == "script" else self._part(asked.url))
            except (SourceError, IgnoreRequest):
                await route.abort()
            else:
                await route.fulfill(status=part.status, body=part.body, headers=_type_of(part))
        else:
            await route.abort()

    async def _script(self, url: str) -> Response:
        asked = self._scripts.get(url)
        if asked is None or (asked.done() and asked.exception()):
            asked = self._scripts[url] = asyncio.ensure_future(self._part(url))
            if len(self._scripts) > _SCRIPTS_AT_HAND:
                self._scripts.popitem(last=False)
        return await asyncio.shield(asked)

    async def _part(self, url: str) -> Response:
        meta: dict[str, Any] = {"download_slot": "aoty", _IS_PART: True}
        engine = self._crawler.engine
        assert engine is not None
        return await engine.download_async(Request(url, meta=meta, callback=NO_CALLBACK))


def _type_of(part: Response) -> dict[str, str]:
    return {"content-type": (part.headers.get("Content-Type") or b"").decode("latin-1")}
