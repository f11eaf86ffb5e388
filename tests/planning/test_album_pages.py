from itertools import count

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from timbre_spider.planning.album_pages import ALLOWANCE, GRANTED, LEAST_YIELD, TRIES, AlbumPool
from timbre_spider.planning.album_want import AlbumWant, Page, PageKind, requests_of_artist
from timbre_spider.planning.calls import Kind

pytestmark = pytest.mark.unit

numbers = count()


def want(artist="ann", plays=10, year=None, **values):
    return AlbumWant(f"{artist} {next(numbers)}", artist, year, plays, **values)


def pool_of(*wants, **urls):
    """A pool; `urls`: artists' pages."""
    pool = AlbumPool()
    for each in wants:
        pool.add(each)
    for artist, url in urls.items():
        pool.way_to(artist, url, "")
    return pool


def next_kind(pool, *, search=True):
    page = pool.next_page(search=search)
    return page and page.kind


@pytest.mark.parametrize(
    ("wants", "urls", "kind"),
    [
        ([want()], {}, PageKind.SEARCH),
        ([want(url="/album/1")], {}, PageKind.ALBUM),
        # The own page tells more, the artist's tells of several.
        ([want(url="/album/1")], {"ann": "/artist/1"}, PageKind.ALBUM),
        ([want(url="/album/1"), want(url="/album/2")], {"ann": "/artist/1"}, PageKind.ARTIST),
        # It has genres too, and goes before ratings of half as many plays more.
        ([want(url="/album/1", plays=20), want(), want(plays=5)], {"ann": "/artist/1"}, PageKind.ALBUM),
        ([want(url="/album/1", plays=20), want(), want()], {"ann": "/artist/1"}, PageKind.ARTIST),
        ([want(), want()], {"ann": "/artist/1"}, PageKind.ARTIST),
        # What lists told of already is owed its own page, however many there are.
        ([want(url=f"/album/{n}", is_rated=True) for n in range(9)], {"ann": "/a/1"}, PageKind.ALBUM),
        ([want(is_rated=True)], {"ann": "/a/1"}, PageKind.ARTIST),
        (
            [want(url=f"/album/{n}", is_rated=True, is_told=True) for n in range(2)], {"ann": "/a/1"},
            PageKind.ARTIST,
        ),
    ],
)  # fmt: skip
def test_what_one_request_tells_most_plays_goes_first(wants, urls, kind):
    page = pool_of(*wants, **urls).next_page(search=True)
    addresses = {PageKind.SEARCH: [""], PageKind.ARTIST: urls.values(), PageKind.ALBUM: [each.url for each in wants]}
    assert page.kind is kind
    assert page.url in addresses[kind]


def test_the_most_played_goes_first_whatever_its_way():
    known = want("bob", 30, url="/album/1")
    pool = pool_of(want("ann", 10), known, want("cy", 200))
    assert pool.next_page(search=True).artist == "cy"
    pool.asked(Page(PageKind.SEARCH, "", artist="cy"))
    assert pool.next_page(search=True) == Page(PageKind.ALBUM, known.key, "/album/1", artist="bob")


def test_of_an_artist_one_page_at_a_time_is_asked_for():
    pool = pool_of(want(), want())
    page = pool.next_page(search=True)
    pool.asked(page)
    assert pool.next_page(search=True) is None
    pool.asked(page, ends=True)
    assert pool.next_page(search=True) == page


def test_a_page_of_the_artist_that_does_not_list_an_album_ends_its_way():
    one, other = want(), want(url="/album/2")
    pool = pool_of(one, other, ann="/artist/1")
    pool.artist_read("ann", is_listed=True)
    assert pool.hopeless("ann", search=True) == [one]
    assert pool.next_page(search=True).about == other.key


