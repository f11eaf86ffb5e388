"""Taking a listener out of the database."""

import asyncio
from dataclasses import dataclass

from timbre_spider.config import Config
from timbre_spider.storage.database import Database
from timbre_spider.storage.writer import Writer


@dataclass(frozen=True, slots=True)
class Forgotten:
    """How much went: spellings of the listener's, songs nobody else heard, runs."""

    rows: int
    songs: int
    runs: int


def commit_left(database: Database, config: Config) -> None:
    """Commits what killed runs had on its way, so that `forget` meets it: the ledger has another seal afterwards, by
    which nobody would find it. Raises DatabaseUnreachable."""

    async def commit() -> None:
        writer = Writer.from_config(database, config)
        await writer.open()
        await writer.close()

    asyncio.run(commit())


def forget(database: Database, listener: str) -> Forgotten:
    """Deletes what is `listener`'s alone, whatever the case of the name. Raises DatabaseUnreachable."""
    return Forgotten(**database.call("timbre_forget", {"listener": listener}))
