"""Pages of Album of the Year as the stage asks for them: read, and told to the catalogue."""

from collections.abc import Callable, Sequence
from contextlib import nullcontext
from datetime import timedelta
from functools import partial
from urllib.parse import urljoin, urlsplit

from scrapy.http import Response, TextResponse

from timbre_spider.errors import UnknownPage, Unusable
from timbre_spider.extensions.context import Context
from timbre_spider.extensions.fetch import Fetch
from timbre_spider.extensions.page_cache import seen_at
from timbre_spider.items import Answer, AotyAlbum, Outcome, SeenOn
from timbre_spider.matching.albums.key import artist_part
from timbre_spider.matching.albums.sightings import sightings
from timbre_spider.pipelines.aoty.told import into_catalogue
from timbre_spider.pipelines.stage import Stage
from timbre_spider.planning.album_want import PageKind
from timbre_spider.sources.aoty import (
    CARDS,
    ROWS,
    chart_url,
    is_last_page,
    must_hear_url,
    read_album_page,
    read_artist,
    read_chart,
    read_must_hear,
    read_search,
    search_url,
)
from timbre_spider.sources.aoty.freshness import USUALLY_GOOD_FOR

Beside = Callable[[Sequence[AotyAlbum], timedelta, str], None]
_GONE = (404, 410)
_NAMES = {PageKind.CHART: "chart", PageKind.MUST_HEAR: "must-hear"}


class AotyPages:
    """Each method asks for one page; who calls holds a place behind the gate. `beside` is told of the albums that a
    page names, how old it is, and where they stand, once they are in the catalogue.

    Lists, artists' pages and those on the way to them are remembered as answers: neither another worker nor the next
    run reads them again while they are good, since the catalogue has what they told.
    """

    def __init__(
        self,
        context: Context,
        fetch: Fetch,
        stage: Stage,
        beside: Beside,
    ) -> None:
        self._context = context
        self._fetch = fetch
        self._stage = stage
        self._beside = beside
        self._base_url = context.config.aoty_base_url

    async def album(self, url: str) -> tuple[AotyAlbum, timedelta] | None:
        """The album of a page, and how old that is; None where it is gone. Raises what asking raises, and Unusable."""
        page = await self._page(url)
        if page.status in _GONE:
            return None
        with self._context.unknown_pages.kept(page):
            album, others = read_album_page(page)
        await self._tell([album], SeenOn.ALBUM, page, "")
        await self._tell(others, SeenOn.CARD, page, "beside another album")
        return album, self._age(page)

    async def search(self, artist: str, album: str) -> list[AotyAlbum]:
        """What a search finds, without ratings. Raises as `album`, and IgnoreRequest where robots.txt forbids it."""
        page = await self._page(search_url(self._base_url, artist, album))
        with self._context.unknown_pages.kept(page):
            cards = read_search(page)
        await self._tell(cards, SeenOn.CARD, page, "in a search")
        return cards

    async def artist(self, url: str) -> Answer:
        """The page of an artist."""
        return await self._stage.remembered(f"artist:{_path(url)}", partial(self._artist, url))

    async def way(self, url: str) -> Answer:
        """The page of an album, for the address of its artist's page: `artist_url` among the answer's values."""
        return await self._stage.remembered(f"page:{_path(url)}", partial(self._way, url))

    async def listed(self, kind: PageKind, year: str, number: int) -> Answer:
        """A page of a list of a year's albums: how many are `worth` having, and whether it is the `last`."""
        ask = partial(self._list, kind, year, number)
        return await self._stage.remembered(f"{_NAMES[kind]}:{year}/{number}", ask)

    async def _artist(self, url: str, known: Answer | None) -> Answer:
        key, page = f"artist:{_path(url)}", await self._page(url)
        if page.status in _GONE:
            return self._gone(key, page)
        with self._context.unknown_pages.kept(page):
            albums = read_artist(page)
        await self._tell(albums, SeenOn.CARD, page, PageKind.ARTIST.value)
        return self._stage.ended(key, Outcome.FOUND, values={"albums": len(albums)})

    async def _way(self, url: str, known: Answer | None) -> Answer:
        key, read = f"page:{_path(url)}", await self.album(url)
        if read is None:
            return self._stage.ended(key, Outcome.ABSENT, reason="the page is gone")
        return self._stage.ended(key, Outcome.FOUND, values={"artist_url": read[0].artist_url})

    async def _list(self, kind: PageKind, year: str, number: int, known: Answer | None) -> Answer:
        key = f"{_NAMES[kind]}:{year}/{number}"
        if kind is PageKind.CHART:
            url, read, full, seen_on = chart_url(self._base_url, year, number), read_chart, ROWS, SeenOn.CHART
        else:
            url, read, full, seen_on = must_hear_url(self._base_url, year, number), read_must_hear, CARDS, SeenOn.CARD
        page = await self._page(url)
        if page.status in _GONE:
            return self._gone(key, page)
        try:
            with self._context.unknown_pages.kept(page) if number == 1 else nullcontext():
                albums = read(page)
        except UnknownPage:
            if number == 1:
                raise
            return self._stage.ended(key, Outcome.ABSENT, reason="past the end")
        worth = await self._worth(albums, seen_on, page)
        await self._tell(albums, seen_on, page, kind.value)
        values: dict[str, object] = {"worth": worth, "last": is_last_page(page, albums, full)}
        return self._stage.ended(key, Outcome.FOUND, values=values)

    async def _worth(self, albums: Sequence[AotyAlbum], seen_on: SeenOn, page: Response) -> int:
        """Of how many albums by artists who are heard it tells the ratings, which the catalogue does not know."""
        told = [
            each
            for each in sightings(albums, seen_on, page.url, self._context.clock())
            if each.album.user_score is not None and artist_part(each.album.artist) in self._context.heard
        ]
        since = self._context.clock() - USUALLY_GOOD_FOR
        return len(await self._context.reader.unrated([each.number for each in told], since)) if told else 0

    def _gone(self, key: str, page: Response) -> Answer:
        return self._stage.ended(key, Outcome.ABSENT, reason=f"HTTP {page.status}")

    async def _tell(self, albums: Sequence[AotyAlbum], seen_on: SeenOn, page: Response, where: str) -> None:
        await into_catalogue(self._context, albums, seen_on, page)
        self._beside(albums, self._age(page), where)

    def _age(self, page: Response) -> timedelta:
        now = self._context.clock()
        return now - seen_at(page, now)

    async def _page(self, url: str) -> TextResponse:
        # Known addresses may be of another host: a mirror, a sandbox on other ports.
        asked = urlsplit(url)
        path = asked.path + (f"?{asked.query}" if asked.query else "")
        page = await self._fetch("aoty", urljoin(self._base_url, path), obey_robots=True, held=True)
        if not isinstance(page, TextResponse):
            raise Unusable("AOTY answered with something that is no page")
        return page


def _path(url: str) -> str:
    return urlsplit(url).path
