"""Stage 200: what the database already knows of a song, one query a batch."""

from typing import Self

from scrapy.crawler import Crawler

from timbre_spider.extensions.connections import Connections
from timbre_spider.items import Song
from timbre_spider.matching.identify import hash_id
from timbre_spider.matching.normalise import artist_key


class Recall:
    """Puts the known song and the known answers into the item; the stages judge their freshness."""

    def __init__(self, crawler: Crawler) -> None:
        self._crawler = crawler
        self._reader = Connections.of(crawler).reader

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        return cls(crawler)

    async def process_item(self, song: Song) -> Song:
        key = hash_id(song.name_key)
        questions = [("spotify", key), ("isrc", key), ("lastfm", f"artist:{artist_key(song.artist_spelling)}")]
        song.known_song, song.known = await self._reader.song(key, questions)
        if song.known_song is not None:
            self._crawler.stats.inc_value("timbre/recalled")
        return song
