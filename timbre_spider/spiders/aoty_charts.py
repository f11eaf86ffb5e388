"""AOTY's user charts: they fill the catalogue of albums, a page for 25, without a search."""

from collections.abc import AsyncIterator
from dataclasses import asdict
from datetime import UTC, datetime
from typing import Any

from scrapy import Spider
from scrapy.http import Request, Response, TextResponse

from timbre_spider.errors import Unusable, UsageError
from timbre_spider.extensions.connections import Connections
from timbre_spider.items import Answer, Outcome
from timbre_spider.matching.normalise import album_key
from timbre_spider.pipelines.aoty import Aoty, freshness_of
from timbre_spider.pipelines.freshness import next_check
from timbre_spider.sources.aoty import chart_url, read_chart
from timbre_spider.sources.gate import Parked, Refused, Stopped


class AotyCharts(Spider):
    """`-a year=2024|2020s|all -a pages=4`; every row becomes the answer about its album."""

    name = "aoty_charts"
    custom_settings = {"ITEM_PIPELINES": {}}  # noqa: RUF012 (Scrapy's own declaration)

    def __init__(self, year: str = "all", pages: str = "1", **kwargs: Any) -> None:
        super().__init__(**kwargs)
        if not pages.isdecimal() or int(pages) < 1:
            raise UsageError(f"pages={pages} is not a number of pages: use 1 or more.")
        self._year, self._pages = year, int(pages)

    @property
    def connections(self) -> Connections:
        """What this crawl holds open; there once the extensions are."""
        return Connections.of(self.crawler)

    async def start(self) -> AsyncIterator[Request]:
        yield self._page(1)

    async def read_page(self, response: Response, number: int) -> AsyncIterator[Request]:
        """The albums of a page; then the next page, until there is none or the last was asked for."""
        now = datetime.now(UTC)
        albums = read_chart(response) if response.status == 200 and isinstance(response, TextResponse) else []
        answers = [
            Answer(
                "aoty",
                f"album:{album_key(album.artist, album.title)}",
                Outcome.FOUND,
                now,
                next_check(Outcome.FOUND, now, stale_after=freshness_of(album) or Aoty.stale_after),
                asdict(album),
                reason="a row of the user chart",
            )
            for album in albums
        ]
        if answers:
            await self.connections.writer.record(answers)
            self.crawler.stats.inc_value("timbre/albums", len(answers))
        if answers and number < self._pages:
            yield self._page(number + 1)

    def give_up(self, failure: Any) -> None:
        """A refusal ends the crawl, not the process."""
        if failure.check(Refused, Parked, Stopped, Unusable):
            self.logger.warning("%s", failure.getErrorMessage())

    def _page(self, number: int) -> Request:
        url = chart_url(self.connections.config.aoty_base_url, self._year, number)
        meta = {"download_slot": "aoty", "handle_httpstatus_all": True}
        return Request(url, self.read_page, errback=self.give_up, cb_kwargs={"number": number}, meta=meta)
