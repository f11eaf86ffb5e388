"""Stage 500: the album's scores, counts, genres and tags from Album of the Year."""

from collections.abc import Sequence
from datetime import timedelta
from functools import partial
from urllib.parse import urljoin, urlsplit

from scrapy.exceptions import IgnoreRequest
from scrapy.http import TextResponse
from scrapy.statscollectors import StatsCollector

from timbre_spider.errors import SourceError, Unusable
from timbre_spider.extensions.context import Context
from timbre_spider.extensions.fetch import Fetch
from timbre_spider.extensions.page_cache import seen_at
from timbre_spider.items import Answer, AotyAlbum, CataloguedAlbum, Outcome, SeenOn, Song
from timbre_spider.matching.albums import album_key, artist_part
from timbre_spider.matching.choose_album import distance, is_video
from timbre_spider.pipelines.album_answers import album_from, freshness_of, values_of
from timbre_spider.pipelines.album_asked import Wanted, wanted_by, without_album
from timbre_spider.pipelines.aoty_artists import ArtistPages
from timbre_spider.pipelines.aoty_shelves import YearCharts
from timbre_spider.pipelines.aoty_told import into_catalogue
from timbre_spider.pipelines.stage import Stage
from timbre_spider.sources.aoty import read_album_page, read_search, search_url
from timbre_spider.sources.aoty.freshness import USUALLY_GOOD_FOR


