"""Feeds (`-O FILE`): written from the database once the run has gone well, so that they say what it says."""

import asyncio
import logging
from collections.abc import AsyncIterator
from pathlib import Path
from typing import IO, Any

from scrapy import Spider
from scrapy.crawler import Crawler
from scrapy.exceptions import NotConfigured
from scrapy.extensions.feedexport import FeedExporter, FeedSlot, FileFeedStorage

from timbre_spider.errors import RunError
from timbre_spider.extensions.context import Context
from timbre_spider.how_many import how_many
from timbre_spider.items import Song
from timbre_spider.storage.quality import AT_ONCE
from timbre_spider.storage.replacement import Replacement

logger = logging.getLogger(__name__)

# Bounds the user set himself: a crawl that reached one did what it was asked.
ASKED_ENDS = {
    "finished",
    "closespider_itemcount",
    "closespider_pagecount",
    "closespider_pagecount_no_item",
    "closespider_timeout",
    "closespider_timeout_no_item",
}
# Songs of one question: well within the seconds Supabase's REST side gives it, and a few MB at a time.
_AT_ONCE = 100
_TEXT_FORMATS = {"jsonl", "jsonlines", "jl", "json", "csv", "xml"}


class Feeds(FeedExporter):
    """Scrapy's feed export, told the songs of the run by the database instead of by the items that went there.

    `became`: what became of each feed, by its address. A run that failed leaves every feed as it was; a feed that
    cannot be written makes the run fail.
    """

    def __init__(self, crawler: Crawler) -> None:
        self.became: dict[str, str] = {}
        self._context = Context.of(crawler)
        try:
            super().__init__(crawler)
        except NotConfigured:
            if crawler.settings["FEEDS"]:
                # Scrapy would go on without.
                self._fail(" and ".join(map(str, crawler.settings.getdict("FEEDS"))), "the log says why")
            raise
        self._writing: asyncio.Task[None] | None = None

    def item_scraped(self, item: Song, spider: Spider) -> None:
        """Nothing yet: a later merge may change the song."""

    async def close_spider(self, spider: Spider, reason: str = "finished") -> None:
        await self.written(spider, reason)

    async def written(self, spider: Spider, reason: str) -> None:
        """Returns when the feeds are written, or left alone; whoever asks first starts it."""
        if self._writing is None:
            self._writing = asyncio.ensure_future(self._write(spider, reason))
        await self._writing

    async def _write(self, spider: Spider, reason: str) -> None:
        if not self._went_well(reason):
            for slot in self.slots:
                self._note(slot, "left as it was, for the run failed; what is stored: timbre export")
            return
        try:
            async for song in self._records():
                super().item_scraped(song, spider)
        except Exception as error:
            for slot in self.slots:
                if isinstance(slot.storage, LocalFeed):
                    slot.storage.discard()
            self._fail(" and ".join(slot.uri for slot in self.slots), error)
            return
        await super().close_spider(spider)

    def _went_well(self, reason: str) -> bool:
        self._context.failures.add_unstored(self._context.writer)
        failed = self._context.failures.first or self.crawler.stats.get_value("spider_exceptions/count")
        return not failed and reason in ASKED_ENDS

    async def _records(self) -> AsyncIterator[dict[str, Any]]:
        """The songs of the run as song_features (sql/0039_features.sql) shows them, each once."""
        link = self._context.database.link()
        ids, told = [str(song_id) for song_id in self._context.stored], set()
        try:
            while await link.call("timbre_judge_due", {"most": str(AT_ONCE)}):
                pass
            for start in range(0, len(ids), _AT_ONCE):
                for record in await link.call("timbre_features", {"ids": ids[start : start + _AT_ONCE]}):
                    if record["id"] not in told:
                        told.add(record["id"])
                        yield record
        finally:
            await link.close()

    async def _close_slot(self, slot: FeedSlot, spider: Spider) -> None:
        failures = f"feedexport/failed_count/{type(slot.storage).__name__}"
        before = self.crawler.stats.get_value(failures, 0)
        try:
            await super()._close_slot(slot, spider)
            if isinstance(slot.storage, LocalFeed):
                self._note(slot, slot.storage.finish(slot.itemcount))
        except Exception as error:
            if isinstance(slot.storage, LocalFeed):
                slot.storage.discard()
            self._fail(slot.uri, error)
        else:
            if self.crawler.stats.get_value(failures, 0) > before:
                self._fail(slot.uri, "the log says why")

    def _note(self, slot: FeedSlot, became: str) -> None:
        self.became[slot.uri] = became
        logger.info("Feed %s: %s", slot.uri, became)

    def _fail(self, feed: str, why: object) -> None:
        said = " ".join(f"{type(why).__name__}: {why}".split()) if isinstance(why, Exception) else str(why)
        self.became[feed] = f"not written ({said})"
        self._context.failures.add(
            RunError(f"The feed {feed} could not be written ({said}). The songs are stored: timbre export --to FILE")
        )


class LocalFeed(FileFeedStorage):
    """A file on this machine, written beside what is there and moved into place when it is whole."""

    def __init__(self, uri: str, *, feed_options: dict[str, Any] | None = None) -> None:
        super().__init__(uri, feed_options=feed_options)
        self._is_text = (feed_options or {}).get("format") in _TEXT_FORMATS
        self._replacement: Replacement | None = None

    def open(self, spider: Spider) -> IO[bytes]:
        self._replacement = Replacement(Path(self.path), append=self.write_mode == "ab")
        return self._replacement.file

    def store(self, file: IO[bytes]) -> None:
        """Nothing yet: Scrapy would print an error's traceback and go on. `finish` it is."""

    def finish(self, songs: int) -> str:
        """Moves the file into place, and says in a few words what became of it. Raises OSError."""
        if self._replacement is None:
            return "not written: there was no song"
        place = self._replacement.commit(may_shrink=not self._is_text)
        if place == self._replacement.target:
            return how_many(songs, "song")
        return f"left as it was, for it holds more songs; the {songs:,} of this run are in {place}"

    def discard(self) -> None:
        """Leaves what was there."""
        if self._replacement is not None:
            self._replacement.discard()
