"""AOTY's charts and months of releases: they fill the catalogue of albums, a page for 25 or 60, without a search."""

from collections.abc import AsyncIterator
from typing import Any

from scrapy.http import Request, Response, TextResponse

from timbre_spider.errors import RunError, SourceError, Stopped, Unusable
from timbre_spider.extensions.context import Context
from timbre_spider.items import AotyAlbum, SeenOn
from timbre_spider.pipelines.aoty.told import into_catalogue
from timbre_spider.sources.aoty import chart_url, read_cards, read_chart, releases_url
from timbre_spider.spiders.arguments import AlbumChartArguments, AskedSpider


class AotyCharts(AskedSpider):
    """`-a year=2024|2020s|all -a genre=dream-pop -a pages=4`, or `-a month=2024-05 -a pages=4`.

    What a page tells of albums goes into the catalogue, which songs are answered from in the next run.
    """

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
        albums = self._albums_of(response)
        if not albums and number == 1:
            said = f"{response.url} holds no albums (HTTP {response.status})"
            self.context.failures.add(RunError(f"{said}: look at it, or ask for another one."))
        seen_on = SeenOn.CARD if self.asked.month else SeenOn.CHART
        await into_catalogue(self.context, albums, seen_on, response)
        self.crawler.stats.inc_value("timbre/albums", len(albums))
        if albums and number < self.asked.pages:
            yield self._page(number + 1)

    def give_up(self, failure: Any) -> None:
        """A page that was refused, or did not come, ends the crawl: what it asked for is not all there."""
        if not failure.check(Stopped):
            error = failure.value
            said = str(error) if isinstance(error, SourceError) else f"no answer ({type(error).__name__})"
            self.context.failures.add(RunError(f"AOTY's pages could not be read further: {said}. Try again later."))

    def _albums_of(self, response: Response) -> list[AotyAlbum]:
        """Those of a page; none past the end, or where it cannot be read."""
        if response.status != 200 or not isinstance(response, TextResponse):
            return []
        try:
            return read_cards(response) if self.asked.month else read_chart(response)
        except Unusable:
            return []

    def _page(self, number: int) -> Request:
        asked, base_url = self.asked, self.context.config.aoty_base_url
        if asked.month:
            url = releases_url(base_url, asked.month, number)
        else:
            url = chart_url(base_url, asked.year, number, asked.genre or "")
        meta = {"download_slot": "aoty", "handle_httpstatus_all": True}
        return Request(url, self.read_page, errback=self.give_up, cb_kwargs={"number": number}, meta=meta)
