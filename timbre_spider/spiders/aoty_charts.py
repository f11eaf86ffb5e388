"""AOTY's user charts: they fill the catalogue of albums, a page for 25, without a search."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime
from typing import Any

from scrapy.http import Request, Response, TextResponse

from timbre_spider.errors import RunError, SourceError, Stopped, Unusable
from timbre_spider.extensions.context import Context
from timbre_spider.items import Answer, AotyAlbum, Outcome, SeenOn
from timbre_spider.matching.albums import album_key
from timbre_spider.matching.sightings import sightings
from timbre_spider.pipelines.album_answers import freshness_of, values_of
from timbre_spider.pipelines.aoty import Aoty
from timbre_spider.sources.aoty import chart_url, read_chart
from timbre_spider.spiders.arguments import AlbumChartArguments, AskedSpider


class AotyCharts(AskedSpider):
    """`-a year=2024|2020s|all -a pages=4`; every row becomes the answer about its album."""

    name = "aoty_charts"
    custom_settings = {"ITEM_PIPELINES": {}}  # noqa: RUF012 (Scrapy's own declaration)
    takes = AlbumChartArguments
    asked: AlbumChartArguments

    @property
    def context(self) -> Context:
        """What this crawl works with."""
        return Context.of(self.crawler)

    async def start(self) -> AsyncIterator[Request]:
        yield self._page(1)

    async def read_page(self, response: Response, number: int) -> AsyncIterator[Request]:
        """The albums of a page; then the next page, until there is none or the last was asked for."""
        now = datetime.now(UTC)
        albums = albums_of(response)
        if not albums and number == 1:
            said = f"{response.url} holds no chart (HTTP {response.status})"
            self.context.failures.add(RunError(f"{said}: look at it, or ask for another year."))
        answers = [
            Answer(
                "aoty",
                f"album:{album_key(album.artist, album.title)}",
                Outcome.FOUND,
                now,
                now + (freshness_of(album) or Aoty.stale_after),
                values_of(album),
                reason="a row of the user chart",
            )
            for album in albums
        ]
        if answers:
            await self.context.writer.catalogue(sightings(albums, SeenOn.CHART, response.url, now))
            await self.context.writer.record(answers)
            self.crawler.stats.inc_value("timbre/albums", len(answers))
        if answers and number < self.asked.pages:
            yield self._page(number + 1)

    def give_up(self, failure: Any) -> None:
        """A page that was refused, or did not come, ends the crawl: what it asked for is not all there."""
        if not failure.check(Stopped):
            error = failure.value
            said = str(error) if isinstance(error, SourceError) else f"no answer ({type(error).__name__})"
            self.context.failures.add(RunError(f"AOTY's chart could not be read further: {said}. Try again later."))

    def _page(self, number: int) -> Request:
        url = chart_url(self.context.config.aoty_base_url, self.asked.year, number)
        meta = {"download_slot": "aoty", "handle_httpstatus_all": True}
        return Request(url, self.read_page, errback=self.give_up, cb_kwargs={"number": number}, meta=meta)


def albums_of(response: Response) -> list[AotyAlbum]:
    """The albums of a chart's page; none past its end, or where it cannot be read."""
    if response.status != 200 or not isinstance(response, TextResponse):
        return []
    try:
        return read_chart(response)
    except Unusable:
        return []
