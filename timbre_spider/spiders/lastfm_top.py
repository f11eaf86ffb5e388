"""A listener's top tracks: read the chart whole, fold it, hand it out in batches."""

import asyncio
import logging
from collections.abc import AsyncIterator, Iterator, Sequence
from dataclasses import asdict
from itertools import chain
from typing import Any, ClassVar

from scrapy import signals
from scrapy.exceptions import CloseSpider, DontCloseSpider
from scrapy.http import Request, Response

from timbre_spider.config import Config
from timbre_spider.errors import TimbreError, Unusable, UserPrivate, UserUnknown
from timbre_spider.extensions.context import Context
from timbre_spider.extensions.fetch import fetch_through
from timbre_spider.extensions.flow import count_flow
from timbre_spider.items import Song
from timbre_spider.matching.albums.key import artist_part
from timbre_spider.matching.folding.fold import fold_chart
from timbre_spider.pipelines.spotify.artists import wait_for
from timbre_spider.spiders.arguments import AskedSpider, ChartArguments
from timbre_spider.spiders.batches import Rows, plays
from timbre_spider.spiders.folded_chart import FoldedChart, Handed
from timbre_spider.spiders.job import Job, JobArguments
from timbre_spider.spiders.listener import Listening, read_listener
from timbre_spider.storage.due import stale_keys, unanswered_keys
from timbre_spider.storage.pages import pages_of_listener

logger = logging.getLogger(__name__)

# What is wrong with one listener's history, and with nothing else.
OF_ONE_LISTENER = (UserUnknown, UserPrivate, Unusable)


