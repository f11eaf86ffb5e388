"""A chart's rows held against its own word: whatever moves, none is counted twice or lost."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from timbre_spider.items import ChartRow
from timbre_spider.sources.lastfm import ChartPage
from timbre_spider.spiders.collected import Collected

pytestmark = pytest.mark.unit


def page(*titles, total=9, number=1):
    rows = tuple(ChartRow("A", title, 5, place) for place, title in enumerate(titles, 1))
    return ChartPage(rows, number, 3, total, 3)


def test_new_rows_are_counted_and_moved_ones_once_a_reading():
    rows = Collected()
    assert [rows.take(page("a", "b", "c")), rows.take(page("c", "d", "e"))] == [3, 2]
    assert (rows.read, rows.moved, rows.missing) == (5, 1, 4)
    rows.begin()
    assert rows.take(page("a", "b")) == 0
    assert rows.moved == 1


def test_of_a_row_met_twice_the_one_with_most_plays_stays_in_its_first_place():
    rows = Collected()
    for plays in ((5, 7), (9, 2), (3, 7)):
        told = tuple(ChartRow("A", title, count, 1) for title, count in zip("ab", plays, strict=True))
        rows.take(ChartPage(told, 1, 3, 9, 3))
    assert [(row.title, row.playcount) for row in rows.rows] == [("a", 9), ("b", 7)]
    # A name that stands twice on a page is two of the chart's rows.
    rows.take(page("a", "a"))
    assert (len(rows.rows), rows.read) == (2, 3)


@pytest.mark.parametrize(
    ("number", "size", "due"), [(1, 1000, 1000), (2, 1000, 1000), (3, 1000, 500), (4, 1000, 0), (13, 200, 100)]
)
def test_rows_due_on_a_page(number, size, due):
    rows = Collected()
    rows.told = 2500
    assert rows.due_on(number, size) == due


@pytest.mark.parametrize(("told", "read", "short"), [(0, 0, False), (100, 99, False), (100, 98, True), (9, 12, False)])
def test_what_is_short(told, read, short):
    rows = Collected()
    rows.take(page(*map(str, range(read)), total=told))
    assert rows.is_short is short


@given(st.lists(st.lists(st.sampled_from("abcdefgh"), max_size=6), max_size=8))
def test_every_name_met_is_there_once(pages):
    rows = Collected()
    new = sum(rows.take(page(*titles)) for titles in pages)
    assert {row.title for row in rows.rows} == {title for titles in pages for title in titles}
    assert len(rows.rows) == len({row.title for row in rows.rows}) <= rows.read == new
