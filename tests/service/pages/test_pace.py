"""How fast counts grow."""

from datetime import UTC, datetime, timedelta

import pytest

from timbre_spider.service.pages.pace import Pace

pytestmark = pytest.mark.unit

BEGAN = datetime(2026, 11, 28, 12, tzinfo=UTC)


def pace_of(*told: tuple[float, int]) -> Pace:
    pace = Pace()
    for seconds, songs in told:
        pace.tell(BEGAN + timedelta(seconds=seconds), {"songs": songs})
    return pace


@pytest.mark.parametrize(
    ("told", "a_second"),
    [
        ([], None),
        ([(0, 5)], None),
        ([(0, 5), (1, 9)], None),  # too soon
        ([(0, 0), (10, 50)], 5),
        ([(0, 0), (10, 50), (10, 70)], 5),  # the same moment told again
        ([(0, 0), (60, 0), (70, 0), (120, 600)], 10),  # only the last minute counts
        ([(0, 10), (5, 10)], 0),
    ],
)
def test_what_came_a_second_in_the_last_minute(told: list[tuple[float, int]], a_second: float | None) -> None:
    assert pace_of(*told).a_second("songs") == a_second


def test_a_service_that_was_not_asked_before_counts_from_nothing() -> None:
    pace = pace_of((0, 1))
    pace.tell(BEGAN + timedelta(seconds=10), {"songs": 1, "aoty": 20})
    assert pace.a_second("aoty") == 2
