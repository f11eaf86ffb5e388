"""The charts of the years that albums are from: 25 albums a request, with nearly all that their own pages tell."""

import asyncio
from collections import defaultdict
from collections.abc import Awaitable, Callable, Sequence
from contextlib import nullcontext
from functools import partial

from scrapy.http import TextResponse

from timbre_spider.errors import UnknownPage
from timbre_spider.extensions.context import Context
from timbre_spider.items import Answer, AotyAlbum, Outcome, SeenOn, Sighting
from timbre_spider.matching.albums import artist_part
from timbre_spider.matching.sightings import sightings
from timbre_spider.pipelines.album_asked import Wanted
from timbre_spider.pipelines.aoty_told import into_catalogue
from timbre_spider.pipelines.stage import Stage
from timbre_spider.planning.shelves import Shelves
from timbre_spider.sources.aoty import chart_url, is_last_page, read_chart
from timbre_spider.sources.aoty.freshness import USUALLY_GOOD_FOR


class YearCharts:
    """`find` reads the chart of an album's year, for all who look there at once, as long as its pages bring enough.

    Pages are remembered as answers, so that neither another worker nor the next run reads them again while they are
    good.
    """

    def __init__(self, context: Context, stage: Stage, page: Callable[[str], Awaitable[TextResponse]]) -> None:
        self._context = context
        self._stage = stage
        self._page = page
        self._shelves = Shelves()
        self._locks: defaultdict[str, asyncio.Lock] = defaultdict(asyncio.Lock)
        self._read: defaultdict[str, list[AotyAlbum]] = defaultdict(list)

    async def find(self, wanted: Wanted) -> AotyAlbum | None:
        """The album, where a chart that is worth reading has it."""
        self._context.heard.add(artist_part(wanted.artist))
        while (album := self._chosen(wanted)) is None and self._is_worth_it(wanted.year):
            assert wanted.year is not None
            async with self._locks[wanted.year]:
                if self._chosen(wanted) is None and self._is_worth_it(wanted.year):
                    await self._next_page(wanted.year)
        return album

    def albums_of(self, artist: str) -> list[AotyAlbum]:
        """The artist's albums on the pages read in this run."""
        return list(self._read.get(artist_part(artist), []))

    def _is_worth_it(self, year: str | None) -> bool:
        return year is not None and self._shelves.is_worth_a_page(year)

    def _chosen(self, wanted: Wanted) -> AotyAlbum | None:
        return wanted.among(self.albums_of(wanted.artist))

    async def _next_page(self, year: str) -> None:
        shelf = self._shelves.of(year)
        shelf.pages += 1
        told = await self._stage.remembered(f"chart:{year}/{shelf.pages}", partial(self._ask, year, shelf.pages))
        shelf.albums += told.values.get("worth", 0)
        shelf.ended = told.outcome is not Outcome.FOUND or told.values["last"]

    async def _ask(self, year: str, number: int, known: Answer | None) -> Answer:
        key = f"chart:{year}/{number}"
        page = await self._page(chart_url(self._context.config.aoty_base_url, year, number))
        if page.status in (404, 410):
            return self._stage.ended(key, Outcome.ABSENT, reason=f"HTTP {page.status}")
        try:
            with self._context.unknown_pages.kept(page) if number == 1 else nullcontext():
                albums = read_chart(page)
        except UnknownPage:
            if number == 1:
                raise
            return self._stage.ended(key, Outcome.ABSENT, reason="past the end")
        for album in albums:
            # Of others than the listeners' artists the catalogue knows as much, should one be asked for.
            if (artist := artist_part(album.artist)) in self._context.heard:
                self._read[artist].append(album)
        worth = await self._worth(sightings(albums, SeenOn.CHART, page.url, self._context.clock()))
        await into_catalogue(self._context, albums, SeenOn.CHART, page)
        return self._stage.ended(key, Outcome.FOUND, values={"worth": worth, "last": is_last_page(page, albums)})

    async def _worth(self, told: Sequence[Sighting]) -> int:
        """Of how many albums by artists who are heard it tells what the catalogue does not know."""
        since = self._context.clock() - USUALLY_GOOD_FOR
        new = await self._context.reader.unrated([each.number for each in told], since)
        return sum(each.number in new and artist_part(each.album.artist) in self._context.heard for each in told)
