"""Stage 700: a song that leaves it is durable."""

from typing import Self
from uuid import UUID

from scrapy.crawler import Crawler
from scrapy.exceptions import DropItem

from timbre_spider.errors import RunError
from timbre_spider.extensions.connections import Connections
from timbre_spider.items import Song
from timbre_spider.pipelines.dedup import Dedup

# Two workers that learn of the same song at the same time settle it in a round or two.
MOST_CONTESTS = 10


class Postgres:
    """Hands a song on once the batch that holds it is committed; one that joined another song is dropped then."""

    def __init__(self, crawler: Crawler) -> None:
        self._crawler = crawler
        self._writer = Connections.of(crawler).writer
        self._stored: set[UUID] = set()

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        return cls(crawler)

    @property
    def stored(self) -> int:
        """Distinct songs stored in this run."""
        return len(self._stored)

    async def process_item(self, song: Song) -> Song:
        for _ in range(MOST_CONTESTS):
            receipt = await self._writer.store(song)
            if receipt.status != "contested":
                break
            await self._dedup.identify(song)
        self._crawler.stats.inc_value(f"timbre/store/{receipt.status}")
        if receipt.status == "set_aside":
            self._crawler.stats.inc_value("timbre/rows/rejected", len(song.rows))
            raise DropItem(f"set aside: {receipt.reason}")
        if receipt.status in ("spooled", "contested"):
            raise DropItem(receipt.status)
        assert song.identity is not None
        self._crawler.stats.inc_value("timbre/rows/stored", len(song.rows))
        self._stored -= set(song.identity.absorbs)
        if song.identity.song_id in self._stored:
            self._crawler.stats.inc_value("timbre/merged")
            raise DropItem("it is the same song as one already stored in this run")
        self._stored.add(song.identity.song_id)
        self._crawler.stats.set_value("timbre/songs_stored", len(self._stored))
        return song

    @property
    def _dedup(self) -> Dedup:
        dedup = self._crawler.get_item_pipeline(Dedup)
        if dedup is None:
            raise RunError("The stage dedup is switched off in ITEM_PIPELINES; postgres cannot work without it.")
        return dedup
