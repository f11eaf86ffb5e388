"""Asks for the pages the planner chooses, one after another, for as long as albums wait."""

import asyncio
from collections.abc import Iterable, Sequence
from datetime import timedelta

from scrapy.exceptions import IgnoreRequest

from timbre_spider.errors import Parked, Refused, SourceError, Stopped
from timbre_spider.extensions.context import Context
from timbre_spider.extensions.fetch import Fetch
from timbre_spider.items import Answer, AotyAlbum, Outcome
from timbre_spider.pipelines.aoty.reading import Reading
from timbre_spider.pipelines.aoty.shared import SharedPages
from timbre_spider.pipelines.aoty.waiting import WaitingRoom
from timbre_spider.pipelines.aoty.wanted import Wanted
from timbre_spider.pipelines.stage import Stage
from timbre_spider.planning.album_pages import AlbumPool
from timbre_spider.planning.album_want import AlbumWant, Page, PageKind

# When what was not looked for may be: in tomorrow's run.
_LATER = timedelta(hours=12)


class AotyAsker:
    """As many pages at once as the gate lets through: one until the first good page, since a site that refuses us is to
    be asked once, not at once. `waiting` and `reading` are its parts that others may use."""

    def __init__(self, context: Context, fetch: Fetch, stage: Stage) -> None:
        self._context = context
        self._stage = stage
        self._gate = context.gates["aoty"]
        self._at_once = context.config.scrape_concurrency
        self._gate.widen(1)
        self._pool = AlbumPool()
        self.waiting = WaitingRoom(self._pool)
        self.reading = Reading(context, fetch, stage, self._pool, self.waiting)
        self._shared = SharedPages(context, self._pool, self._asked_elsewhere, self._serve)
        self._serving: set[asyncio.Task[None]] = set()
        self._asking = 0
        self._began = context.clock()
        # Why the site may not be searched.
        self._forbidden: IgnoreRequest | None = None

    async def about(self, wanted: Wanted, want: AlbumWant, held: Sequence[AotyAlbum]) -> Answer | None:
        """The answer about an album, once a page told it or none will; `held`: what the catalogue has of its artist.
        None where another worker has asked about the artist meanwhile: catalogue and ledger know more by now, and
        `want` may come again. Raises what ended the asking."""
        self._context.heard.add(want.artist)
        self.reading.learn_ways(held)
        reply = self.waiting.enter(wanted, want, held)
        if not want.is_rated:  # a page may have told of it while the catalogue was asked
            self.reading.match(want)
        self._serve()
        return await reply

    def told_before(self, answer: Answer) -> None:
        """The catalogue has an album: by a page of this run, perhaps, which was worth its request then."""
        if answer.asked_at >= self._began:
            self._pool.told_beside()

    async def page(self, key: str, url: str) -> Answer:
        """The answer of a page whose address somebody named."""
        async with self._gate.hold():
            answer = await self.reading.named(key, url)
            self._was(good=answer.outcome is Outcome.FOUND)
            return answer

    def _was(self, *, good: bool) -> None:
        if good:
            self._gate.widen(self._at_once)

    def _serve(self) -> None:
        while len(self._serving) < min(self._at_once, len(self.waiting)):
            task = asyncio.create_task(self._ask_on())
            self._serving.add(task)

    async def _ask_on(self) -> None:
        await self.waiting.gather()
        try:
            while self.waiting:
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
            self.waiting.tell_all(error)
        finally:
            # Now, and not when the loop comes to it: an album that comes between would be left waiting.
            if task := asyncio.current_task():
                self._serving.discard(task)

    async def _ask_for(self, page: Page) -> None:
        self._asking += 1
        self._pool.asked(page)
        try:
            self._was(good=await self.reading.page(page))
        except (Parked, Refused, Stopped):
            raise
        except (SourceError, IgnoreRequest) as error:
            if page.kind is PageKind.SEARCH and isinstance(error, IgnoreRequest):
                self._forbidden = error
                self._stage.tell(str(error))
            else:
                self.waiting.tell(page.about, error)
        finally:
            self._asking -= 1
            self._pool.asked(page, ends=True)
        self._settle(self._pool.hopeless(page.artist, search=self._forbidden is None))
        # What it brought may lead to more pages than before.
        self._serve()

    def _settle(self, wants: Iterable[AlbumWant]) -> None:
        """The end of waiting for what no page is left, or none that is worth it."""
        for want in wants:
            if self._pool.artist(want.artist).is_read or want.searched:
                reason = "no page of the site that was read tells of it"
                self.waiting.tell(want.key, self._stage.ended(want.key, Outcome.ABSENT, reason=reason))
            elif self._forbidden is not None:
                self.waiting.tell(want.key, self._forbidden)
            else:
                reason = "too few of the albums looked for before it are on the site; it is looked for in a later run"
                self.waiting.tell(want.key, Parked(self._context.clock() + _LATER, reason))

    def _asked_elsewhere(self, artist: str) -> None:
        for want in self._pool.wants_of([artist]):
            self.waiting.tell(want.key, None)
