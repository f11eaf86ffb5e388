"""Where albums stand in the drawing of score against plays."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from timbre_spider.service.pages.scatter import HEIGHT, WIDTH, dots

pytestmark = pytest.mark.unit


@given(st.lists(st.tuples(st.floats(0, 100), st.integers(0, 10**9)), max_size=20))
def test_every_album_stands_inside_and_more_is_further_right_and_up(albums: list[tuple[float, int]]) -> None:
    placed = dots(albums)
    assert all(0 <= x <= WIDTH and 0 <= y <= HEIGHT for x, y in placed)
    for (score, plays), (x, y) in zip(albums, placed, strict=True):
        for (other_score, other_plays), (other_x, other_y) in zip(albums, placed, strict=True):
            assert x >= other_x or score < other_score
            assert y <= other_y or plays < other_plays
