import pytest
from hypothesis import given
from hypothesis import strategies as st

from timbre_spider.planning.shelves import LEAST_YIELD, Shelves

pytestmark = pytest.mark.unit


def pages_read(shelves, year, albums_a_page):
    """How many pages of a year are read where each brings so many albums; 50 at most."""
    for number in range(50):
        if not shelves.is_worth_a_page(year):
            return number
        shelf = shelves.of(year)
        shelf.pages, shelf.albums = shelf.pages + 1, shelf.albums + albums_a_page
    return 50


@pytest.mark.parametrize(("albums_a_page", "pages"), [(25, 50), (2, 50), (1, 50), (0, 3)])
def test_a_shelf_is_read_as_long_as_its_pages_bring_enough(albums_a_page, pages):
    assert pages_read(Shelves(), "1999", albums_a_page) == pages


def test_one_that_ended_is_not_read_on():
    shelves = Shelves()
    shelves.of("1999").ended = True
    assert not shelves.is_worth_a_page("1999")
    assert shelves.is_worth_a_page("2000")


def test_where_shelves_bring_nothing_others_are_hardly_tried():
    shelves = Shelves()
    read = [pages_read(shelves, str(year), 0) for year in range(1960, 2026)]
    assert read[0] > read[-1] == 0
    assert sum(read) <= 10


def test_a_good_shelf_is_read_on_beside_bad_ones():
    shelves = Shelves()
    for year in range(1960, 1970):
        pages_read(shelves, str(year), 0)
    shelf = shelves.of("1999")
    shelf.pages, shelf.albums = 5, 20
    assert shelves.is_worth_a_page("1999")


@given(st.lists(st.tuples(st.sampled_from(["1970", "1999", "2020"]), st.integers(0, 25)), max_size=60))
def test_what_is_read_in_vain_is_bounded_by_what_was_brought(reading):
    shelves = Shelves()
    pages = albums = 0
    for year, brought in reading:
        if shelves.is_worth_a_page(year):
            shelf = shelves.of(year)
            shelf.pages, shelf.albums = shelf.pages + 1, shelf.albums + brought
            pages, albums = pages + 1, albums + brought
    assert pages <= albums / LEAST_YIELD + 12
