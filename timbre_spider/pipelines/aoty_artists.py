"""Artists' pages: all albums of an artist with their scores in one request, though without genres."""

from collections import OrderedDict
from collections.abc import Awaitable, Callable, Sequence
from functools import partial
from urllib.parse import urljoin, urlsplit

from scrapy.http import TextResponse

from timbre_spider.extensions.context import Context
from timbre_spider.items import Answer, AotyAlbum, Outcome, SeenOn
from timbre_spider.matching.albums import artist_part
from timbre_spider.pipelines.album_asked import Wanted
from timbre_spider.pipelines.aoty_told import into_catalogue
from timbre_spider.pipelines.stage import Stage
from timbre_spider.sources.aoty import read_album_page, read_artist

# Artists whose albums stay at hand; an artist's songs come together.
_AT_HAND = 200
_NO_ARTIST = artist_part("Various Artists")


class ArtistPages:
    """`find` looks for an album on its artist's page, read once for all who look there.

    Pages are remembered as answers: one that an earlier run has read is not read again while it is good, since the
    catalogue has what it told.
    """

    def __init__(self, context: Context, stage: Stage, page: Callable[[str], Awaitable[TextResponse]]) -> None:
        self._context = context
        self._stage = stage
        self._page = page
        self._listed: OrderedDict[str, list[AotyAlbum]] = OrderedDict()

    async def find(self, wanted: Wanted, artist_url: str) -> AotyAlbum | None:
        """The album, where the page names it without doubt."""
        address = urlsplit(artist_url).path
        await self._stage.remembered(f"artist:{address}", partial(self._read, address))
        return wanted.among(self._listed.get(address, []))

    async def address_of(self, wanted: Wanted, known: Sequence[AotyAlbum]) -> str | None:
        """The address of the artist's page, by the page of the best known of the artist's albums among `known`."""
        artist = artist_part(wanted.artist)
        own = [each for each in known if artist_part(each.artist) == artist != _NO_ARTIST]
        if not own:
            return None
        address = urlsplit(max(own, key=lambda each: each.rating_count or 0).url).path
        told = await self._stage.remembered(f"page:{address}", partial(self._read_album, address))
        url: str | None = told.values.get("artist_url")
        return url

    async def _read(self, address: str, known: Answer | None) -> Answer:
        key = f"artist:{address}"
        page = await self._page(self._url(address))
        if page.status in (404, 410):
            return self._stage.ended(key, Outcome.ABSENT, reason=f"HTTP {page.status}")
        with self._context.unknown_pages.kept(page):
            albums = read_artist(page)
        await into_catalogue(self._context, albums, SeenOn.CARD, page)
        self._listed[address] = albums
        if len(self._listed) > _AT_HAND:
            self._listed.popitem(last=False)
        return self._stage.ended(key, Outcome.FOUND, values={"albums": len(albums)})

    async def _read_album(self, address: str, known: Answer | None) -> Answer:
        key = f"page:{address}"
        page = await self._page(self._url(address))
        if page.status in (404, 410):
            return self._stage.ended(key, Outcome.ABSENT, reason=f"HTTP {page.status}")
        with self._context.unknown_pages.kept(page):
            album, beside = read_album_page(page)
        await into_catalogue(self._context, [album], SeenOn.ALBUM, page)
        await into_catalogue(self._context, beside, SeenOn.CARD, page)
        return self._stage.ended(key, Outcome.FOUND, values={"artist_url": album.artist_url})

    def _url(self, address: str) -> str:
        return urljoin(self._context.config.aoty_base_url, address)
