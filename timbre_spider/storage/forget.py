"""Taking a listener out of the database."""

from dataclasses import dataclass

from timbre_spider.storage.database import Database


@dataclass(frozen=True, slots=True)
class Forgotten:
    """How much went: spellings of the listener's, songs nobody else heard, runs."""

    rows: int
    songs: int
    runs: int


def forget(database: Database, listener: str) -> Forgotten:
    """Deletes what is `listener`'s alone, whatever the case of the name. Raises DatabaseUnreachable."""
    return Forgotten(**database.call("timbre_forget", {"listener": listener}))
