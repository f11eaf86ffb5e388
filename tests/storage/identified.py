"""Songs on the way a crawl takes them: recalled, identified, stored; again when somebody was quicker."""

import asyncio
from dataclasses import replace

from tests.storage.making import name_key, store
from timbre_spider.extensions.identity_rules import overrides_of
from timbre_spider.items import KnownSong, Song
from timbre_spider.matching.identify import Claim, keys_to_ask, settle
from timbre_spider.storage.database import Database
from timbre_spider.storage.pending_write import Receipt
from timbre_spider.storage.recall import recall


def load(database: Database, song: Song) -> Receipt:
    """Load one song under the identity the database's knowledge gives it."""
    overrides = overrides_of(database)
    names = dict.fromkeys(name_key(row.artist, row.title) for row in song.rows)
    claim = Claim(
        song.artist,
        song.title,
        tuple(names),
        isrc=song.isrc,
        spotify_id=song.spotify.spotify_id if song.spotify else None,
        duration_ms=song.spotify.duration_ms if song.spotify else None,
        plays=song.playcount,
    )
    for _ in range(10):
        known = asyncio.run(_known(database, keys_to_ask(claim, overrides)))
        song.identity = settle(claim, known, overrides).identity
        song.rows = [replace(row, name_id=name_key(row.artist, row.title)) for row in song.rows]
        [receipt] = store(database, song)
        if receipt.status != "contested":
            return receipt
    raise AssertionError(f"contested for ever: {song.identity}")


async def _known(database: Database, keys: tuple[str, ...]) -> dict[str, KnownSong]:
    link = database.link()
    try:
        return (await recall(link, keys)).songs
    finally:
        await link.close()
