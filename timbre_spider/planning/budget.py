"""How many calls a kind of endpoint may be asked a rolling day, and when it is back."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from timbre_spider.items import CallsMade
from timbre_spider.planning.calls import Bucket

DAY = timedelta(days=1)
HOUR = timedelta(hours=1)
# A call may be an hour younger than its row says.
_WINDOW = DAY + HOUR
# How long a lock is remembered, and what clean days add at most.
REMEMBERED = timedelta(days=14)
_GROWTH, _MOST_GROWTH, _LEAST = 1.25, 4.0, 0.125
# A day that used less than this of its budget says nothing about a larger one.
_WELL_USED = 0.8
# An artist's list of albums was locked after some hundred calls a day, where others bore several hundred [observed].
_SHARES = {Bucket.ARTIST_ALBUMS: 0.2}
NOTHING_MADE = CallsMade()


@dataclass(frozen=True, slots=True)
class Allowance:
    """`left` calls may be made now, of `budget` a day (None: not bounded); `back_at`: when again, with none left."""

    left: float
    budget: int | None
    back_at: datetime | None = None


def allowance(base: int | None, bucket: Bucket, made: CallsMade, at: datetime) -> Allowance:
    """What a bucket allows. `base`: the budget to begin with, for buckets that bear most; None: no budget."""
    budget = None if base is None else budget_of(max(1, round(base * _SHARES.get(bucket, 1))), made, at)
    until = locked_until(made, at)
    if until is not None:
        return Allowance(0, budget, until)
    if budget is None:
        return Allowance(float("inf"), None)
    left = budget - used(made, at)
    if left > 0:
        return Allowance(left, budget)
    return Allowance(0, budget, _back_at(budget, made, at))


def budget_of(base: int, made: CallsMade, at: datetime) -> int:
    """The budget at a time: each lock halves it, each clean day that was well used makes it a quarter larger."""
    locks = [(met, until) for met, until in made.locks if met > at - REMEMBERED]
    factor = 1.0
    began = min((hour for hour, _ in made.hours), default=at)
    for met, until in locks:
        factor = _grown(factor, base, made, began, met)
        factor = max(factor / 2, _LEAST)
        began = until
    return max(1, int(base * _grown(factor, base, made, began, at)))


def used(made: CallsMade, at: datetime) -> int:
    """Calls that may still count."""
    return sum(calls for hour, calls in made.hours if at - _WINDOW < hour <= at)


def locked_until(made: CallsMade, at: datetime) -> datetime | None:
    """When the lock that holds ends."""
    return max((until for _, until in made.locks if until > at), default=None)


def left_of(base: int | None, made: Mapping[str, CallsMade], at: datetime) -> dict[Bucket, Allowance]:
    """What each bucket allows."""
    return {bucket: allowance(base, bucket, made.get(bucket, NOTHING_MADE), at) for bucket in Bucket}


def in_words(allowed: Mapping[Bucket, Allowance]) -> str:
    """What is left, for people: "search 399 of 400, albums none of 400 until 2026-03-01 20:00 UTC"."""
    return ", ".join(f"{bucket} {_left_in_words(each)}" for bucket, each in allowed.items())


def _left_in_words(allowed: Allowance) -> str:
    bound = "" if allowed.budget is None else f" of {allowed.budget:,}"
    if allowed.left <= 0 and allowed.back_at is not None:
        return f"none{bound} until {allowed.back_at:%Y-%m-%d %H:%M} UTC"
    return f"{allowed.left:,.0f}{bound}" if bound else "not bounded"


def _grown(factor: float, base: int, made: CallsMade, began: datetime, until: datetime) -> float:
    # A day says nothing before its last call no longer counts.
    while began + _WINDOW <= until:
        asked = sum(calls for hour, calls in made.hours if began <= hour < began + DAY)
        if asked >= _WELL_USED * base * factor:
            factor = min(factor * _GROWTH, _MOST_GROWTH)
        began += DAY
    return factor


def _back_at(budget: int, made: CallsMade, at: datetime) -> datetime:
    """When enough calls no longer count for one more."""
    still = used(made, at)
    for hour, calls in made.hours:
        if at - _WINDOW < hour <= at:
            still -= calls
            if still < budget:
                return hour + _WINDOW
    return at + HOUR
