"""What the enriching stages have in common: ask once, remember at once, never lose a song."""

import asyncio
import logging
import time
from abc import ABC, abstractmethod
from collections import OrderedDict
from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import ClassVar, Self

from scrapy.crawler import Crawler
from scrapy.exceptions import IgnoreRequest, NotConfigured
from scrapy.statscollectors import StatsCollector

from timbre_spider.errors import SourceError
from timbre_spider.extensions.context import Context
from timbre_spider.extensions.fetch import Fetch, fetch_through
from timbre_spider.items import Answer, Outcome, Song
from timbre_spider.pipelines.freshness import due, next_check
from timbre_spider.sources.gate import Parked, Refused, Stopped

logger = logging.getLogger(__name__)

# Answers just given stay at hand until the database can tell them; artists and albums recur within a few batches.
_AT_HAND = 2000


class Stage(ABC):
    """A stage that asks one source. Every question ends in one Answer; the song goes on whatever it is."""

    source: ClassVar[str]
    # How long a found answer stays good; None: for ever.
    stale_after: timedelta | None = None

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
        started = time.perf_counter()
        outcome = await self.enrich(song)
        self._seconds += time.perf_counter() - started
        self._stats.set_value(f"timbre/seconds/{self.source}", self._seconds)
        if outcome is not None:
            song.outcomes[self.source] = outcome
            self._stats.inc_value(f"timbre/{self.source}/{outcome}")
        return song

    async def answer(self, song: Song, key: str, ask: Callable[[Answer | None], Awaitable[Answer]]) -> Answer:
        """The answer about `key`: a fresh one that is known, else asked once for all the songs that wait for it.

        `ask` is given the stale answer, if there is one, and returns the new one.
        """
        task = self._asked.get(key)
        if task is None:
            task = asyncio.ensure_future(self._known_or_asked(song.known.get((self.source, key)), key, ask))
            self._asked[key] = task
            if len(self._asked) > _AT_HAND:
                self._asked.popitem(last=False)
        return await asyncio.shield(task)

    async def _known_or_asked(
        self, known: Answer | None, key: str, ask: Callable[[Answer | None], Awaitable[Answer]]
    ) -> Answer:
        if known is None:
            known = await self._context.reader.answer(self.source, key)
        if known is not None and not due(known, datetime.now(UTC), self._context.started_at):
            return known
        try:
            answer = await ask(known)
        except Parked as parked:
            self.tell(str(parked))
            answer = self.ended(key, Outcome.DEFERRED, known, reason=str(parked), until=parked.until)
        except Stopped:
            answer = self.ended(key, Outcome.DEFERRED, known, reason="the run was stopped", until=datetime.now(UTC))
        except (Refused, IgnoreRequest) as refused:
            self.tell(str(refused))
            answer = self.ended(key, Outcome.REFUSED, known, reason=str(refused))
        except SourceError as error:
            answer = self.ended(key, Outcome.FAILED, known, reason=str(error))
        except Exception as error:
            # One source's failure must not lose the song; the log keeps what is ours to mend.
            logger.exception("%s failed for %s", self.source, key)
            answer = self.ended(key, Outcome.FAILED, known, reason=type(error).__name__)
        if known is not None and known.values and not answer.values:
            # What was found once stays usable; the database keeps it, and it stays due.
            return replace(answer, values=known.values, score=known.score, tier=known.tier)
        await self._context.writer.record([answer])
        return answer

    def ended(
        self,
        key: str,
        outcome: Outcome,
        known: Answer | None,
        *,
        values: dict[str, object] | None = None,
        score: float | None = None,
        tier: str | None = None,
        reason: str = "",
        until: datetime | None = None,
        stale_after: timedelta | None = None,
    ) -> Answer:
        """The answer about `key`, with the time it is to be asked again."""
        now = datetime.now(UTC)
        misses = (known.misses if known else 0) + 1 if outcome is Outcome.ABSENT else 0
        check = until or next_check(outcome, now, stale_after=stale_after or self.stale_after, misses=misses)
        return Answer(self.source, key, outcome, now, check, values or {}, score, tier, reason, misses)

    def tell(self, reason: str) -> None:
        """Says a reason in the log, once a run."""
        if reason not in self._told:
            self._told.add(reason)
            logger.warning("%s: %s", self.source, reason)
