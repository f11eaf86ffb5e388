"""The only stage of a dry run: what a run would ask, without asking."""

from datetime import UTC, datetime
from typing import Self

from scrapy.crawler import Crawler
from scrapy.exceptions import DropItem
from scrapy.statscollectors import StatsCollector

from timbre_spider.extensions.context import Context
from timbre_spider.items import Song
from timbre_spider.matching.identify import hash_id
from timbre_spider.matching.normalise import artist_key
from timbre_spider.pipelines.freshness import due
from timbre_spider.pipelines.validate import validated


class Plan:
    """Counts the songs with a question to Spotify and Last.fm that no fresh answer spares; drops every song."""

    def __init__(self, context: Context, stats: StatsCollector) -> None:
        self._context = context
        self._stats = stats

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        return cls(Context.of(crawler), crawler.stats)

    async def process_item(self, song: Song) -> Song:
        rows, rejects = validated(song)
        self._stats.inc_value("timbre/rows/rejected", len(rejects))
        if rows:
            key = hash_id(song.name_key)
            questions = [("spotify", key), ("lastfm", f"artist:{artist_key(song.artist_spelling)}")]
            _, known = await self._context.reader.song(key, questions)
            now = datetime.now(UTC)
            for question in questions:
                answer = known.get(question)
                if answer is None or due(answer, now, self._context.started_at):
                    self._stats.inc_value(f"timbre/would_ask/{question[0]}")
        raise DropItem("dry run")
