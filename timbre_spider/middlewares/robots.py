"""robots.txt, strictly: one that cannot be read means do not crawl."""

import logging
from typing import TYPE_CHECKING

from scrapy.downloadermiddlewares.robotstxt import RobotsTxtMiddleware
from scrapy.http import Request, Response
from scrapy.utils.httpobj import urlparse_cached
from twisted.internet.defer import Deferred

from timbre_spider.sources.gate import Refused

if TYPE_CHECKING:
    from scrapy.robotstxt import RobotParser

logger = logging.getLogger(__name__)

_ALLOW_ALL = b""
_BLANKS = b"\xef\xbb\xbf \t\r\n"
_ALLOW_NOTHING = b"User-agent: *\nDisallow: /\n"


class RobotsMiddleware(RobotsTxtMiddleware):
    """Reads a missing robots.txt (404) as "all allowed", and any other than 200, or a page in its place, as "nothing
    allowed".

    Scrapy's own reads the body whatever it is, so that a challenge, or a proxy's own page, would allow everything.
    """

    def process_exception(self, request: Request, exception: Exception) -> Response | None:
        """A robots.txt that cannot be fetched is one that cannot be read."""
        if not request.url.endswith("/robots.txt"):
            return None
        return Response(request.url, status=504, flags=[type(exception).__name__])

    async def robot_parser(self, request: Request) -> "RobotParser | None":
        """The rules of the request's site. Of several who wait for one Deferred only the first gets its result."""
        await super().robot_parser(request)
        parser = self._parsers[urlparse_cached(request).netloc]
        return None if isinstance(parser, Deferred) else parser

    async def _parse_robots(self, response: Response, netloc: str, request: Request) -> None:
        is_page = response.status == 200 and response.body.lstrip(_BLANKS).startswith(b"<")
        if is_page:
            logger.warning("%s is a page, not rules: nothing there is crawled.", response.url)
        elif response.status not in (200, 404):
            said = f"gives no answer ({response.flags[0]})" if response.flags else f"answered HTTP {response.status}"
            logger.warning("%s %s: nothing there is crawled.", response.url, said)
        if is_page or response.status != 200:
            response = response.replace(body=_ALLOW_ALL if response.status == 404 else _ALLOW_NOTHING)
        await super()._parse_robots(response, netloc, request)

    def process_request_2(self, rp: "RobotParser | None", request: Request) -> None:
        if rp is None:
            raise Refused(f"robots.txt of {request.meta.get('download_slot', 'the site')} could not be read")
        super().process_request_2(rp, request)
