from datetime import UTC, datetime, timedelta

import pytest

from timbre_spider.items import Answer, Outcome
from timbre_spider.pipelines.freshness import due, next_check

pytestmark = pytest.mark.unit

NOW = datetime(2026, 11, 1, 12, tzinfo=UTC)
DAY = timedelta(days=1)


@pytest.mark.parametrize(
    ("outcome", "stale_after", "misses", "expected"),
    [
        (Outcome.FOUND, None, 0, None),
        (Outcome.FOUND, 7 * DAY, 0, NOW + 7 * DAY),
        (Outcome.ABSENT, None, 1, NOW + DAY),
        (Outcome.ABSENT, None, 2, NOW + 2 * DAY),
        (Outcome.ABSENT, None, 6, NOW + 32 * DAY),
        (Outcome.ABSENT, None, 60, NOW + 32 * DAY),
        (Outcome.REFUSED, 7 * DAY, 0, NOW),
        (Outcome.FAILED, 7 * DAY, 0, NOW),
        (Outcome.DEFERRED, None, 0, NOW + timedelta(hours=12)),
    ],
)
def test_each_outcome_is_asked_again_in_its_own_time(outcome, stale_after, misses, expected):
    assert next_check(outcome, NOW, stale_after=stale_after, misses=misses) == expected


@pytest.mark.parametrize(
    ("asked", "check", "run_started", "expected"),
    [
        (NOW - DAY, None, NOW, False),
        (NOW - DAY, NOW + DAY, NOW, False),
        (NOW - DAY, NOW - DAY, NOW, True),
        (NOW, NOW, NOW - DAY, False),  # asked in this run: not twice, although it is due
    ],
)
def test_an_answer_is_due_when_its_time_has_come_and_this_run_has_not_asked(asked, check, run_started, expected):
    assert due(Answer("aoty", "album:x", Outcome.FAILED, asked, check), NOW, run_started) is expected
