"""Quality of songs (sql/0038_quality.sql): songs are judged when they are written; here, what is due otherwise."""

from collections.abc import Callable

from timbre_spider.storage.database import Database

# So few at a time that a crawl which writes songs waits for no more than a moment.
AT_ONCE = 1000


def judge_due(database: Database, stopped: Callable[[], bool] = lambda: False) -> int:
    """Judge the songs that were never judged, have changed otherwise than by being written, or whose answers have
    passed their time, until `stopped`; how many they were. Raises DatabaseUnreachable."""
    count = 0
    while not stopped() and (judged := database.call("timbre_judge_due", {"most": str(AT_ONCE)})):
        count += judged
    return count