def test_an_artist_s_page_that_is_none_leaves_the_search_once():
    one = want()
    pool = pool_of(one, ann="/artist/1")
    pool.artist_read("ann", is_listed=False)
    pool.way_to("ann", "/artist/1", "/album/9")
    assert next_kind(pool) is PageKind.SEARCH
    one.searched = True
    assert (pool.next_page(search=True), pool.hopeless("ann", search=True)) == (None, [one])


def test_without_search_another_album_s_page_leads_to_the_artist_s():
    pool = pool_of(want())
    assert next_kind(pool, search=False) is None
    pool.way_to("ann", "", "/album/9")
    assert next_kind(pool) is PageKind.SEARCH
    assert pool.next_page(search=False) == Page(PageKind.WAY, "ann", "/album/9", artist="ann")
    pool.way_read("ann", "/artist/1")
    assert next_kind(pool, search=False) is PageKind.ARTIST
    lost = pool_of(want())
    lost.way_to("ann", "", "/album/9")
    lost.way_read("ann", "")
    lost.way_to("ann", "", "/album/10")
    assert next_kind(lost, search=False) is None


def test_a_way_that_led_to_the_artist_s_page_is_not_lost():
    """A page learned later is taken where it was not."""
    pool = pool_of(want("ann"))
    pool.way_to("ann", "", "/album/9")
    pool.way_read("ann", "/artist/1")
    assert pool.hopeless("ann", search=False) == []
    pool.artist("ann").url = ""
    pool.way_to("ann", "/artist/2", "")
    assert pool.next_page(search=False).url == "/artist/2"


@pytest.mark.parametrize("known", [{"url": "/artist/1"}, {"way": "/album/9"}])
def test_who_has_a_page_or_a_way_to_it_is_not_given_up(known):
    pool = pool_of(want("ann"))
    for name, value in known.items():
        setattr(pool.artist("ann"), name, value)
    assert pool.hopeless("ann", search=False) == []


def test_ratings_seen_anew_are_worth_a_quarter():
    renewed = {"is_rated": True, "is_told": True}
    assert next_kind(pool_of(want(plays=39, url="/album/1", **renewed), want("bob", 25))) is PageKind.SEARCH
    assert next_kind(pool_of(want(plays=41, url="/album/1", **renewed), want("bob", 25))) is PageKind.ALBUM


def of_one_year(artists):
    return [want(f"artist {n}", year="1999") for n in range(artists)]


def test_a_list_of_a_year_goes_first_where_much_of_it_is_wanted():
    assert next_kind(pool_of(*of_one_year(1))) is PageKind.SEARCH
    # What it may bring is played as albums usually are.
    assert next_kind(pool_of(*of_one_year(20), want("bob", 1000, url="/album/1"))) is PageKind.ALBUM
    pool = pool_of(*of_one_year(20))
    assert pool.next_page(search=True) == Page(PageKind.MUST_HEAR, "1999")
    pool.list_read(Page(PageKind.MUST_HEAR, "1999"), 20, is_last=False)
    assert pool.next_page(search=True) == Page(PageKind.MUST_HEAR, "1999", number=2)
    pool.list_read(Page(PageKind.MUST_HEAR, "1999", number=2), 2, is_last=True)
    assert pool.next_page(search=True) == Page(PageKind.CHART, "1999")


@pytest.mark.parametrize(("plays", "kind"), [(436, PageKind.MUST_HEAR), (437, PageKind.ALBUM)])
def test_what_a_list_may_bring_is_played_as_albums_are_on_average(plays, kind):
    """3.6 albums of (20 * 10 + 437) / 21 plays; ratings seen anew are worth a quarter."""
    renewed = want("bob", plays, url="/album/1", is_rated=True, is_told=True)
    assert next_kind(pool_of(*of_one_year(20), renewed)) is kind


def test_a_list_that_brings_too_little_is_left_for_the_search():
    pool = pool_of(*of_one_year(20))
    pages = 0
    while pages < 40 and (page := pool.next_page(search=True)).kind is not PageKind.SEARCH:
        pool.list_read(page, 1, is_last=False)
        pages += 1
    assert LEAST_YIELD > 1
    assert pages < 20
    # Without search there is no other way, as far as what was found bears it.
    assert next_kind(pool, search=False) in (PageKind.MUST_HEAR, PageKind.CHART)


