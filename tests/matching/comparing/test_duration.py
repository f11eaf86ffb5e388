"""How far apart two lengths may be."""

from types import SimpleNamespace

import pytest

from timbre_spider.matching.comparing.record import Record
from timbre_spider.matching.comparing.similarity import _duration

pytestmark = pytest.mark.unit


@pytest.mark.parametrize(
    ("one", "other", "agreement"),
    [
        (200_000, 200_000, 1.0),
        # A second is given, in both directions, and no more.
        (200_000, 201_000, 1.0),
        (201_000, 200_000, 1.0),
        (200_000, 205_000, 0.5123),
        (205_000, 200_000, 0.5123),
        (100_000, 105_000, 0.5),
        (400_000, 409_000, 0.5111),
        (None, 200_000, None),
        (200_000, None, None),
        (0, 200_000, None),
    ],
)
def test_durations_agree_less_beyond_a_second(one: int | None, other: int | None, agreement: float | None) -> None:
    a, b = (SimpleNamespace(record=Record("A", "T", duration_ms=each)) for each in (one, other))
    assert _duration(a, b) == (None if agreement is None else pytest.approx(agreement, abs=1e-3))
