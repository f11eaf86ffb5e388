"""Scores as chances."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from timbre_spider.matching.calibration import KNOTS, probability

pytestmark = pytest.mark.unit

STEPS = ((0.6, 0.8), (0.8, 0.9), (1.0, 1.0))


@pytest.mark.parametrize(
    ("score", "chance"),
    [(0.0, 0.8), (0.6, 0.8), (0.65, 0.825), (0.8, 0.9), (0.9, 0.95), (1.0, 1.0)],
)
def test_between_two_knots_the_chance_grows_evenly(score: float, chance: float) -> None:
    assert probability(score, STEPS) == pytest.approx(chance)


def test_past_the_last_knot_it_stays() -> None:
    assert probability(1.0, ((0.5, 0.4), (0.9, 0.7))) == 0.7


@given(st.floats(0, 1), st.floats(0, 1))
def test_a_better_score_is_never_a_smaller_chance(one: float, other: float) -> None:
    low, high = sorted((one, other))
    assert 0 < probability(low) <= probability(high) < 1


def test_the_table_climbs() -> None:
    assert all(left < right for one, other in pairwise(KNOTS) for left, right in zip(one, other, strict=True))
