"""The bands of where the rows went."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from timbre_spider.service.pages.flow import bands

pytestmark = pytest.mark.unit


@given(st.lists(st.integers(0, 100_000), max_size=5))
def test_each_part_with_rows_has_a_band_and_none_lies_on_another(rows: list[int]) -> None:
    drawn, height = bands([("found", str(at), count) for at, count in enumerate(rows)])
    assert [band.rows for band in drawn] == [count for count in rows if count]
    assert all(band.tall >= 1 for band in drawn)
    ends = [band.top + band.tall for band in drawn]
    assert all(end < after.top for end, after in zip(ends, drawn[1:], strict=False))
    assert height == pytest.approx(ends[-1] if ends else 0)


def test_a_band_is_as_thick_as_its_part() -> None:
    (stored, beyond), _ = bands([("found", "a", 300), ("refused", "none", 0), ("beyond", "b", 100)])
    assert stored.tall == pytest.approx(3 * beyond.tall)
