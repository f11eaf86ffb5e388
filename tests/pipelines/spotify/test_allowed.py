"""What may still be asked of Spotify now."""

import asyncio
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Any

import pytest

from timbre_spider.errors import Parked
from timbre_spider.pipelines.spotify.allowed import Allowed
from timbre_spider.planning.budget import Allowance
from timbre_spider.planning.calls import Bucket

pytestmark = pytest.mark.unit

NOW = datetime(2026, 3, 1, 20, tzinfo=UTC)
SOONER, LATER = NOW + timedelta(hours=2), NOW + timedelta(hours=9)


def allowed_by(*, taken: bool, **left: Allowance) -> Allowed:
    """By a ledger that says so, and that others take the last call from."""

    async def told() -> dict[Bucket, Allowance]:
        return {Bucket[name.upper()]: each for name, each in left.items()}

    async def take(bucket: Bucket, most: int | None) -> bool:
        return not taken

    async def lock(bucket: Bucket, until: datetime) -> None:
        """The ledger keeps it."""

    ledger = SimpleNamespace(left=told, take=take, lock=lock)
    context: Any = SimpleNamespace(spotify_calls=ledger, clock=lambda: NOW)
    return Allowed(context)


@pytest.mark.parametrize(("told", "back_at"), [(None, NOW + timedelta(hours=1)), (LATER, LATER)])
def test_where_another_took_the_last_call_nothing_is_left_until_the_ledger_says_so(
    told: datetime | None, back_at: datetime
) -> None:
    async def work() -> None:
        allowed = allowed_by(taken=True, search=Allowance(1, 9, told))
        assert await allowed.left() == {Bucket.SEARCH: 1}
        assert not await allowed.take(Bucket.SEARCH)
        assert (await allowed.left(), allowed.is_used_up, allowed.back_at) == ({}, True, back_at)
        allowed.forget()
        assert await allowed.left() == {Bucket.SEARCH: 1}

    asyncio.run(work())


@pytest.mark.parametrize(
    ("search", "albums", "back_at"),
    [(LATER, SOONER, LATER), (None, SOONER, SOONER), (None, None, NOW + timedelta(hours=1))],
)
def test_more_may_be_asked_when_searches_may(
    search: datetime | None, albums: datetime | None, back_at: datetime
) -> None:
    async def work() -> datetime:
        allowed = allowed_by(taken=False, search=Allowance(0, 9, search), albums=Allowance(0, 9, albums))
        await allowed.left()
        return allowed.back_at

    assert asyncio.run(work()) == back_at


def test_a_bucket_that_is_locked_is_open_no_more_whatever_was_left() -> None:
    async def work() -> None:
        allowed = allowed_by(taken=False, search=Allowance(5, 9), albums=Allowance(3, 9))
        await allowed.left()
        await allowed.lock(Bucket.SEARCH, Parked(LATER, "used up"))
        assert (await allowed.left(), allowed.is_used_up, allowed.back_at) == ({Bucket.ALBUMS: 3}, True, LATER)

    asyncio.run(work())


def test_a_call_that_is_made_is_one_less() -> None:
    async def work() -> None:
        allowed = allowed_by(taken=False, search=Allowance(2, 9), albums=Allowance(0, 9))
        await allowed.left()
        for left in ({Bucket.SEARCH: 1}, {}):
            assert await allowed.take(Bucket.SEARCH)
            assert (await allowed.left(), allowed.may_be_asked(Bucket.SEARCH)) == (left, bool(left))

    asyncio.run(work())