def test_lists_that_cannot_be_read_are_left_alone():
    """Though another of them, under way meanwhile, could."""
    pool = pool_of(*of_one_year(20))
    pool.list_read(Page(PageKind.MUST_HEAR, "1970"), 0, is_last=True, failed=True)
    pool.list_read(Page(PageKind.MUST_HEAR, "1971"), 9, is_last=False)
    assert next_kind(pool) is PageKind.CHART


def test_of_a_list_one_page_at_a_time_is_asked_for():
    pool = pool_of(*of_one_year(20))
    pool.asked(Page(PageKind.MUST_HEAR, "1999"))
    assert next_kind(pool) is PageKind.CHART
    pool.asked(Page(PageKind.MUST_HEAR, "1999"), ends=True)
    assert next_kind(pool) is PageKind.MUST_HEAR


@pytest.mark.parametrize(("albums", "kind"), [(6, PageKind.SEARCH), (7, PageKind.MUST_HEAR)])
def test_a_list_is_worth_it_from_so_many_albums_of_its_year_on(albums, kind):
    assert next_kind(pool_of(*of_one_year(albums))) is kind


def test_what_was_searched_for_in_vain_waits_for_its_artist_s_page():
    pool = pool_of(want(searched=True), ann="/artist/1")
    assert pool.hopeless("ann", search=True) == []
    assert pool.next_page(search=True) == Page(PageKind.ARTIST, "ann", "/artist/1", artist="ann")


@example([0] * 80)
@given(st.lists(st.integers(0, 3), min_size=1, max_size=80))
def test_without_search_pages_are_bounded_by_what_was_found(brought):
    pool = pool_of(*(want(f"artist {n}", year=str(1960 + n % 50)) for n in range(300)))
    pages = found = 0
    for albums in brought:
        page = pool.next_page(search=False)
        if page is None:
            break
        pool.asked(page)
        pages += 1
        for each in pool.wants()[:albums]:
            pool.remove(each.key, found=True)
            found += 1
        pool.list_read(page, albums, is_last=False)
        pool.asked(page, ends=True)
    assert pages <= found + ALLOWANCE + 8


@pytest.mark.parametrize("found", [0, 5])
def test_what_nobody_has_seen_is_searched_for_while_that_finds_some(found):
    """What was seen goes on being read, and its artist's page may tell of the others."""
    pool = pool_of(want("ann"), want("bob", url="/album/1"), want("cy", url="/album/2"), cy="/artist/1")
    for _ in range(found):
        pool.add(one := want())
        pool.remove(one.key, found=True)
    for _ in range(TRIES * (found + GRANTED) - 1):
        pool.asked(Page(PageKind.ALBUM, "", artist="dee"))
    assert next_kind(pool_of(want())) is next_kind(pool_of(want("ann", 99))) is PageKind.SEARCH
    pool.add(want("ann", 99))
    assert next_kind(pool) is PageKind.SEARCH
    pool.asked(Page(PageKind.ALBUM, "", artist="dee"))
    # What stood on a page beside may have been known before.
    pool.told_beside()
    assert next_kind(pool) is PageKind.ALBUM
    pool.add(want("cy", 99))
    assert next_kind(pool) is PageKind.ARTIST
    # Where the site is not to be searched, lists alone are bounded.
    unseen = pool_of(want(), ann="/artist/1")
    for _ in range(TRIES * GRANTED):
        unseen.asked(Page(PageKind.CHART, "1999"))
    assert (next_kind(unseen), next_kind(unseen, search=False)) == (None, PageKind.ARTIST)


def test_without_search_lists_that_have_hardly_anything_are_not_read_on():
    """However much was found before."""
    pool = pool_of(*of_one_year(4))
    for _ in range(300):
        pool.told_beside()
    pages = 0
    while (page := pool.next_page(search=False)) is not None and pages < 60:
        pool.list_read(page, 0, is_last=False)
        pages += 1
    assert 0 < pages < 20


