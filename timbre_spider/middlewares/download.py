"""Where requests leave: nothing goes to a service that has shut us out, and all that goes is counted."""

from scrapy.crawler import Crawler
from scrapy.exceptions import NotConfigured
from scrapy.http import Request, Response

from timbre_spider.extensions.context import Context
from timbre_spider.middlewares.key import KeyedDownloadHandler
from timbre_spider.sources.gate import READ_AS_PAGES


class CountingDownloadHandler(KeyedDownloadHandler):
    """Counts requests and answers in the traffic of their service, which is their `download_slot`."""

    def __init__(self, crawler: Crawler) -> None:
        super().__init__(crawler)
        self._obeys_robots = crawler.settings.getbool("ROBOTSTXT_OBEY")
        try:
            self._gates = Context.of(crawler).gates
        except NotConfigured:
            self._gates = {}

    async def download_request(self, request: Request) -> Response:
        gate = self._gates.get(request.meta.get("download_slot", ""))
        if gate is None:
            return await super().download_request(request)
        # It may have been shut while the request waited in its slot.
        gate.raise_if_shut()
        unasked = not self._obeys_robots or bool(request.meta.get("dont_obey_robotstxt"))
        gate.traffic.sent(
            while_shut=gate.is_shut,
            is_retry=bool(request.meta.get("retry_times")),
            against_robots=unasked and gate.service in READ_AS_PAGES,
        )
        response = await super().download_request(request)
        gate.traffic.answered(response.status)
        return response
