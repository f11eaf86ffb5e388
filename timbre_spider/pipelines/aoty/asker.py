"""Asks for the pages the planner chooses, and tells every album that waits what they told."""

import asyncio
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import timedelta

from scrapy.exceptions import IgnoreRequest

from timbre_spider.errors import Parked, Refused, SourceError, Stopped
from timbre_spider.extensions.context import Context
from timbre_spider.extensions.fetch import Fetch
from timbre_spider.items import Answer, AotyAlbum, Outcome
from timbre_spider.matching.albums.choose import is_video
from timbre_spider.matching.albums.key import artist_part
from timbre_spider.pipelines.aoty.answers import freshness_of, values_of
from timbre_spider.pipelines.aoty.lately import OWN_PAGE, ReadLately
from timbre_spider.pipelines.aoty.pages import AotyPages
from timbre_spider.pipelines.aoty.shared import SharedPages
from timbre_spider.pipelines.aoty.wanted import Wanted
from timbre_spider.pipelines.stage import Stage
from timbre_spider.planning.album_pages import AlbumPool
from timbre_spider.planning.album_want import AlbumWant, Page, PageKind

# Seconds that a page waits for albums the database is still asked about.
_MOMENT = 1.0
# When what was not looked for may be: in tomorrow's run.
_LATER = timedelta(hours=12)
_VARIOUS = artist_part("Various Artists")


@dataclass(slots=True)
class _Waiting:
    """`held` is what the catalogue has of the artist; `reply` is told the answer, or None: look what is known by now;
    `gone`: addresses that turned out to be no page of the album."""

    wanted: Wanted
    held: Sequence[AotyAlbum]
    reply: "asyncio.Future[Answer | None]"
    gone: set[str] = field(default_factory=set)


