"""Stage 200: what the database already knows of a song, one query a batch."""

from typing import Self

from scrapy.crawler import Crawler
from scrapy.statscollectors import StatsCollector

from timbre_spider.extensions.context import Context
from timbre_spider.items import Song
from timbre_spider.matching.names.normalise import artist_key


class Recall:
    """Puts the known song and the known answers into the item; the stages judge their freshness."""

    def __init__(self, context: Context, stats: StatsCollector) -> None:
        self._reader = context.reader
        self._stats = stats

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        return cls(Context.of(crawler), crawler.stats)

    async def process_item(self, song: Song) -> Song:
        key = song.name_id
        questions = [("spotify", key), ("open", key), ("labs", key)]
        questions += [("lastfm", key), ("lastfm", f"artist:{artist_key(song.artist_spelling)}")]
        song.known_song, song.known = await self._reader.song(key, questions)
        if song.known_song is not None:
            self._stats.inc_value("timbre/recalled")
        return song
