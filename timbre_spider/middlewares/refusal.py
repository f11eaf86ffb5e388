"""A challenge is a refusal: said once, and nothing more is asked in this run."""

import logging
from typing import Self

from scrapy.crawler import Crawler
from scrapy.http import Request, Response

from timbre_spider.extensions.context import Context
from timbre_spider.sources.aoty import challenge
from timbre_spider.sources.gate import Refused

logger = logging.getLogger(__name__)


class RefusalMiddleware:
    """Shuts the gate of a service whose answer is a challenge; raises Refused."""

    def __init__(self, crawler: Crawler) -> None:
        self._gates = Context.of(crawler).gates

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        return cls(crawler)

    def process_response(self, request: Request, response: Response) -> Response:
        gate = self._gates.get(request.meta.get("download_slot", ""))
        if gate is None or not challenge(response):
            return response
        reason = f"{gate.service} answers automated clients with a challenge (HTTP {response.status})"
        if gate.refuse(reason):
            logger.warning("%s: it is asked nothing more in this run; what is known stays usable.", reason)
        raise Refused(reason)
