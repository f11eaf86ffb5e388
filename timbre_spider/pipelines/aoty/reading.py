"""What the pages of Album of the Year tell of the albums that wait, whichever of them a page was asked for."""

from collections.abc import Sequence
from datetime import timedelta

from timbre_spider.extensions.context import Context
from timbre_spider.extensions.fetch import Fetch
from timbre_spider.items import Answer, AotyAlbum, Outcome
from timbre_spider.matching.albums.choose import is_video
from timbre_spider.matching.albums.key import artist_part
from timbre_spider.pipelines.aoty.answers import freshness_of, values_of
from timbre_spider.pipelines.aoty.lately import OWN_PAGE, ReadLately
from timbre_spider.pipelines.aoty.pages import AotyPages
from timbre_spider.pipelines.aoty.waiting import WaitingRoom
from timbre_spider.pipelines.stage import Stage
from timbre_spider.planning.album_pages import AlbumPool
from timbre_spider.planning.album_want import AlbumWant, Page, PageKind

_VARIOUS = artist_part("Various Artists")


class Reading:
    """Takes albums out of the waiting room as pages tell of them, and the pool where else to look."""

    def __init__(self, context: Context, fetch: Fetch, stage: Stage, pool: AlbumPool, waiting: WaitingRoom) -> None:
        self._context = context
        self._stage = stage
        self._pool = pool
        self._waiting = waiting
        self._pages = AotyPages(context, fetch, stage, self._beside)
        self._read = ReadLately()

    async def named(self, key: str, url: str) -> Answer:
        """The answer of a page whose address somebody named."""
        read = await self._pages.album(url)
        if read is None or is_video(read[0]):
            return self._stage.ended(key, Outcome.ABSENT, reason="the page is gone")
        return self._found(key, *read, OWN_PAGE)

    async def page(self, page: Page) -> bool:
        """Asks for a page and uses all that it tells; whether it was a good one."""
        match page.kind:
            case PageKind.ALBUM:
                return await self._album(page)
            case PageKind.SEARCH:
                return await self._search(page.about)
            case PageKind.ARTIST:
                answer = await self._pages.artist(page.url)
                self._pool.artist_read(page.artist, is_listed=answer.outcome is Outcome.FOUND)
            case PageKind.WAY:
                answer = await self._pages.way(page.url)
                self._pool.way_read(page.artist, answer.values.get("artist_url") or "")
            case PageKind.MUST_HEAR | PageKind.CHART:
                answer = await self._pages.listed(page.kind, page.about, page.number)
                worth, is_last = answer.values.get("worth", 0), answer.values.get("last", True)
                self._pool.list_read(page, worth, is_last=is_last, failed=answer.outcome is Outcome.FAILED)
        return answer.outcome is Outcome.FOUND

    def albums_of(self, artist: str) -> list[AotyAlbum]:
        """The artist's albums on the pages read lately."""
        return [each.album for each in self._read.of(artist).values()]

    def learn_ways(self, albums: Sequence[AotyAlbum]) -> None:
        """Where pages of the artists are whose albums these are."""
        for album in albums:
            artist = artist_part(album.artist)
            if artist in self._context.heard and artist != _VARIOUS:
                self._pool.way_to(artist, album.artist_url or "", album.url)

    def match(self, want: AlbumWant) -> None:
        """An album that a page lists with its ratings waits no more; one without has its address from there, and so
        have those of which only their own pages tell which is meant."""
        waiting = self._waiting[want.key]
        read = self._read.of(waiting.wanted.artist)
        known = {each.url: each for each in waiting.held} | {url: each.album for url, each in read.items()}
        known = {url: album for url, album in known.items() if url not in waiting.gone}
        doubtful = {each.url for each in waiting.wanted.to_look_at(known.values())}
        if doubtful:
            # None is given where their own pages do not tell either.
            want.url = min((url for url in doubtful if url not in read or not read[url].is_own_page), default="")
            return
        album = waiting.wanted.among(known.values())
        if album is None:
            return
        want.url = album.url
        told = read.get(album.url)
        if told and (told.is_own_page or (album.user_score is not None and not want.is_owed_its_page)):
            self._waiting.tell(want.key, self._found(want.key, album, told.age, told.where))

    async def _album(self, page: Page) -> bool:
        read = await self._pages.album(page.url)
        # What stood beside what other pages told may have told it already.
        waiting, want = self._waiting.get(page.about), self._pool.get(page.about)
        if waiting is not None and want is not None:
            if read is None or not waiting.wanted.may_be(read[0]):
                # A page that is gone, or another album's, is looked for by its names.
                waiting.gone.update({page.url, read[0].url} if read else {page.url})
                want.url = ""
                self.match(want)
            elif want.url == page.url:
                self._waiting.tell(page.about, self._found(page.about, *read, OWN_PAGE))
        return read is not None

    async def _search(self, key: str) -> bool:
        waiting = self._waiting[key]
        cards = await self._pages.search(waiting.wanted.artist, waiting.wanted.album)
        if (want := self._pool.get(key)) is not None:
            want.searched = True
            album = waiting.wanted.among([each for each in cards if each.url not in waiting.gone])
            want.url = album.url if album else want.url
        return True

    def _beside(self, albums: Sequence[AotyAlbum], age: timedelta, reason: str) -> None:
        """What a page that was read tells of the albums that wait, and of where else to look."""
        self.learn_ways(albums)
        artists = self._read.add(albums, age, reason, self._context.heard)
        for want in self._pool.wants_of(artists):
            self.match(want)

    def _found(self, key: str, album: AotyAlbum, age: timedelta, reason: str) -> Answer:
        waiting = self._waiting.get(key)
        # Nobody waits for an album by its name whose page somebody named.
        score, tier = waiting.wanted.match(album) if waiting else (None, None)
        return self._stage.ended(
            key, Outcome.FOUND, values=values_of(album), score=score, tier=tier, reason=reason,
            stale_after=freshness_of(album, self._context.clock()) - age,
        )  # fmt: skip
