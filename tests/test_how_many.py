"""Numbers of things in sentences."""

import pytest

from timbre_spider.how_many import how_many

pytestmark = pytest.mark.unit


@pytest.mark.parametrize(
    ("number", "words", "said"),
    [
        (1, ("song",), "1 song"),
        (0, ("song",), "0 songs"),
        (2000, ("song",), "2,000 songs"),
        (1, ("file or page", "files or pages"), "1 file or page"),
        (2, ("file or page", "files or pages"), "2 files or pages"),
    ],
)
def test_one_is_no_several(number: int, words: tuple[str, ...], said: str) -> None:
    assert how_many(number, *words) == said