def test_without_search_what_lists_told_beside_bears_more_of_them():
    pool = pool_of(*of_one_year(20))
    for _ in range(3 * ALLOWANCE):
        pool.asked(Page(PageKind.MUST_HEAR, "1970"))
        pool.asked(Page(PageKind.MUST_HEAR, "1970"), ends=True)
    assert next_kind(pool, search=False) is None
    for _ in range(3 * ALLOWANCE):
        pool.told_beside()
    assert next_kind(pool, search=False) is PageKind.MUST_HEAR


def test_who_waits_no_more_is_asked_for_no_more():
    one = want()
    pool = pool_of(one)
    pool.remove(one.key, found=True)
    pool.remove(one.key, found=True)
    assert (len(pool), pool.next_page(search=True), pool.get(one.key), pool.hopeless("ann", search=True)) == (
        0, None, None, [],
    )  # fmt: skip


@pytest.mark.parametrize(
    ("with_address", "without", "requests"),
    [(0, 0, 0), (1, 0, 1), (0, 1, 2), (1, 1, 2), (2, 0, 2), (9, 0, 2), (0, 9, 2)],
)
def test_an_artist_s_albums_take_a_search_and_a_page(with_address: int, without: int, requests: int) -> None:
    assert requests_of_artist(with_address, without) == requests


def test_what_a_run_stores_of_its_way_is_read_by_the_next_in_these_words():
    assert {each.name: each.value for each in (*PageKind, *Kind)} == {
        "ALBUM": "an album of the artist",
        "ARTIST": "on its artist's page",
        "WAY": "by another album's page",
        "SEARCH": "by search",
        "MUST_HEAR": "among the must-hear albums of its year",
        "CHART": "in the chart of its year",
        "ARTIST_PAGE": "a page of the artist's tracks",
        "ALBUM_SEARCH": "a search for the album",
        "SONG": "a search for the song",
        "SONG_IN_WORDS": "a search for the song's words",
        "ARTIST_ALBUMS": "the artist's list of albums",
        "TRACK": "its id",
    }
    assert PageKind.ALBUM.value == "on its own page"


@pytest.mark.parametrize(
    ("search", "page", "finds"),
    [
        (True, {"url": "/artist/1"}, 0.9),
        (True, {}, 0.4),
        (False, {"way": "/album/9"}, 0.45),
    ],
)
def test_pages_that_lead_on_are_worth_a_part_of_what_they_may_tell(search, page, finds):
    for plays, first in ((int(100 * finds) - 1, "ann"), (int(100 * finds) + 1, "bob")):
        # Seen anew at the site, its own page is worth a quarter of its plays.
        pool = pool_of(want("ann", 100), want("bob", 4 * plays, url="/album/1", is_rated=True, is_told=True))
        pool.way_to("ann", page.get("url", ""), page.get("way", ""))
        assert pool.next_page(search=search).artist == first


@pytest.mark.parametrize(("beside", "pages"), [(0, 23), (20, 42), (100, 118)])
def test_without_search_so_many_pages_are_read_as_albums_bear(beside, pages):
    """Twenty, and 95 for a hundred albums found or expected: the next page is expected to bring 3.6."""
    pool = pool_of(*of_one_year(20))
    for _ in range(beside):
        pool.told_beside()
    read = 0
    while (page := pool.next_page(search=False)) is not None and read < 200:
        pool.asked(page)
        pool.asked(page, ends=True)
        read += 1
    assert read == pages


@pytest.mark.parametrize(("pages", "kind"), [(7, PageKind.SEARCH), (8, None)])
def test_eight_pages_in_vain_are_granted(pages, kind):
    pool = pool_of(want())
    for _ in range(pages):
        pool.asked(Page(PageKind.ALBUM, "", artist="dee"))
    assert next_kind(pool) is kind
