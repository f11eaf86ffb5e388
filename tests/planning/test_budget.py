"""How many calls may be made, and when again."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from timbre_spider.items import CallsMade
from timbre_spider.planning.budget import Allowance, allowance, budget_of, in_words, left_of
from timbre_spider.planning.calls import Bucket

pytestmark = pytest.mark.unit

NOW = datetime(2026, 3, 10, 12, 30, tzinfo=UTC)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


def ago(hours: float) -> datetime:
    return (NOW - hours * HOUR).replace(minute=0)


def made(*hours: tuple[float, int], locks: tuple[tuple[float, float], ...] = ()) -> CallsMade:
    """Calls by how many hours ago; locks by hours ago they were met, and hours they lasted."""
    return CallsMade(
        tuple((ago(each), calls) for each, calls in hours),
        tuple((NOW - met * HOUR, NOW - met * HOUR + lasted * HOUR) for met, lasted in locks),
    )


@pytest.mark.parametrize(
    ("calls", "expected"),
    [
        (made(), Allowance(400, 400)),
        (made((3, 100), (0, 1)), Allowance(299, 400)),
        (made((3, 300), (0, 100)), Allowance(0, 400, ago(3) + 25 * HOUR)),
        # The hour before a day ago may hold calls younger than a day.
        (made((24, 400)), Allowance(0, 400, ago(24) + 25 * HOUR)),
        (made((26, 150)), Allowance(400, 400)),
        # Enough is free again only when the second hour is past.
        (made((20, 1), (10, 450)), Allowance(0, 400, ago(10) + 25 * HOUR)),
        # While locked nothing is asked, whatever is left.
        (made((2, 10), locks=((2, 20),)), Allowance(0, 200, NOW + 18 * HOUR)),
        (made((30, 10), locks=((30, 24),)), Allowance(200, 200)),
        # Of several locks that hold the last to end counts, whichever was met first.
        (made(locks=((3, 20), (2, 5))), Allowance(0, 100, NOW + 17 * HOUR)),
        (made(locks=((3, 5), (2, 20))), Allowance(0, 100, NOW + 18 * HOUR)),
    ],
)
def test_what_is_left(calls: CallsMade, expected: Allowance) -> None:
    assert allowance(400, Bucket.SEARCH, calls, NOW) == expected


def test_without_a_budget_locks_hold_all_the_same() -> None:
    assert allowance(None, Bucket.SEARCH, made((1, 9999)), NOW) == Allowance(float("inf"), None)
    assert allowance(None, Bucket.SEARCH, made(locks=((1, 5),)), NOW) == Allowance(0, None, NOW + 4 * HOUR)


def test_each_kind_has_a_budget_of_its_own() -> None:
    left = left_of(400, {"search": made((1, 399))}, NOW)
    assert {bucket: each.left for bucket, each in left.items()} == {
        Bucket.SEARCH: 1, Bucket.TRACKS: 400, Bucket.ALBUMS: 400, Bucket.ALBUM_TRACKS: 400, Bucket.ARTIST_ALBUMS: 80,
    }  # fmt: skip


@pytest.mark.parametrize(
    ("calls", "budget"),
    [
        (made(), 400),
        # A clean day that was well used makes it a quarter larger, up to four times.
        (made((25, 400)), 500),
        (made((25, 319)), 400),
        (made((49, 400), (25, 400)), 625),
        (made(*((24 * day + 1, 2000) for day in range(13, 0, -1))), 1600),
        # A day that is not over yet says nothing.
        (made((20, 400)), 400),
        # A lock halves it, down to an eighth; from its end on it grows again.
        (made((30, 400), locks=((30, 20),)), 200),
        (made((300, 400), locks=((250, 20),)), 250),
        (made((72, 400), locks=((72, 20),)), 200),
        (made((72, 400), (51, 200), locks=((72, 20),)), 250),
        (made(locks=((90, 1), (80, 1), (70, 1), (60, 1))), 50),
        # After a fortnight it is forgotten.
        (made(locks=((24 * 14 + 1, 24),)), 400),
        (made(locks=((24 * 14 - 1, 24),)), 200),
    ],
)
def test_the_budget_grows_and_shrinks(calls: CallsMade, budget: int) -> None:
    assert budget_of(400, calls, NOW) == budget


@given(
    st.lists(st.tuples(st.integers(0, 400), st.integers(1, 900)), max_size=30),
    st.lists(st.tuples(st.integers(0, 400), st.integers(1, 48)), max_size=5),
    st.one_of(st.none(), st.integers(1, 900)),
)
def test_whatever_the_ledger_holds(
    hours: list[tuple[int, int]], locks: list[tuple[int, int]], base: int | None
) -> None:
    calls = made(*sorted(dict(hours).items(), reverse=True), locks=tuple(sorted(dict(locks).items(), reverse=True)))
    told = allowance(base, Bucket.SEARCH, calls, NOW)
    assert told.left >= 0
    assert (told.back_at is None) is (told.left > 0)
    if told.back_at is not None:
        assert NOW < told.back_at <= NOW + 49 * HOUR
        if not any(until > NOW for _, until in calls.locks):
            assert allowance(base, Bucket.SEARCH, calls, told.back_at).left > 0
    if base is not None:
        assert told.budget is not None
        assert base // 8 <= max(told.budget, 1) <= 4 * base or told.budget == 1


def test_what_is_left_in_words() -> None:
    locked = {"search": made((1, 3)), "albums": made(locks=((1, 5),)), "tracks": made((2, 400))}
    assert in_words(left_of(400, locked, NOW)) == (
        "search 397 of 400, tracks none of 400 until 2026-03-11 11:00 UTC, "
        "albums none of 200 until 2026-03-10 16:30 UTC, albums/tracks 400 of 400, artists/albums 80 of 80"
    )
    assert in_words(left_of(None, {}, NOW)).startswith("search not bounded, ")
