import pytest
from hypothesis import given
from hypothesis import strategies as st

from timbre_spider.planning.shelves import Shelves

pytestmark = pytest.mark.unit


def after(*pages, rows=25, wanted=10):
    """Shelves of which pages were read: (year, albums it brought)."""
    shelves = Shelves(rows)
    for year, albums in pages:
        shelves.read(year, wanted, albums, ended=False)
    return shelves


def test_more_is_expected_where_more_is_wanted_and_where_pages_hold_more():
    assert after().expected("1999", 20) > after().expected("1999", 10) > 0
    assert after(rows=60).expected("1999", 10) > after(rows=25).expected("1999", 10)
    assert after().expected("1999", 0) == 0


def test_a_shelf_is_known_by_its_own_pages_and_an_unread_one_by_the_others():
    good, bad = (after(*[("1999", albums)] * 8) for albums in (5, 0))
    assert 4 < good.expected("1999", 10) < 5
    assert good.expected("2000", 10) > after().expected("2000", 10) > bad.expected("2000", 10)
    assert bad.expected("1999", 10) < bad.expected("2000", 10)


def test_nothing_is_expected_of_one_that_ended_or_is_asked_for_or_of_lists_that_cannot_be_read():
    shelves = after(("1999", 9))
    shelves.read("1999", 10, 9, ended=True)
    shelves.of("2000").is_asked = True
    assert [shelves.expected(year, 10) > 0 for year in ("1999", "2000", "2001")] == [False, False, True]
    shelves.are_closed = True
    assert shelves.expected("2001", 10) == 0


@given(st.lists(st.tuples(st.sampled_from(["1970", "1999"]), st.integers(0, 25)), max_size=40), st.integers(0, 50))
def test_no_page_is_expected_to_bring_more_than_the_best_one_and_the_prior_together(pages, wanted):
    expected = after(*pages).expected("1999", wanted)
    most = max((albums for _, albums in pages), default=0)
    assert 0 <= expected <= most * max(1, wanted / 10) + 0.003 * 25 * wanted + 1e-9


@pytest.mark.parametrize(
    ("read", "expected"),
    [
        # Three in a thousand of each row and each album asked for.
        ([], 0.003 * 250),
        # Two thousand such are believed beforehand, and two pages' worth of what lists bring in all.
        ([("2000", 4)], 250 * (6 + 4) / (2000 + 250)),
        ([("1999", 4)], (4 + 2 * 250 * 10 / 2250) / 3),
        ([("1999", 4), ("1999", 0), ("2000", 2)], (4 + 2 * 250 * 12 / 2750) / 4),
    ],
)
def test_what_the_next_page_is_expected_to_bring(read, expected):
    assert after(*read).expected("1999", 10) == pytest.approx(expected)