class LastfmTop(AskedSpider):
    """`-a max=N -a user=NAME|users=NAME,NAME|FILE -a period=overall -a history=1`.

    Songs in work at most: (CONCURRENT_REQUESTS + SCRAPER_SLOT_MAX_ACTIVE_SIZE / 1 kB + 1) batches.
    """

    name = "lastfm_top"
    takes: ClassVar[type[JobArguments]] = ChartArguments
    asked: JobArguments

    def __init__(self, **given: Any) -> None:
        super().__init__(**given)
        # By job, as long as songs may be taken from them.
        self._charts: dict[str, FoldedChart] = {}
        # The songs asked for, by their first rows' names: what several listeners heard is one.
        self._wanted: set[str] = set()

    @property
    def context(self) -> Context:
        """What this crawl works with."""
        return Context.of(self.crawler)

    def parameters(self, config: Config) -> dict[str, Any]:
        """The listener or listeners, the number of songs, the period."""
        jobs = Job.all_of(config, self.asked)
        asked = super().parameters(config) | {"user": jobs[0].listener, "max": jobs[0].max_songs}
        # What was not asked for is left out, so that runs that asked the same can be told by it.
        asked.pop("users", None)
        if asked.get("history") == "0":
            del asked["history"]
        return asked if len(jobs) == 1 else asked | {"user": None, "users": [job.listener for job in jobs]}

    async def start(self) -> AsyncIterator[Request]:
        # Not earlier: `scrapy parse` starts otherwise, and has no chart to take more from.
        self.crawler.signals.connect(self.take_more, signal=signals.spider_idle)
        self.crawler.signals.connect(self.forget_pages, signal=signals.spider_closed)
        for job in Job.all_of(self.context.config, self.asked):
            yield self._job_request(job)

    async def read_chart(self, response: Response, job: dict[str, Any]) -> AsyncIterator[Request]:
        """The job's only page: the chart, folded, as batches."""
        task = Job(**job)
        try:
            parts = await self.taken_of(task)
        except TimbreError as error:
            self.context.failures.add(error)
            if isinstance(error, OF_ONE_LISTENER) and len(Job.all_of(self.context.config, self.asked)) > 1:
                # The others' songs are stored all the same.
                logger.error("%s", error)
                return
            raise CloseSpider(type(error).__name__) from None
        for batch in self._batches(self._charts[task.id], *parts):
            yield batch

    async def taken_of(self, job: Job) -> tuple[list[Rows], list[Rows]]:
        """The songs the job takes from its chart: those never asked about, and those to renew, which go after them.

        Raises what reading the chart and Spotify's key may raise.
        """
        if self.context.spotify and not self.crawler.settings.getbool("DRY_RUN"):
            await self.context.spotify.check_key()
        listening = await self.read(job)
        rows, rules = listening.rows, self.context.rules
        songs = await asyncio.to_thread(fold_chart, rows, rules.collapse, rules.overrides)
        self.context.listeners[job.listener].plays_read += plays(rows)
        count_flow(self.crawler.stats, "chart", len(rows), plays(rows))
        count_flow(self.crawler.stats, "beyond", len(rows), plays(rows))
        self.crawler.stats.inc_value("timbre/songs_folded", len(songs))
        chart = self._charts[job.id] = FoldedChart(job, songs, listening.albums, rules.name_id)
        taken = await asyncio.to_thread(self._take, chart, job.max_songs)
        self._wanted.update(song[0].name_id for song in taken)
        self.crawler.stats.set_value("timbre/songs_wanted", len(self._wanted))
        self.context.heard.update(map(artist_part, {song[0].artist for song in taken}))
        await self._wait_for_spotify(taken)
        stale = await asyncio.to_thread(self._stale_of, taken)
        return (
            [song for song in taken if song[0].name_id not in stale],
            [song for song in taken if song[0].name_id in stale],
        )

    async def read(self, job: Job) -> Listening:
        """What the job's listener heard."""
        history = isinstance(self.asked, ChartArguments) and self.asked.history == "1"
        return await read_listener(self.context, fetch_through(self.crawler), job, history=history)

    async def read_batch(self, response: Response, listener: str, songs: Sequence[Handed]) -> AsyncIterator[Song]:
        """The songs of a batch."""
        for rows, (artist_songs, artist_spelling, is_often_played), artist_albums in songs:
            yield Song.of_rows(
                listener,
                rows,
                artist_songs=artist_songs,
                artist_spelling=artist_spelling,
                artist_albums=tuple(artist_albums),
                is_often_played=is_often_played,
            )

    async def _wait_for_spotify(self, songs: list[Rows]) -> None:
        """Spotify's scarce calls are chosen for the whole listener, not for the songs that happen to be in work."""
        settings, context = self.crawler.settings, self.context
        skipped = context.spotify is None or "spotify" in settings.getlist("SKIP_SOURCES")
        if skipped or settings.getbool("DRY_RUN"):
            return
        keys = [song[0].name_id for song in songs]
        unanswered = await asyncio.to_thread(unanswered_keys, context.database, "spotify", keys, context.clock())
        await wait_for(context, (song for song in songs if song[0].name_id in unanswered))

    def _stale_of(self, songs: list[Rows]) -> set[str]:
        """The songs that Spotify told of once and would be asked about anew."""
        if self.context.spotify is None or self.context.spotify.mode == "development":
            return set()
        return stale_keys(self.context.database, "spotify", [song[0].name_id for song in songs])

    def take_more(self) -> None:
        """When all is done and songs merged away, take as many more."""
        if self._took_more_songs():
            raise DontCloseSpider

    def forget_pages(self, reason: str) -> None:
        """When all is done the listeners' pages are of no more use; a run that was stopped may be started again, and a
        dry one is followed by another."""
        if reason == "finished" and not self.crawler.settings.getbool("DRY_RUN"):
            for job in Job.all_of(self.context.config, self.asked):
                pages_of_listener(self.context.config.data_dir, job.listener).forget()

    def _took_more_songs(self) -> bool:
        # A dry run stores nothing, and what was spooled is stored later: neither leaves room for more.
        if self.crawler.settings.getbool("DRY_RUN") or self.context.writer.spooled:
            return False
        for job_id, chart in list(self._charts.items()):
            missing = chart.job.max_songs - self.context.stored.songs_of(chart.job.listener)
            batches = list(self._batches(chart, self._take(chart, missing)))
            for batch in batches:
                self.crawler.engine.crawl(batch)
            if batches:
                return True
            del self._charts[job_id]
        return False

    def _take(self, chart: FoldedChart, count: int) -> list[Rows]:
        taken = chart.take(count)
        count_flow(self.crawler.stats, "beyond", -sum(map(len, taken)), -sum(map(plays, taken)))
        return taken

    def _batches(self, chart: FoldedChart, *parts: list[Rows]) -> Iterator[Request]:
        """Songs taken of a chart in batches, one part after the other."""
        size = self.context.config.batch_size
        for number, songs in enumerate(chain.from_iterable(chart.batches(part, size) for part in parts)):
            yield Request(
                "data:,batch",
                callback=self.read_batch,
                cb_kwargs={"listener": chart.job.listener, "songs": songs},
                priority=-number,
                dont_filter=True,
            )

    def _job_request(self, job: Job) -> Request:
        return Request(
            "data:,job",
            callback=self.read_chart,
            cb_kwargs={"job": asdict(job)},
            priority=1,
            dont_filter=True,
        )
