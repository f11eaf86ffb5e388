"""What may still be asked of Spotify, by the ledger that all runs share."""

import asyncio
import math
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from tests.pipelines.making import context_of
from timbre_spider.errors import Unusable
from timbre_spider.extensions.spotify_calls import SpotifyCalls
from timbre_spider.planning.calls import Bucket
from timbre_spider.storage.database import Database

pytestmark = pytest.mark.integration

NOW = datetime(2026, 3, 1, 20, 30, tzinfo=UTC)
HOUR = timedelta(hours=1)
SEARCH, ALBUMS = Bucket.SEARCH, Bucket.ALBUMS


class Clock:
    """The time of day, as a test has it."""

    def __init__(self) -> None:
        self.now = NOW

    def __call__(self) -> datetime:
        return self.now


@pytest.fixture
def use(database: Database, tmp_path: Any) -> Any:
    """`use(work)` with the calls of a run and its clock."""

    def run(work: Callable[[SpotifyCalls, Clock], Awaitable[Any]], **settings: Any) -> Any:
        async def inside() -> Any:
            clock = Clock()
            context = context_of(database, tmp_path, clock=clock, **settings)
            try:
                return await work(context.spotify_calls, clock)
            finally:
                await context.spotify_calls.close()

        return asyncio.run(inside())

    return run


async def gone(*_: Any, **__: Any) -> Any:
    raise OSError("the database is away")


def test_what_is_taken_counts_for_all_runs_until_a_day_has_passed(use: Any) -> None:
    async def work(calls: SpotifyCalls, clock: Clock) -> None:
        assert [await calls.take(SEARCH, 2) for _ in range(3)] == [True, True, False]
        assert await calls.take(ALBUMS, 2)
        left = await calls.left()
        assert (left[SEARCH].left, left[SEARCH].budget, left[ALBUMS].left) == (3, 5, 4)
        assert left == calls.told()
        # Of this run alone, and without the one that was refused.
        told = calls.account()
        assert (told[SEARCH].asked, told[SEARCH].counted, told[SEARCH].left) == (2, 2, 3)
        clock.now += 24 * HOUR
        assert calls.account()[SEARCH].counted == 2
        clock.now += HOUR
        again = calls.account()[SEARCH]
        assert (again.asked, again.counted, again.left) == (2, 0, 5)

    use(work, spotify_budget=5)


@pytest.mark.parametrize(("longest", "back"), [(timedelta(hours=9), 9 * HOUR), (-HOUR, timedelta(seconds=1))])
def test_a_lock_is_every_run_s_and_of_one_kind(use: Any, longest: timedelta, back: timedelta) -> None:
    async def work(calls: SpotifyCalls, clock: Clock) -> None:
        await calls.lock(SEARCH, clock.now + longest)
        left = calls.told()
        assert (left[SEARCH].left, left[SEARCH].back_at) == (0, clock.now + back)
        assert (left[ALBUMS].left, left[ALBUMS].back_at) == (5, None)
        told = calls.account()
        assert (told[SEARCH].left, told[SEARCH].back_at, told[ALBUMS].back_at) == (0, clock.now + back, None)

    use(work, spotify_budget=5)


@pytest.mark.parametrize(
    ("settings", "before", "after"),
    [
        ({}, 400, None),
        ({"spotify_budget": 7}, 7, 7),
        ({"spotify_budget": 0}, None, None),
        ({"spotify_mode": "extended"}, None, None),
        ({"spotify_mode": "extended", "spotify_budget": 7}, 7, 7),
    ],
)
def test_a_key_of_extended_mode_has_a_budget_only_where_one_is_set(
    use: Any, settings: Any, before: int | None, after: int | None
) -> None:
    async def work(calls: SpotifyCalls, clock: Clock) -> None:
        assert (await calls.left())[SEARCH].budget == before
        calls.is_extended()
        left = (await calls.left())[SEARCH]
        assert (left.budget, left.left) == (after, math.inf if after is None else after)
        assert calls.account()[SEARCH].left == after

    use(work, **settings)


def test_where_a_budget_is_to_be_kept_no_call_is_made_that_nobody_counts(use: Any, monkeypatch: Any) -> None:
    async def work(calls: SpotifyCalls, clock: Clock) -> None:
        for name in ("made", "take", "lock"):
            monkeypatch.setattr(calls._ledger, name, gone)
        for asked in (calls.left(), calls.take(SEARCH, 5)):
            with pytest.raises(Unusable, match="asked again in the next run"):
                await asked
        await calls.lock(SEARCH, clock.now + HOUR)
        calls.is_extended()
        assert (await calls.left())[SEARCH].left == math.inf
        assert await calls.take(SEARCH, None)
        assert calls._asked == {SEARCH: 1}

    use(work)
