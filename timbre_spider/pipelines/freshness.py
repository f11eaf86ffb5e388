"""When an answer is to be asked for again."""

from datetime import datetime, timedelta

from timbre_spider.items import Answer, Outcome

# Who was not there is looked for ever less often.
ABSENCES = [timedelta(days=days) for days in (1, 2, 4, 8, 16, 32)]
# Where a source parks us and names no time.
DEFER_DEFAULT = timedelta(hours=12)


def next_check(outcome: Outcome, now: datetime, *, stale_after: timedelta | None, misses: int = 0) -> datetime | None:
    """The time from which the question may be asked again; None: never by itself.

    `stale_after` is how long a found answer stays good (None: for ever); `misses` counts `absent` in a row.
    `refused` and `failed` are due at once, which means the next run (see `due`).
    """
    match outcome:
        case Outcome.FOUND:
            return None if stale_after is None else now + stale_after
        case Outcome.ABSENT:
            return now + ABSENCES[min(max(misses, 1), len(ABSENCES)) - 1]
        case Outcome.DEFERRED:
            return now + DEFER_DEFAULT
        case _:
            return now


def due(answer: Answer, now: datetime, run_started: datetime) -> bool:
    """Whether to ask again: its time has come, and this run has not asked yet."""
    return answer.next_check is not None and answer.next_check <= now and answer.asked_at < run_started