class Aoty(Stage):
    """One answer an album, for all its songs."""

    source = "aoty"
    stale_after: timedelta = USUALLY_GOOD_FOR

    def __init__(self, context: Context, fetch: Fetch, stats: StatsCollector) -> None:
        super().__init__(context, fetch, stats)
        self._base_url = self._context.config.aoty_base_url
        self._gate = self._context.gates["aoty"]
        self._at_once = self._context.config.scrape_concurrency
        # One question at a time until the first good page: a site that refuses us is to be asked once, not at once.
        self._gate.widen(1)
        self._charts = YearCharts(context, self, self._list_page)
        self._artists = ArtistPages(context, self, self._list_page)

    async def enrich(self, song: Song) -> Outcome | None:
        right = self._context.rules.overrides.aoty.get(song.name_id)
        if right:
            answer = await self.answer(song, f"url:{right}", partial(self._given, f"url:{right}", right))
            song.aoty = album_from(answer.values) if answer.values else None
            return answer.outcome
        wanted = wanted_by(song)
        if wanted is None:
            return without_album(song)
        answer = await self.answer(song, wanted.key, partial(self._ask, wanted))
        if answer.values and distance(answer.values["release_date"], wanted.released):
            known = [each.album for each in await self._held(wanted)] + self._charts.albums_of(wanted.artist)
            if namesake := wanted.namesake(known, answer.values["release_date"]):
                answer = await self.answer(song, namesake.key, partial(self._ask, namesake))
        if answer.values:
            song.aoty = album_from(answer.values)
        return answer.outcome

    def is_due(self, known: Answer) -> bool:
        """What was not found may have come into the catalogue since."""
        return known.due or (not known.values and known.key.startswith("album:"))

    async def _given(self, key: str, url: str, known: Answer | None) -> Answer:
        async with self._gate.hold():
            return await self._read(key, url)

    async def _ask(self, wanted: Wanted, known: Answer | None) -> Answer:
        """The catalogue goes first, the site after it; where the site cannot be asked, the catalogue's word stands."""
        held = await self._held(wanted)
        album = wanted.among([each.album for each in held])
        seen = next((each for each in held if each.album is album), None)
        told = self._found(wanted.key, seen) if seen else None
        if told and not told.due:
            return told
        if known and not known.due and not (seen and known.outcome is Outcome.ABSENT):
            return known
        try:
            return await self._ask_site(wanted, known, seen.album if seen else None, held)
        except (SourceError, IgnoreRequest) as error:
            if told is None:
                raise
            self.tell(str(error))
            return told

    async def _held(self, wanted: Wanted) -> list[CataloguedAlbum]:
        """What the catalogue has of the artist; of various artists, what has the album's name."""
        key = album_key(wanted.artist, wanted.album)
        return await self._context.reader.albums([artist_part(wanted.artist)], key, wanted.spotify_album_id)

    async def _ask_site(
        self,
        wanted: Wanted,
        known: Answer | None,
        seen: AotyAlbum | None,
        held: Sequence[CataloguedAlbum],
    ) -> Answer:
        """By the chart of its year, which tells most albums a request, by the page whose address is known, by the
        artist's page if that is known, by search; where that is forbidden, by an artist's page that has to be found."""
        if (album := await self._charts.find(wanted)) is not None:
            return self._listed_as(wanted.key, album, "in the chart of its year")
        if known and known.values and known.outcome is not Outcome.ABSENT:
            url = known.values["url"]
        else:
            url = seen.url if seen else None
        artist_url = next((each.album.artist_url for each in held if each.album.artist_url), None)
        if url is None and artist_url:
            album = await self._artists.find(wanted, artist_url)
            if album and album.user_score is not None:
                return self._listed_as(wanted.key, album, "on its artist's page")
            url = album.url if album else None
        try:
            # One place for search and page: what a search found would else wait behind all other searches, unanswered.
            async with self._gate.hold():
                # A page that is gone is looked for by its names.
                if url is not None and (answer := await self._read(wanted.key, url)).outcome is Outcome.FOUND:
                    return answer
                return await self._search(wanted)
        except IgnoreRequest:
            if artist_url is None and (answered := await self._on_unknown_page(wanted, held)) is not None:
                return answered
            raise

    async def _on_unknown_page(self, wanted: Wanted, held: Sequence[CataloguedAlbum]) -> Answer | None:
        """By the artist's page, to which that of another album of the artist's leads."""
        known = [each.album for each in held] + self._charts.albums_of(wanted.artist)
        artist_url = await self._artists.address_of(wanted, known)
        album = await self._artists.find(wanted, artist_url) if artist_url else None
        if album is None:
            return None
        if album.user_score is not None:
            return self._listed_as(wanted.key, album, "on its artist's page")
        async with self._gate.hold():
            return await self._read(wanted.key, album.url)

    def _listed_as(self, key: str, album: AotyAlbum, reason: str) -> Answer:
        return self.ended(
            key, Outcome.FOUND, values=values_of(album), stale_after=freshness_of(album), reason=reason
        )  # fmt: skip

    async def _list_page(self, url: str) -> TextResponse:
        """A page that tells of many albums, for others who hold no place behind the gate."""
        async with self._gate.hold():
            page = await self._page(url)
        if page.status == 200:
            self._gate.widen(self._at_once)
        return page

    async def _search(self, wanted: Wanted) -> Answer:
        page = await self._page(search_url(self._base_url, wanted.artist, wanted.album))
        with self._context.unknown_pages.kept(page):
            cards = read_search(page)
        self._gate.widen(self._at_once)
        await into_catalogue(self._context, cards, SeenOn.CARD, page)
        album = wanted.among(cards, certain=False)
        if album is None:
            return self.ended(wanted.key, Outcome.ABSENT, reason="no album of the search matched well enough")
        return await self._read(wanted.key, album.url)

    async def _read(self, key: str, url: str) -> Answer:
        # Known addresses may be of another host: a mirror, a sandbox on other ports.
        page = await self._page(urljoin(self._base_url, urlsplit(url).path))
        if page.status in (404, 410):
            return self.ended(key, Outcome.ABSENT, reason=f"HTTP {page.status}")
        with self._context.unknown_pages.kept(page):
            found, beside = read_album_page(page)
        self._gate.widen(self._at_once)
        await into_catalogue(self._context, [found], SeenOn.ALBUM, page)
        await into_catalogue(self._context, beside, SeenOn.CARD, page)
        if is_video(found):  # its card did not say so
            return self.ended(key, Outcome.ABSENT, reason="a music video")
        now = self._context.clock()
        good_for = freshness_of(found) - (now - seen_at(page, now))
        return self.ended(key, Outcome.FOUND, values=values_of(found), stale_after=good_for)

    def _found(self, key: str, seen: CataloguedAlbum) -> Answer | None:
        """The catalogue's word as an answer of the day its scores were seen; None where nobody told them."""
        if seen.rated_at is None:
            return None
        good_until = seen.rated_at + freshness_of(seen.album)
        return Answer(
            self.source, key, Outcome.FOUND, seen.rated_at, good_until, values_of(seen.album),
            reason="in the catalogue", due=good_until <= self._context.clock(),
        )  # fmt: skip

    async def _page(self, url: str) -> TextResponse:
        page = await self._fetch("aoty", url, obey_robots=True, held=True)
        if not isinstance(page, TextResponse):
            raise Unusable("AOTY answered with something that is no page")
        return page
