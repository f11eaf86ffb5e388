"""The ledger of Spotify's calls in the database."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from typing import TypeVar

import pytest

from tests.storage.making import look
from tests.storage.test_recall import remember
from timbre_spider.items import Answer, CallsMade, Outcome
from timbre_spider.storage.calls import CallLedger, calls_made
from timbre_spider.storage.database import Database
from timbre_spider.storage.due import unanswered_keys

pytestmark = pytest.mark.integration

NOON = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)
Result = TypeVar("Result")


def use(database: Database, work: Callable[[CallLedger], Awaitable[Result]]) -> Result:
    async def inside() -> Result:
        ledger = CallLedger(database.link())
        try:
            return await work(ledger)
        finally:
            await ledger.close()

    return asyncio.run(inside())


def test_calls_are_counted_by_the_hour_and_locks_kept(database: Database) -> None:
    async def work(ledger: CallLedger) -> dict[str, CallsMade]:
        for minutes in (0, 59, 60):
            assert await ledger.take("search", NOON + timedelta(minutes=minutes), None)
        await ledger.lock("albums", NOON, NOON + 20 * HOUR)
        return await ledger.made(NOON + 2 * HOUR)

    assert use(database, work) == {
        "search": CallsMade(hours=((NOON, 2), (NOON + HOUR, 1))),
        "albums": CallsMade(locks=((NOON, NOON + 20 * HOUR),)),
    }
    assert calls_made(database, NOON + 2 * HOUR)["search"].hours == ((NOON, 2), (NOON + HOUR, 1))
    assert calls_made(database, NOON + 15 * 24 * HOUR)["search"] == CallsMade()


@pytest.mark.parametrize(
    ("after", "bucket", "granted"),
    [
        (0 * HOUR, "search", False),
        (24 * HOUR, "search", False),
        # The hour in which the calls were made may still hold one younger than a day.
        (25 * HOUR - timedelta(seconds=1), "search", False),
        (25 * HOUR, "search", True),
        (0 * HOUR, "tracks", True),
        # By a clock that was put back those calls are still to come.
        (-1 * HOUR, "search", True),
    ],
)
def test_a_budget_is_for_a_rolling_day_and_a_kind(
    database: Database, after: timedelta, bucket: str, granted: bool
) -> None:
    async def work(ledger: CallLedger) -> bool:
        assert [await ledger.take("search", NOON, 2) for _ in range(3)] == [True, True, False]
        return await ledger.take(bucket, NOON + after, 2)

    assert use(database, work) is granted


def test_of_a_budget_of_none_nothing_is_granted(database: Database) -> None:
    assert use(database, lambda ledger: ledger.take("search", NOON, 0)) is False


@pytest.mark.parametrize(("most", "later"), [(None, 19.9), (9, 19.9), (None, 20), (9, 20)])
def test_while_locked_nothing_is_granted(database: Database, most: int | None, later: float) -> None:
    async def work(ledger: CallLedger) -> tuple[bool, bool]:
        await ledger.lock("search", NOON, NOON + 20 * HOUR)
        await ledger.lock("search", NOON, NOON + 2 * HOUR)
        at = NOON + later * HOUR
        return await ledger.take("search", at, most), await ledger.take("tracks", at, most)

    assert use(database, work) == (later >= 20, True)


def test_two_workers_share_one_budget(database: Database) -> None:
    async def work(ledger: CallLedger) -> list[bool]:
        other = CallLedger(database.link())
        try:
            return await asyncio.gather(*(each.take("search", NOON, 25) for _ in range(25) for each in (ledger, other)))
        finally:
            await other.close()

    assert sum(use(database, work)) == 25
    assert look(database, "SELECT bucket, calls FROM spotify_calls") == [("search", 25)]


def test_what_is_older_than_a_fortnight_is_forgotten_with_a_lock(database: Database) -> None:
    now = NOON + 16 * 24 * HOUR

    async def work(ledger: CallLedger) -> None:
        await ledger.take("search", NOON, None)
        await ledger.take("search", now - 14 * 24 * HOUR, None)
        await ledger.lock("search", NOON, NOON + HOUR)
        # Longer ago it is not told, even while nobody has forgotten it.
        assert (await ledger.made(now))["search"] == CallsMade()
        await ledger.lock("tracks", now, now + 24 * HOUR)

    use(database, work)
    assert look(database, "SELECT hour FROM spotify_calls") == [now - 14 * 24 * HOUR]
    assert look(database, "SELECT bucket FROM spotify_locks") == ["tracks"]


FORTNIGHT, SECOND = 14 * 24 * HOUR, timedelta(seconds=1)


def test_a_fortnight_is_told_and_no_more_by_time(database: Database) -> None:
    now = NOON + FORTNIGHT

    async def work(ledger: CallLedger) -> dict[str, CallsMade]:
        assert await ledger.made(now) == {}
        for hours in (1, 0, 2):
            assert await ledger.take("search", NOON + hours * HOUR, None)
        for bucket, ends in (("search", 2 * HOUR), ("search", SECOND), ("search", timedelta()), ("tracks", HOUR)):
            await ledger.lock(bucket, NOON - HOUR + ends, NOON + ends)
        return await ledger.made(now)

    assert use(database, work) == {
        "search": CallsMade(
            hours=((NOON + HOUR, 1), (NOON + 2 * HOUR, 1)),
            locks=((NOON - HOUR + SECOND, NOON + SECOND), (NOON + HOUR, NOON + 2 * HOUR)),
        ),
        "tracks": CallsMade(locks=((NOON, NOON + HOUR),)),
    }


@pytest.mark.parametrize(
    ("days", "older", "kept"),
    [(14, timedelta(), (1, 1)), (14, SECOND, (1, 0)), (15, timedelta(), (1, 0)), (15, SECOND, (0, 0))],
)
def test_what_a_lock_forgets(database: Database, days: int, older: timedelta, kept: tuple[int, int]) -> None:
    async def work(ledger: CallLedger) -> None:
        await ledger.take("search", NOON, None)
        await ledger.lock("search", NOON - HOUR, NOON)
        now = NOON + days * 24 * HOUR + older
        await ledger.lock("tracks", now, now + HOUR)

    use(database, work)
    counted = "SELECT (SELECT count(*) FROM spotify_calls), (SELECT count(*) - 1 FROM spotify_locks)"
    assert look(database, counted) == [kept]


def test_calls_of_one_kind_are_decided_one_at_a_time_and_of_two_beside_each_other(database: Database) -> None:
    held = "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND pid = pg_backend_pid()"
    with database.connect() as connection, connection.transaction():
        locks = []
        for bucket in ("search", "search", "tracks"):
            connection.execute("SELECT timbre_take_spotify_call(%s, '2026-03-01', 9)", [bucket])
            locks.append(connection.execute(held).fetchone())
    assert locks == [(1,), (1,), (2,)]


def test_who_is_unanswered(database: Database) -> None:
    def answer(key: str, outcome: Outcome, until: datetime | None = None, **values: object) -> Answer:
        return Answer("spotify", key, outcome, NOON, until, dict(values))

    remember(
        database,
        answer("hash:found", Outcome.FOUND, spotify_id="x"),
        answer("hash:stale", Outcome.FOUND, NOON, spotify_id="x"),
        answer("hash:deferred", Outcome.DEFERRED, NOON + HOUR),
        answer("hash:absent", Outcome.ABSENT),
        answer("hash:refused", Outcome.REFUSED),
    )
    keys = [f"hash:{name}" for name in ("found", "stale", "deferred", "absent", "refused", "new")]
    told = {hours: unanswered_keys(database, "spotify", keys, NOON + hours * HOUR) for hours in (0, 1, 24)}
    assert told == {
        0: {"hash:refused", "hash:new"},
        1: {"hash:refused", "hash:new", "hash:deferred"},
        24: {"hash:refused", "hash:new", "hash:deferred", "hash:absent"},
    }
    assert unanswered_keys(database, "isrc", ["hash:found"], NOON) == {"hash:found"}
    assert unanswered_keys(database, "spotify", ["hash:found"], NOON) == set()
