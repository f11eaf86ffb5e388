"""Times, lengths and numbers as they are written."""

from datetime import UTC, datetime, timedelta

import pytest

from timbre_spider.service.pages.words import lasting, number, since, track_length

pytestmark = pytest.mark.unit

NOW = datetime(2026, 11, 28, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("seconds", "said"),
    [
        (None, "–"),
        (0, "0 s"),
        (0.4, "0 s"),
        (59.6, "1 min"),
        (61, "1 min 1 s"),
        (3725, "1 h 2 min"),
        (90_000, "1 d 1 h"),
    ],
)
def test_a_span_is_said_in_its_two_largest_units(seconds: float | None, said: str) -> None:
    assert lasting(seconds) == said


@pytest.mark.parametrize(("seconds", "said"), [(0.5, "now"), (720, "12 min ago"), (-3700, "in 1 h 1 min")])
def test_a_time_is_said_from_now(seconds: float, said: str) -> None:
    assert since(NOW - timedelta(seconds=seconds), NOW) == said


@pytest.mark.parametrize(("value", "said"), [(None, "–"), (0, "0"), (12_345, "12,345"), (5.06, "5.1")])
def test_numbers_have_their_thousands_apart(value: float | None, said: str) -> None:
    assert number(value) == said


@pytest.mark.parametrize(("milliseconds", "said"), [(185_000, "3:05"), (59_600, "1:00"), (4_000_000, "66:40")])
def test_a_tracks_length(milliseconds: int, said: str) -> None:
    assert track_length(milliseconds) == said
