"""The stage itself: which album a song asks about, and where the answer is looked for first."""

from datetime import timedelta
from functools import partial

from scrapy.exceptions import IgnoreRequest
from scrapy.statscollectors import StatsCollector

from timbre_spider.errors import SourceError
from timbre_spider.extensions.context import Context
from timbre_spider.extensions.fetch import Fetch
from timbre_spider.items import Answer, AotyAlbum, CataloguedAlbum, Outcome, Song
from timbre_spider.matching.albums.dates import distance
from timbre_spider.matching.albums.key import album_key, artist_part
from timbre_spider.pipelines.aoty.answers import album_from, freshness_of, values_of
from timbre_spider.pipelines.aoty.asker import AotyAsker
from timbre_spider.pipelines.aoty.wanted import Wanted, wanted_by, without_album
from timbre_spider.pipelines.stage import Stage
from timbre_spider.planning.album_want import AlbumWant
from timbre_spider.sources.aoty.freshness import USUALLY_GOOD_FOR


class Aoty(Stage):
    """One answer an album, for all its songs."""

    source = "aoty"
    stale_after: timedelta = USUALLY_GOOD_FOR

    def __init__(self, context: Context, fetch: Fetch, stats: StatsCollector) -> None:
        super().__init__(context, fetch, stats)
        self._asker = AotyAsker(context, fetch, self)

    async def enrich(self, song: Song) -> Outcome | None:
        right = self._context.rules.overrides.aoty.get(song.name_id)
        if right:
            answer = await self.answer(song, f"url:{right}", partial(self._given, right))
            song.aoty = album_from(answer.values) if answer.values else None
            return answer.outcome
        wanted = wanted_by(song)
        if wanted is None:
            return without_album(song)
        self._asker.waiting.comes(wanted.key, song.playcount)
        try:
            answer = await self.answer(song, wanted.key, partial(self._ask, wanted, song.playcount))
        finally:
            self._asker.waiting.has_come(wanted.key)
        if answer.values and await self._is_elsewhere(wanted, album_from(answer.values)):
            wanted = wanted.by_date()
            answer = await self.answer(song, wanted.key, partial(self._ask, wanted, song.playcount))
        if answer.values:
            song.aoty = album_from(answer.values)
        return answer.outcome

    def is_due(self, known: Answer) -> bool:
        """What was not found may have come into the catalogue since."""
        return known.due or (not known.values and known.key.startswith("album:"))

    async def _is_elsewhere(self, wanted: Wanted, taken: AotyAlbum) -> bool:
        """Whether the album that all songs of that name were given is not this one's."""
        if not distance(taken.release_date, wanted.released):
            return False
        known = [each.album for each in await self._held(wanted)] + self._asker.reading.albums_of(wanted.artist)
        return (
            wanted.is_elsewhere(known, taken)
            or await self._context.reader.answer(self.source, wanted.by_date().key) is not None
        )

    async def _given(self, url: str, known: Answer | None) -> Answer:
        return await self._asker.page(f"url:{url}", url)

    async def _ask(self, wanted: Wanted, plays: int, known: Answer | None, *, searched: bool = False) -> Answer:
        """The catalogue goes first, the site after it; where the site cannot be asked, the catalogue's word stands."""
        held = await self._held(wanted)
        before = known.values if known and known.outcome is not Outcome.ABSENT else {}
        albums = [each.album for each in held] + self._asker.reading.albums_of(wanted.artist)
        if before and artist_part(before["artist"]) != artist_part(wanted.artist):
            # A joint release's, perhaps, which the catalogue has by the names of all.
            albums.append(album_from(before))
        album = wanted.among({each.url: each for each in reversed(albums)}.values())
        seen = next((each for each in held if each.album is album), None)
        told = self._found(wanted, seen) if seen else None
        if told and not told.due:
            self._asker.told_before(told)
            return told
        if known and not known.due and not (album and known.outcome is Outcome.ABSENT):
            return known
        want = AlbumWant(
            wanted.key, artist_part(wanted.artist), wanted.year, plays,
            url=before.get("url") or (seen.album.url if seen else ""), searched=searched,
            is_rated=bool(before or told), is_told=seen is not None and seen.is_told,
        )  # fmt: skip
        try:
            answer = await self._asker.about(wanted, want, albums)
        except (SourceError, IgnoreRequest) as error:
            if told is None:
                raise
            self.tell(str(error))
            return told
        if answer is None:
            known = await self._context.reader.answer(self.source, wanted.key)
            return await self._ask(wanted, want.plays, known, searched=want.searched)
        return answer

    async def _held(self, wanted: Wanted) -> list[CataloguedAlbum]:
        """What the catalogue has of the artist; of various artists, what has the album's name."""
        key = album_key(wanted.artist, wanted.album)
        return await self._context.reader.albums([artist_part(wanted.artist)], key, wanted.spotify_album_id)

    def _found(self, wanted: Wanted, seen: CataloguedAlbum) -> Answer | None:
        """The catalogue's word as an answer of the day its scores were seen; None where nobody told them."""
        if seen.rated_at is None:
            return None
        good_until = seen.rated_at + freshness_of(seen.album, self._context.clock())
        return Answer(
            self.source, wanted.key, Outcome.FOUND, seen.rated_at, good_until, values_of(seen.album),
            *wanted.match(seen.album), reason="in the catalogue", due=good_until <= self._context.clock(),
        )  # fmt: skip
