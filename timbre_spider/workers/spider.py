"""A worker: jobs and batches come from Redis, each on a lease, and are done once their last song is committed."""

import asyncio
import logging
from collections.abc import AsyncIterator
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any
from uuid import UUID

from redis.exceptions import RedisError
from scrapy import signals
from scrapy.exceptions import CloseSpider, DontCloseSpider
from scrapy.http import Request, Response
from twisted.python.failure import Failure

from timbre_spider.config import Config
from timbre_spider.errors import TimbreError, Unusable
from timbre_spider.items import Song
from timbre_spider.matching.writing.real_words import read_words
from timbre_spider.spiders.batches import Rows
from timbre_spider.spiders.folded_chart import Handed
from timbre_spider.spiders.lastfm_top import OF_ONE_LISTENER, LastfmTop
from timbre_spider.stop_signal import stop_signal
from timbre_spider.storage.due import still_songs
from timbre_spider.storage.pages import pages_of_listener
from timbre_spider.workers.entries import QueuedBatch, QueuedJob, QueuedSong, Unreadable, write_batch
from timbre_spider.workers.shared_work import LEASE_SECONDS, SharedWork

logger = logging.getLogger(__name__)

# How often a worker with nothing to do looks for some, in seconds.
_LOOK = 0.5
# Signs of life within a lease.
_BEATS = 5


@dataclass(slots=True)
class _InWork:
    """A batch whose songs are on their way: how many, the ids of those stored, and what went wrong with one."""

    songs: int
    stored: list[UUID] = field(default_factory=list)
    failure: str = ""


