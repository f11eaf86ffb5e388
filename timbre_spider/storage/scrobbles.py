"""What of a listener's history at Last.fm is counted for good."""

from collections.abc import Sequence
from dataclasses import astuple

from timbre_spider.items import Scrobbled
from timbre_spider.storage.database import Database


def settled(database: Database, listener: str) -> tuple[int, list[Scrobbled]]:
    """The second up to which plays are settled, 0 at first, and their counts. Raises DatabaseUnreachable."""
    told = database.call("timbre_scrobbled", {"listener": listener})
    return told["until"], [Scrobbled(*count) for count in told["counts"]]


def settle(database: Database, listener: str, since: int, until: int, counts: Sequence[Scrobbled]) -> bool:
    """Adds the plays from `since` to before `until`; False where another run has. Raises DatabaseUnreachable."""
    told = {"counts": [list(astuple(each)) for each in counts]}
    asked = {"listener": listener, "since": since, "until": until, "told": told}
    return bool(database.call("timbre_settle_scrobbles", asked))