class AotyAsker:
    """As many pages at once as the gate lets through: one until the first good page, since a site that refuses us is to
    be asked once, not at once."""

    def __init__(self, context: Context, fetch: Fetch, stage: Stage) -> None:
        self._context = context
        self._stage = stage
        self._gate = context.gates["aoty"]
        self._at_once = context.config.scrape_concurrency
        self._gate.widen(1)
        self._pages = AotyPages(context, fetch, stage, self._beside)
        self._pool = AlbumPool()
        self._shared = SharedPages(context, self._pool, self._asked_elsewhere, self._serve)
        self._waiting: dict[str, _Waiting] = {}
        self._coming: dict[str, asyncio.Future[None]] = {}
        self._serving: set[asyncio.Task[None]] = set()
        self._asking = 0
        self._began = context.clock()
        # Why the site may not be searched.
        self._forbidden: IgnoreRequest | None = None
        self._read = ReadLately()

    async def about(self, wanted: Wanted, want: AlbumWant, held: Sequence[AotyAlbum]) -> Answer | None:
        """The answer about an album, once a page told it or none will; `held`: what the catalogue has of its artist.
        None where another worker has asked about the artist meanwhile: catalogue and ledger know more by now, and
        `want` may come again. Raises what ended the asking."""
        self._context.heard.add(want.artist)
        self._learn_ways(held)
        waiting = self._waiting[want.key] = _Waiting(wanted, held, asyncio.get_running_loop().create_future())
        self._pool.add(want)
        self.has_come(want.key)
        if not want.is_rated:  # a page may have told of it while the catalogue was asked
            self._match(want)
        self._serve()
        return await waiting.reply

    def comes(self, key: str, plays: int) -> None:
        """A song of an album: one that waits, or that may do so soon."""
        if want := self._pool.get(key):
            want.plays += plays
        elif key not in self._coming:
            self._coming[key] = asyncio.get_running_loop().create_future()

    def has_come(self, key: str) -> None:
        """It waits, or does not need to."""
        if coming := self._coming.pop(key, None):
            coming.set_result(None)

    def told_before(self, answer: Answer) -> None:
        """The catalogue has an album: by a page of this run, perhaps, which was worth its request then."""
        if answer.asked_at >= self._began:
            self._pool.told_beside()

    def albums_of(self, artist: str) -> list[AotyAlbum]:
        """The artist's albums on the pages read lately."""
        return [each.album for each in self._read.of(artist).values()]

    async def page(self, key: str, url: str) -> Answer:
        """The answer of a page whose address somebody named."""
        async with self._gate.hold():
            read = await self._pages.album(url)
            if read is None or is_video(read[0]):
                return self._stage.ended(key, Outcome.ABSENT, reason="the page is gone")
            self._gate.widen(self._at_once)
            return self._found(key, *read, OWN_PAGE)

    def _serve(self) -> None:
        while len(self._serving) < min(self._at_once, len(self._waiting)):
            task = asyncio.create_task(self._ask_on())
            self._serving.add(task)

    async def _ask_on(self) -> None:
        if self._coming:  # those that come together are planned for together
            await asyncio.wait(self._coming.values(), timeout=_MOMENT)
        try:
            while self._waiting:
                async with self._gate.hold():
                    page = self._shared.next_page(search=self._forbidden is None)
                    if page is None:
                        break
                    try:
                        await self._ask_for(page)
                    finally:
                        self._shared.read(page)
            if not (self._asking or self._shared.left_aside):
                self._settle(self._pool.wants())
        except Exception as error:
            for key in list(self._waiting):
                self._tell(key, error)
        finally:
            # Now, and not when the loop comes to it: an album that comes between would be left waiting.
            if task := asyncio.current_task():
                self._serving.discard(task)

    async def _ask_for(self, page: Page) -> None:
        self._asking += 1
        self._pool.asked(page)
        try:
            await self._ask(page)
        except (Parked, Refused, Stopped):
            raise
        except (SourceError, IgnoreRequest) as error:
            if page.kind is PageKind.SEARCH and isinstance(error, IgnoreRequest):
                self._forbidden = error
                self._stage.tell(str(error))
            else:
                self._tell(page.about, error)
        finally:
            self._asking -= 1
            self._pool.asked(page, ends=True)
        self._settle(self._pool.hopeless(page.artist, search=self._forbidden is None))
        # What it brought may lead to more pages than before.
        self._serve()

    async def _ask(self, page: Page) -> None:
        match page.kind:
            case PageKind.ALBUM:
                await self._ask_album(page)
            case PageKind.SEARCH:
                await self._ask_search(page.about)
            case PageKind.ARTIST:
                answer = await self._pages.artist(page.url)
                self._was_good(answer)
                self._pool.artist_read(page.artist, is_listed=answer.outcome is Outcome.FOUND)
            case PageKind.WAY:
                answer = await self._pages.way(page.url)
                self._was_good(answer)
                self._pool.way_read(page.artist, answer.values.get("artist_url") or "")
            case PageKind.MUST_HEAR | PageKind.CHART:
                answer = await self._pages.listed(page.kind, page.about, page.number)
                self._was_good(answer)
                worth, is_last = answer.values.get("worth", 0), answer.values.get("last", True)
                self._pool.list_read(page, worth, is_last=is_last, failed=answer.outcome is Outcome.FAILED)

    async def _ask_album(self, page: Page) -> None:
        read = await self._pages.album(page.url)
        if read is not None:
            self._gate.widen(self._at_once)
        # What stood beside what other pages told may have told it already.
        waiting, want = self._waiting.get(page.about), self._pool.get(page.about)
        if waiting is None or want is None:
            return
        if read is None or not waiting.wanted.may_be(read[0]):
            # A page that is gone, or another album's, is looked for by its names.
            waiting.gone.update({page.url, read[0].url} if read else {page.url})
            want.url = ""
            self._match(want)
        elif want.url == page.url:
            self._tell(page.about, self._found(page.about, *read, OWN_PAGE))

    async def _ask_search(self, key: str) -> None:
        waiting = self._waiting[key]
        cards = await self._pages.search(waiting.wanted.artist, waiting.wanted.album)
        self._gate.widen(self._at_once)
        if (want := self._pool.get(key)) is not None:
            want.searched = True
            album = waiting.wanted.among([each for each in cards if each.url not in waiting.gone])
            want.url = album.url if album else want.url

    def _was_good(self, answer: Answer) -> None:
        if answer.outcome is Outcome.FOUND:
            self._gate.widen(self._at_once)

    def _beside(self, albums: Sequence[AotyAlbum], age: timedelta, reason: str) -> None:
        """What a page that was read tells of the albums that wait, and of where else to look."""
        self._learn_ways(albums)
        artists = self._read.add(albums, age, reason, self._context.heard)
        for want in self._pool.wants_of(artists):
            self._match(want)

    def _learn_ways(self, albums: Sequence[AotyAlbum]) -> None:
        for album in albums:
            artist = artist_part(album.artist)
            if artist in self._context.heard and artist != _VARIOUS:
                self._pool.way_to(artist, album.artist_url or "", album.url)

    def _match(self, want: AlbumWant) -> None:
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
            self._tell(want.key, self._found(want.key, album, told.age, told.where))

    def _found(self, key: str, album: AotyAlbum, age: timedelta, reason: str) -> Answer:
        waiting = self._waiting.get(key)
        # Nobody waits for an album by its name whose page somebody named.
        score, tier = waiting.wanted.match(album) if waiting else (None, None)
        return self._stage.ended(
            key, Outcome.FOUND, values=values_of(album), score=score, tier=tier, reason=reason,
            stale_after=freshness_of(album, self._context.clock()) - age,
        )  # fmt: skip

    def _settle(self, wants: Iterable[AlbumWant]) -> None:
        """The end of waiting for what no page is left, or none that is worth it."""
        for want in wants:
            if self._pool.artist(want.artist).is_read or (self._forbidden is None and want.searched):
                reason = "no page of the site that was read tells of it"
                self._tell(want.key, self._stage.ended(want.key, Outcome.ABSENT, reason=reason))
            elif self._forbidden is not None:
                self._tell(want.key, self._forbidden)
            else:
                reason = "too few of the albums looked for before it are on the site; it is looked for in a later run"
                self._tell(want.key, Parked(self._context.clock() + _LATER, reason))

    def _asked_elsewhere(self, artist: str) -> None:
        for want in self._pool.wants_of([artist]):
            self._tell(want.key, None)

    def _tell(self, key: str, told: Answer | Exception | None) -> None:
        """The end of an album's waiting."""
        waiting = self._waiting.pop(key, None)
        if waiting is None:
            return
        self._pool.remove(key, found=isinstance(told, Answer) and told.outcome is Outcome.FOUND)
        if waiting.reply.done():
            return
        if isinstance(told, Exception):
            waiting.reply.set_exception(told)
        else:
            waiting.reply.set_result(told)
