"""Stage 700: a song that leaves it is durable."""

from dataclasses import replace
from typing import Self

from scrapy.crawler import Crawler
from scrapy.exceptions import DropItem
from scrapy.statscollectors import StatsCollector

from timbre_spider.errors import RunError
from timbre_spider.extensions.context import Context
from timbre_spider.extensions.flow import count_flow
from timbre_spider.items import Song
from timbre_spider.pipelines.dedup import identify

# Two workers that learn of the same song at the same time settle it in a round or two.
MOST_CONTESTS = 10


class Postgres:
    """Hands a song on once the batch that holds it is committed; one that joined another song is dropped then."""

    def __init__(self, context: Context, stats: StatsCollector) -> None:
        self._context = context
        self._stats = stats

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        return cls(Context.of(crawler), crawler.stats)

    async def process_item(self, song: Song) -> Song:
        for _ in range(MOST_CONTESTS):
            receipt = await self._context.writer.store(song)
            if receipt.status != "contested":
                break
            song.identity = await identify(song, self._context)
        self._stats.inc_value(f"timbre/store/{receipt.status}")
        plays = sum(row.playcount for row in song.rows)
        if receipt.status == "set_aside":
            count_flow(self._stats, "rejected", len(song.rows), plays)
            raise DropItem(f"set aside: {receipt.reason}")
        if receipt.status == "contested":
            self._context.failures.add(
                RunError(
                    f"{song.artist} - {song.title} was not stored: others changed who it is {MOST_CONTESTS} times "
                    "while it was loaded. Run again when the other workers are done."
                )
            )
            raise DropItem("contested without end")
        if receipt.status == "spooled":
            raise DropItem("spooled")
        assert song.identity is not None
        assert receipt.song_id is not None
        # Its row may have been merged into another meanwhile.
        song.identity = replace(song.identity, song_id=receipt.song_id, absorbs=receipt.gone)
        count_flow(self._stats, "stored", len(song.rows), plays)
        self._context.listeners[song.listener].plays_stored += plays
        if not self._context.stored.add(song, song.identity):
            self._stats.inc_value("timbre/merged")
            raise DropItem("it is the same song as one already stored in this run")
        return song
