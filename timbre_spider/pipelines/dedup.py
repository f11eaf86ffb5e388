"""Stage 600: who a song is."""

from dataclasses import replace
from typing import Self

from scrapy.crawler import Crawler

from timbre_spider.extensions.connections import Connections
from timbre_spider.items import Song
from timbre_spider.matching.identify import Claim, hash_id, keys_to_ask, settle
from timbre_spider.matching.normalise import name_key
from timbre_spider.matching.variants import Variant


class Dedup:
    """Gives a song its canonical id, and the row of the database it belongs to."""

    def __init__(self, crawler: Crawler) -> None:
        self._reader = Connections.of(crawler).reader
        self._collapse = Connections.of(crawler).collapse
        self._overrides = Connections.of(crawler).overrides

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        return cls(crawler)

    async def process_item(self, song: Song) -> Song:
        await self.identify(song)
        return song

    async def identify(self, song: Song) -> None:
        """Settles the song's identity by what the database says now; called again when a load was contested."""
        spellings = tuple(hash_id(name_key(row.artist, row.title, self._collapse)) for row in song.rows)
        claim = claim_of(song, self._collapse)
        owners = await self._reader.owners(keys_to_ask(claim, self._overrides))
        song.identity = replace(settle(claim, owners, self._overrides).identity, spellings=spellings)


def claim_of(song: Song, collapse: frozenset[Variant]) -> Claim:
    """What a song says of itself after the sources have spoken."""
    spellings = (name_key(row.artist, row.title, collapse) for row in song.rows)
    return Claim(
        song.artist,
        song.title,
        tuple(dict.fromkeys((song.name_key, *spellings))),
        isrc=song.isrc,
        spotify_id=song.spotify.spotify_id if song.spotify else None,
        duration_ms=song.spotify.duration_ms if song.spotify else song.rows[0].duration_ms,
        plays=song.playcount,
    )
