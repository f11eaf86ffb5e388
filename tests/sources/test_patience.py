"""How long a service is left alone, in numbers."""

from datetime import timedelta

import pytest

from timbre_spider.sources.patience import Patience

pytestmark = pytest.mark.unit


@pytest.mark.parametrize(
    ("service", "waits"),
    [
        ("musicbrainz", [1, 2, 4, 8, 16]),
        ("aoty", [5, 10, 20, 40, 80]),
        ("deezer", [5, 10, 20, 40, 80]),
        ("listenbrainz", [10, 20, 40, 80, 160]),
        ("spotify", [30, 60, 120, 240, 300]),
        ("lastfm", [60, 120, 240, 300, 300]),
        ("a service of tomorrow", [30, 60, 120, 240, 300]),
    ],
)
def test_a_wait_that_nobody_names_doubles_up_to_five_minutes(service: str, waits: list[float]) -> None:
    patience = Patience(service)
    assert [patience.refused(None) for _ in waits] == waits
    patience.answered()
    assert patience.refused(None) == waits[0]


def test_a_wait_that_is_named_is_kept_and_counts_as_a_refusal() -> None:
    patience = Patience("aoty")
    assert [patience.refused(named) for named in (7, 900, None, 3)] == [7, 900, 20, 3]
    assert patience.refuses_on


@pytest.mark.parametrize(("service", "hours"), [("spotify", 12), ("aoty", 1), ("deezer", 1), ("lastfm", 1)])
def test_a_lock_that_nobody_names_the_end_of(service: str, hours: int) -> None:
    assert Patience(service).unnamed_lock == timedelta(hours=hours)


def test_four_refusals_or_three_silences_in_a_row_are_enough() -> None:
    patience = Patience("deezer")
    told = []
    for _ in range(4):
        patience.refused(None)
        patience.unanswered()
        told.append((patience.refuses_on, patience.is_silent))
    assert told == [(False, False), (False, False), (False, True), (True, True)]
    patience.answered()
    assert (patience.refuses_on, patience.is_silent) == (False, False)


@pytest.mark.parametrize(("service", "is_none"), [("listenbrainz_labs", True), ("listenbrainz", False)])
def test_experiments_are_left_at_the_first_trouble(service: str, is_none: bool) -> None:
    assert Patience(service).is_none is is_none
