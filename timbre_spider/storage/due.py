"""What is to be asked again."""

from datetime import UTC, datetime

from timbre_spider.items import ChartRow
from timbre_spider.storage.database import Database


def due_rows(database: Database, listener: str, at: datetime | None = None) -> list[ChartRow]:
    """The listener's chart rows of songs with a question that is due at `at` (now); what was never answered first,
    then the most played."""
    moment = at or datetime.now(UTC)
    told = database.call("timbre_due", {"listener": listener, "at": moment.isoformat()})
    return [ChartRow(artist, title, playcount, rank or 0) for artist, title, playcount, rank in told]


def unanswered_keys(database: Database, source: str, keys: list[str], at: datetime) -> set[str]:
    """Those of `keys` about which `source` told nothing yet and may be asked at `at`."""
    return set(database.call("timbre_unanswered", {"source": source, "keys": keys, "at": at.isoformat()}))


def stale_keys(database: Database, source: str, keys: list[str], at: datetime | None = None) -> set[str]:
    """Those of `keys` about which `source` told something once that is to be asked for anew."""
    moment = at or datetime.now(UTC)
    return set(database.call("timbre_stale", {"source": source, "keys": keys, "at": moment.isoformat()}))


def still_songs(database: Database, ids: list[str]) -> int:
    """How many of the ids are songs, which those that were merged into others are no more."""
    return int(database.call("timbre_still_songs", {"ids": ids}))