class Worker(LastfmTop):
    """What `timbre worker` runs; how it is shared out is told in `scripts`."""

    def __init__(self, **given: Any) -> None:
        super().__init__(**given)
        self._batches_in_work: dict[str, _InWork] = {}
        self._idle_since: float | None = None

    @cached_property
    def work(self) -> SharedWork:
        """What all workers share."""
        return SharedWork.at(self.crawler.settings["REDIS_URL"])

    def parameters(self, config: Config) -> dict[str, Any]:
        """None: its jobs bring them."""
        return {}

    async def start(self) -> AsyncIterator[Request]:
        for listen, signal in (
            (self.take_more, signals.spider_idle),
            (self.count_stored, signals.item_scraped),
            (self.count_dropped, signals.item_dropped),
            (self.count_failed, signals.item_error),
            (self.give_back, signals.spider_error),
            (self.end, signals.spider_closed),
        ):
            self.crawler.signals.connect(listen, signal=signal)
        self._beating = asyncio.ensure_future(self._beat())
        # Read with the first song they would hold up all questions of a worker for as long.
        self._reading = asyncio.ensure_future(asyncio.to_thread(read_words))
        return
        yield

    def request_of(self, entry: QueuedJob | QueuedBatch) -> Request:
        """What the engine is to do about a piece of work."""
        if isinstance(entry, QueuedBatch):
            callback: Any = self.read_leased
        else:
            callback = self.read_job if entry.stage == "read" else self.settle
        return Request("data:,", callback=callback, cb_kwargs={"entry": entry}, dont_filter=True)

    async def read_job(self, response: Response, entry: QueuedJob) -> None:
        """The chart of a job, handed out to all workers at once: half a job is no job."""
        job = entry.job
        try:
            parts = await self.taken_of(job)
        except TimbreError as error:
            self.context.failures.add(error)
            if not isinstance(error, OF_ONE_LISTENER):
                self.work.give_back(job.id)
                raise CloseSpider(type(error).__name__) from None
            logger.error("%s", error)
            if isinstance(error, Unusable):
                self.work.give_back(job.id, str(error))
            else:
                self.work.bury(job.id, str(error))
            return
        chart, size = self._charts.pop(job.id), self.context.config.batch_size
        batches = [songs for part in parts for songs in chart.batches(part, size)]
        self.work.publish(
            job.id,
            [write_batch(job.listener, [QueuedSong.of(*song) for song in songs]) for songs in batches],
            [QueuedSong.of(*song).model_dump_json() for song in chart.rest()],
        )
        # Who reads the job again has it from Redis.
        pages_of_listener(self.context.config.data_dir, job.listener).forget()

    async def _wait_for_spotify(self, songs: list[Rows]) -> None:
        """Others take most of them: each worker plans Spotify's calls for what it has in hand."""

    async def settle(self, response: Response, entry: QueuedJob) -> None:
        """A job whose batches are done: where songs merged away as many more are handed out, else it is complete."""
        job = entry.job
        try:
            told = self.work.handed_out(job.id)
            stored = await asyncio.to_thread(still_songs, self.context.database, told.stored)
            # What is dead may yet be stored, and what was spooled is: neither leaves room for more.
            is_full = told.dead or self.context.writer.spooled
            more = [] if is_full else self.work.beyond(job.id, max(job.max_songs - stored, 0))
        except (RedisError, TimbreError, Unreadable) as error:
            self.work.give_back(job.id, f"{type(error).__name__}: {error}")
            return
        if not more:
            self.work.end(job.id, told.batches, stored)
            return
        size = self.context.config.batch_size
        texts = [write_batch(job.listener, more[at : at + size]) for at in range(0, len(more), size)]
        self.work.hand_out_more(job.id, told.batches, texts, len(more))

    async def read_leased(self, response: Response, entry: QueuedBatch) -> AsyncIterator[Song]:
        """The songs of a batch; who they are is worked out here, whatever Redis says."""
        self._batches_in_work[entry.id] = _InWork(len(entry.songs))
        async for song in self.read_batch(response, entry.listener, list(map(self._named, entry.songs))):
            song.batch_id = entry.id
            yield song

    def count_stored(self, item: Song) -> None:
        self._one_done(item, stored=True)

    def count_dropped(self, item: Song) -> None:
        # One that is the same as another is stored, too.
        self._one_done(item, stored=item.identity is not None)

    def count_failed(self, item: Song, failure: Failure) -> None:
        in_work = self._batches_in_work.get(item.batch_id)
        if in_work is not None:
            in_work.failure = f"{item.artist} - {item.title}: {type(failure.value).__name__}"
        self._one_done(item, stored=False)

    def give_back(self, failure: Failure, response: Response) -> None:
        """Work that met an error of our own."""
        entry = response.cb_kwargs.get("entry")
        if entry is not None:
            self._batches_in_work.pop(entry.id, None)
            self.work.give_back(entry.id, f"{type(failure.value).__name__}: {failure.value}")

    def take_more(self) -> None:
        """Another worker's work may come back while it has some, so only a queue with nothing in hand is idle."""
        if not self.work.is_all_done():
            self._idle_since = None
            raise DontCloseSpider
        now = asyncio.get_running_loop().time()
        self._idle_since = self._idle_since or now
        if now - self._idle_since < self.crawler.settings.getfloat("IDLE_BEFORE_END", float("inf")):
            raise DontCloseSpider

    def end(self) -> None:
        """What a worker has in hand when it ends goes to the others."""
        self._beating.cancel()
        for id in list(self.work.in_hand):
            self.work.give_back(id)

    def _one_done(self, song: Song, *, stored: bool) -> None:
        in_work = self._batches_in_work.get(song.batch_id)
        if in_work is None:
            return
        in_work.songs -= 1
        if stored and song.identity is not None:
            in_work.stored.append(song.identity.song_id)
        if in_work.songs:
            return
        del self._batches_in_work[song.batch_id]
        if stop_signal.name is not None:
            # The stop cut questions short: another worker asks them.
            self.work.give_back(song.batch_id)
        elif in_work.failure:
            self.work.give_back(song.batch_id, in_work.failure)
        else:
            self.work.done(song.batch_id, in_work.stored)

    async def _beat(self) -> None:
        """Says that this worker lives, and looks for work while it has none: the engine does every five seconds."""
        loop, beaten = asyncio.get_running_loop(), float("-inf")
        while True:
            await asyncio.sleep(_LOOK)
            if loop.time() - beaten >= LEASE_SECONDS / _BEATS:
                beaten = loop.time()
                self.work.renew()
            if not self.work.in_hand and self.crawler.engine.running and stop_signal.name is None:
                entry = self.work.take()
                if entry is not None:
                    self.crawler.engine.crawl(self.request_of(entry))

    def _named(self, song: QueuedSong) -> Handed:
        name_id = self.context.rules.name_id
        rows = [replace(row, name_id=name_id(row.artist, row.title)) for row in song.chart_rows()]
        return rows, (song.artist_songs, song.artist_spelling, song.is_often_played), song.artist_albums
