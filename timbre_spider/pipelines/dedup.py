"""Stage 600: who a song is."""

from dataclasses import replace
from typing import Self

from scrapy.crawler import Crawler

from timbre_spider.extensions.context import Context
from timbre_spider.items import Identity, Song
from timbre_spider.matching.identify import Claim, keys_to_ask, settle


class Dedup:
    """Gives a song its canonical id, and the row of the database it belongs to."""

    def __init__(self, context: Context) -> None:
        self._context = context

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        return cls(Context.of(crawler))

    async def process_item(self, song: Song) -> Song:
        song.identity = await identify(song, self._context)
        return song


async def identify(song: Song, context: Context) -> Identity:
    """Who `song` is by what the database says now; asked again when its load was contested."""
    claim, overrides = claim_of(song), context.rules.overrides
    owners = await context.reader.owners(keys_to_ask(claim, overrides))
    decision = settle(claim, owners, overrides)
    if decision.refused:
        # Whose a shared key is, all plays decide, whichever listener comes first.
        others = await context.reader.plays_of_others(decision.identity.song_id, song.listener)
        decision = settle(replace(claim, plays=claim.plays + others), owners, overrides)
    return decision.identity


def claim_of(song: Song) -> Claim:
    """What a song says of itself after the sources have spoken."""
    return Claim(
        song.artist,
        song.title,
        tuple(dict.fromkeys((song.name_id, *(row.name_id for row in song.rows)))),
        isrc=song.isrc,
        spotify_id=song.spotify.spotify_id if song.spotify else None,
        duration_ms=song.duration_ms,
        plays=song.playcount,
    )
