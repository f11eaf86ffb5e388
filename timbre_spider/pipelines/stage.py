"""What the enriching stages have in common: ask once, remember at once, never lose a song."""

import asyncio
import logging
import time
from abc import ABC, abstractmethod
from collections import OrderedDict
from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import ClassVar, Self

from scrapy.crawler import Crawler
from scrapy.exceptions import IgnoreRequest, NotConfigured
from scrapy.statscollectors import StatsCollector

from timbre_spider.errors import KeyRejected, SourceError
from timbre_spider.extensions.context import Context
from timbre_spider.extensions.fetch import Fetch, fetch_through
from timbre_spider.items import Answer, Outcome, Song
from timbre_spider.sources.gate import Parked, Refused, Stopped

logger = logging.getLogger(__name__)

# Answers just given stay at hand until the database can tell them; artists and albums recur within a few batches. Twice
# as many as songs are in work; each takes some 3 kB, in every stage.
_AT_HAND = 1000

Ask = Callable[[Answer | None], Awaitable[Answer]]
"""Asks the source; given what is known already, which is due or nothing."""


class Stage(ABC):
    """A stage that asks one source. Every question ends in one Answer; the song goes on whatever it is.

    `catches_all`: an error of our own fails the question, not the run. Tests turn it off.
    """

    source: ClassVar[str]
    # How long a found answer stays good; None: for ever.
    stale_after: timedelta | None = None
    catches_all = True

    def __init__(self, context: Context, fetch: Fetch, stats: StatsCollector) -> None:
        self._context = context
        self._fetch = fetch
        self._stats = stats
        self._asked: OrderedDict[str, asyncio.Task[Answer]] = OrderedDict()
        self._told: set[str] = set()
        self._seconds = 0.0

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        if cls.source in crawler.settings.getlist("SKIP_SOURCES"):
            raise NotConfigured
        return cls(Context.of(crawler), fetch_through(crawler), crawler.stats)

    @abstractmethod
    async def enrich(self, song: Song) -> Outcome | None:
        """Puts what the source knows into `song`; None when there was nothing to ask."""

    async def process_item(self, song: Song) -> Song:
        # Until a question says otherwise there is none.
        song.asked[self.source, 0] = ""
        started = time.perf_counter()
        self._stats.inc_value(f"timbre/songs_with/{self.source}")
        try:
            outcome = await self.enrich(song)
        finally:
            self._stats.inc_value(f"timbre/songs_with/{self.source}", -1)
        self._seconds += time.perf_counter() - started
        self._stats.set_value(f"timbre/seconds/{self.source}", self._seconds)
        if outcome is not None:
            song.outcomes[self.source] = outcome
            self._stats.inc_value(f"timbre/{self.source}/{outcome}")
        return song

    async def answer(self, song: Song, key: str, ask: Ask, page: int = 0) -> Answer:
        """The answer about `key`: a fresh one that is known, else asked once for all the songs that wait for it.

        `page` 0 is the song's own question to this source, a higher one a page looked through on the way.
        """
        song.asked[self.source, page] = key
        return await self.remembered(key, ask, song.known.get((self.source, key)))

    async def remembered(self, key: str, ask: Ask, known: Answer | None = None) -> Answer:
        """The same about a `key` that is not one song's."""
        task = self._asked.get(key)
        if task is None:
            task = asyncio.ensure_future(self._known_or_asked(known, key, ask))
            self._asked[key] = task
            if len(self._asked) > _AT_HAND:
                self._asked.popitem(last=False)
        return await asyncio.shield(task)

    def is_asked(self, key: str) -> bool:
        """Whether `key` was asked about lately."""
        return key in self._asked

    async def _known_or_asked(self, known: Answer | None, key: str, ask: Ask) -> Answer:
        if known is None:
            known = await self._context.reader.answer(self.source, key)
        if known is not None and not self.is_due(known):
            return known
        answer = await self._answered(known, key, ask)
        await self._context.writer.record([answer])
        if known is not None and not answer.values:
            # What was found once stays usable; the ledger keeps it too.
            return replace(answer, values=known.values, score=known.score, tier=known.tier)
        return answer

    async def _answered(self, known: Answer | None, key: str, ask: Ask) -> Answer:
        try:
            return await ask(known)
        except IgnoreRequest as ignored:
            self.tell(str(ignored))
            return self.ended(key, Outcome.REFUSED, reason=str(ignored))
        except SourceError as error:
            return self.ended_by(key, error)
        except Exception as error:
            if not self.catches_all:
                raise
            # One source's failure must not lose the song; the log keeps what is ours to mend.
            logger.exception("%s failed for %s", self.source, key)
            return self.ended(key, Outcome.FAILED, reason=type(error).__name__)

    def ended(
        self,
        key: str,
        outcome: Outcome,
        *,
        values: dict[str, object] | None = None,
        score: float | None = None,
        tier: str | None = None,
        reason: str = "",
        until: datetime | None = None,
        stale_after: timedelta | None = None,
    ) -> Answer:
        """The answer about `key`: found, and how long that stays good, or how else it ended (`until`: a named time)."""
        now = self._context.clock()
        good_for = stale_after or self.good_for()
        if outcome is Outcome.FOUND and good_for is not None:
            until = now + good_for
        return Answer(self.source, key, outcome, now, until, values or {}, score, tier, reason)

    def ended_by(self, key: str, error: SourceError) -> Answer:
        """The answer about `key` that nobody gave."""
        match error:
            case Parked(until=until):
                return self.ended(key, Outcome.DEFERRED, reason=str(error), until=until)
            case Stopped():
                return self.ended(key, Outcome.DEFERRED, reason="the run was stopped", until=self._context.clock())
            case Refused() | KeyRejected():
                # Its gate has said so, once.
                return self.ended(key, Outcome.REFUSED, reason=str(error))
        return self.ended(key, Outcome.FAILED, reason=str(error))

    def good_for(self) -> timedelta | None:
        """How long what is found now stays good; None: for ever."""
        return self.stale_after

    def is_due(self, known: Answer) -> bool:
        """Whether to ask again what is known."""
        return known.due

    def tell(self, reason: str) -> None:
        """Says a reason in the log, once a run."""
        if reason not in self._told:
            self._told.add(reason)
            logger.warning("%s: %s", self.source, reason)
