"""Which pages the stage asks for: few requests for many albums, and none for nothing."""

import asyncio
from dataclasses import replace
from urllib.parse import urlsplit

import pytest
from scrapy.exceptions import IgnoreRequest

from tests.pipelines.aoty.site import artist_page, catalogued, earlier, page, paths
from tests.pipelines.making import fetch_of, song, track
from tests.sources.server import Reply
from timbre_spider.items import AotyAlbum, Outcome, SeenOn
from timbre_spider.pipelines.aoty import Aoty
from timbre_spider.pipelines.aoty.pages import AotyPages
from timbre_spider.pipelines.aoty.wanted import wanted_by
from timbre_spider.planning.album_want import AlbumWant

pytestmark = pytest.mark.integration

ARTISTS = [f"Artist {n}" for n in range(20)]
MUST_HEAR = "/must-hear/2004/"
SEARCH = "/search/albums/"


@pytest.fixture(autouse=True)
def one_at_a_time(bench, site):
    bench.settings["scrape_concurrency"] = 1


@pytest.fixture
def no_search(monkeypatch):
    async def search(pages, artist, album):
        raise IgnoreRequest("forbidden by robots.txt")

    monkeypatch.setattr(AotyPages, "search", search)


def chart(*albums, more=False, rows=25):
    """A page of the users' chart: (number, artist, title), the rest of it by others."""
    filled = [*albums, *((900 + n, f"Other {n}", "Else") for n in range(rows - len(albums)))]
    listed = "".join(
        f"""<div class="albumListRow"><h2 class="albumListTitle">
        <a href="/album/{number}-x.php">{artist} - {title}</a></h2>
        <div class="albumListDate">May 2, 2004</div><div class="albumListGenre"><a href="/genre/1-rock/">Rock</a></div>
        <div class="albumListScoreContainer"><div class="scoreHeader">USER SCORE</div>
        <div class="scoreValueContainer" title="77.5"><div class="scoreValue">78</div></div>
        <div class="scoreText">120 ratings</div></div></div>"""
        for number, artist, title in filled
    )
    after = '<div class="pageSelect next">Next</div>' if more else ""
    return f"<html><body>{listed}{after}</body></html>"


def cards(*albums, score=66):
    """Cards of must-hear albums: (number, artist, title)."""
    listed = "".join(
        f"""<div class="albumBlock"><a href="/artist/{number}-x/"><div class="artistTitle">{artist}</div></a>
        <a href="/album/{number}-ann.php"><div class="albumTitle">{title}</div></a><div class="type">2004</div>
        <div class="ratingRow"><div class="rating">{score}</div><div class="ratingText">user score</div>
        <div class="ratingText">(9)</div></div></div>"""
        for number, artist, title in albums
    )
    return f'<html><body><h1 class="headline">Must Hear</h1>{listed}</body></html>'


def at(year, number):
    return f"/ratings/user-highest-rated/{year}/{number}/"


def heard(album, artist="Ann", year="2004", **values):
    parts = {"spotify": track(title=album, artist=artist, album_name=album, release_date=year, **values)}
    return song(artist, album, outcomes={"spotify": Outcome.FOUND}, **parts)


def one_of_each():
    """Songs of many artists' albums of a year, so many that its lists are worth a look."""
    return [heard("Harbour", artist) for artist in ARTISTS]


def numbered(artists):
    return [(100 + ARTISTS.index(artist), artist, "Harbour") for artist in artists]


def test_lists_of_a_year_answer_for_all_their_albums(bench, site):
    site.pages |= {MUST_HEAR: cards(*numbered(ARTISTS[:8])), at(2004, 1): chart(*numbered(ARTISTS[8:]))}
    songs = bench.run(Aoty, *one_of_each())
    assert paths(site) == [MUST_HEAR, at(2004, 1)]
    assert [each.aoty.user_score for each in songs] == [66] * 8 + [77.5] * 12
    assert songs[-1].aoty.genres == ("Rock",)
    assert {told["reason"] for told in bench.answers().values() if told["values"].get("url")} == {
        "in the chart of its year", "among the must-hear albums of its year",
    }  # fmt: skip


@pytest.mark.parametrize("end", [None, "<html><body>nothing</body></html>"])
def test_a_list_is_read_on_to_its_end_and_the_rest_is_searched_for(bench, site, end):
    site.cards = []
    site.pages |= {at(2004, 1): chart(*numbered(ARTISTS[:7]), more=True)} | ({at(2004, 2): end} if end else {})
    songs = bench.run(Aoty, *one_of_each())
    assert paths(site) == [MUST_HEAR, at(2004, 1), at(2004, 2), *[SEARCH] * 13]
    assert [each.outcomes["aoty"] for each in songs] == [Outcome.FOUND] * 7 + [Outcome.ABSENT] * 13


def test_a_page_that_is_not_full_and_leads_nowhere_is_the_last(bench, site):
    site.cards = []
    site.pages |= {MUST_HEAR: cards(*numbered(ARTISTS[:1])), at(2004, 1): chart(*numbered(ARTISTS[1:3]), rows=7)}
    bench.run(Aoty, *one_of_each())
    assert paths(site) == [MUST_HEAR, at(2004, 1), *[SEARCH] * 17]


def test_what_the_catalogue_knows_makes_no_page_worth_it(bench, site):
    site.cards = []
    known = [(200 + n, "Artist 1", f"Known {n}") for n in range(25)]
    catalogued(bench, *(AotyAlbum(f"/album/{n}-x.php", who, title, 70.0) for n, who, title in known), on=SeenOn.CHART)
    site.pages |= {at(2004, number): chart(*known, more=True) for number in range(1, 30)}
    bench.run(Aoty, *one_of_each())
    assert len([path for path in paths(site) if path.startswith("/ratings/")]) < 6


def test_what_is_hardly_ever_on_the_site_is_put_off_to_a_later_run(bench, site):
    """What the catalogue has stands, though it is due."""
    site.cards = []
    address = "https://www.albumoftheyear.org/album/7-ann.php"
    listed = AotyAlbum(address, "Ann", "Harbour", 70.0, artist_url="/artist/1-ann/")
    catalogued(bench, listed, on=SeenOn.CARD, days=30)
    site.pages["/album/7-ann.php"] = page(7)
    songs = bench.run(
        Aoty, *(heard("Pier", artist, str(1960 + n)) for n, artist in enumerate(ARTISTS)), heard("Harbour")
    )
    assert 8 <= paths(site).count(SEARCH) <= 12
    assert songs[-1].aoty.user_score == 81.5
    put_off = [told for told in bench.answers().values() if told["outcome"] == Outcome.DEFERRED]
    assert len(put_off) == 20 - paths(site).count(SEARCH)
    assert {round((told["next_check"] - told["asked_at"]).total_seconds() / 3600, 2) for told in put_off} == {12}
    assert {told["reason"] for told in put_off} == {
        "too few of the albums looked for before it are on the site; it is looked for in a later run"
    }


def test_the_next_run_reads_no_page_again(bench, site):
    site.cards = []
    site.pages[at(2004, 1)] = chart(rows=7)
    bench.run(Aoty, *one_of_each())
    bench.run(Aoty, *(heard("Pier", artist) for artist in ARTISTS))
    assert (paths(site).count(at(2004, 1)), paths(site).count(MUST_HEAR)) == (1, 1)


def test_a_refusal_ends_it_for_all(bench, site):
    site.replies[MUST_HEAR] = Reply(403)
    songs = bench.run(Aoty, *one_of_each())
    assert len(site.asked) == 1
    assert {each.outcomes["aoty"] for each in songs} == {Outcome.REFUSED}


def test_lists_of_a_kind_that_cannot_be_read_are_left_alone(bench, site):
    site.cards = []
    site.pages |= {f"/must-hear/{year}/": "<html><body>all new</body></html>" for year in (2004, 2005)}
    bench.run(Aoty, *one_of_each(), *(heard("Harbour", artist + " II", "2005") for artist in ARTISTS))
    assert len([path for path in paths(site) if path.startswith("/must-hear/")]) == 1
    assert len(list((bench.folder / "unknown_pages").iterdir())) == 1


def test_one_search_leads_to_the_page_of_all_the_artist_s_albums(bench, site):
    site.pages |= {
        "/artist/1-x/": artist_page((1, "Harbour"), (21, "Pier"), (22, "Quay")),
    }
    found = cards((1, "Ann", "Harbour"), score="").replace("Must Hear", "Search Results")
    site.replies[SEARCH] = Reply(body=found, headers={"Content-Type": "text/html"})
    songs = bench.run(Aoty, *map(heard, ("Harbour", "Pier", "Quay", "Shed")))
    assert paths(site) == [SEARCH, "/artist/1-x/"]
    assert [each.aoty and each.aoty.user_score for each in songs] == [66, 66, 66, None]
    assert songs[3].outcomes["aoty"] is Outcome.ABSENT


def test_an_album_that_comes_the_moment_another_is_told_is_asked_for_too(bench, site):
    async def work(context):
        asker = Aoty(context, fetch_of(context), bench.stats)._asker
        async with asyncio.timeout(20):
            for title in ("Harbour", "Pier"):
                wanted = wanted_by(heard(title))
                told = await asker.about(wanted, AlbumWant(wanted.key, "ann", None, 1), [])
        return told.outcome

    assert bench.use(work) is Outcome.ABSENT


def test_where_search_is_forbidden_lists_still_tell(bench, site, no_search):
    site.pages[at(2004, 1)] = chart((1, "Ann", "Harbour"))
    found, missing = bench.run(Aoty, heard("Harbour"), heard("Pier", "Bob"))
    assert (found.aoty.user_score, missing.outcomes["aoty"]) == (77.5, Outcome.REFUSED)


def test_what_a_page_told_of_before_it_waited_was_worth_the_request_too(bench, site, no_search):
    """Unlike what the catalogue has from elsewhere."""
    catalogued(bench, AotyAlbum("/album/3-x.php", "Cy", "Quay", 70.0))
    site.pages[MUST_HEAR] = cards((1, "Ann", "Harbour"), (2, "Bob", "Pier"))

    async def work(context):
        stage = Aoty(context, fetch_of(context), bench.stats)
        for one in (heard("Harbour"), heard("Pier", "Bob"), heard("Quay", "Cy")):
            await stage.process_item(one)
            assert one.outcomes["aoty"] is Outcome.FOUND
            await context.writer.flush()
        return stage._asker._pool

    pool = bench.use(work)
    assert (paths(site), pool._found, pool._beside) == ([MUST_HEAR], 1, 1)


def test_where_search_is_forbidden_another_album_s_page_leads_to_the_artist_s(bench, site, no_search):
    site.pages |= {
        at(2004, 1): chart((1, "Ann", "Harbour"), rows=5),
        "/album/1-x.php": page(1),
        "/artist/1-ann/": artist_page((1, "Harbour"), (21, "Pier"), (22, "Quay")),
    }
    found = bench.run(Aoty, heard("Harbour"), heard("Pier"), heard("Quay"), heard("Shed"))
    assert paths(site) == [MUST_HEAR, at(2004, 1), "/album/1-x.php", "/artist/1-ann/"]
    assert [each.aoty.user_score for each in found[:3]] == [77.5, 66, 66]
    # Asked properly, and not there.
    assert found[3].outcomes["aoty"] is Outcome.ABSENT


def test_an_album_that_only_lists_told_of_is_told_by_its_own_page_when_it_is_due(bench, site):
    bench.record(earlier())
    site.pages |= {"/album/7-ann.php": page(7), "/artist/1-ann/": artist_page((7, "Harbour"))}
    address = "https://www.albumoftheyear.org/album/7-ann.php"
    listed = AotyAlbum(address, "Ann", "Harbour", 70.0, artist_url="/artist/1-ann/")
    catalogued(bench, listed, on=SeenOn.CHART, days=30)
    [one] = bench.run(Aoty, heard("Harbour"))
    assert (paths(site), one.aoty.user_score) == (["/album/7-ann.php"], 81.5)


def test_an_artist_s_page_read_for_others_leaves_the_own_page_to_those_that_lists_told_of(bench, site):
    site.pages |= {
        "/album/7-ann.php": page(7),
        "/artist/1-ann/": artist_page(*((7 + at, title) for at, title in enumerate(("Harbour", "Pier", "Quay")))),
    }
    url = "https://www.albumoftheyear.org/album/7-ann.php"
    listed = AotyAlbum(url, "Ann", "Harbour", 70.0, artist_url="/artist/1-ann/")
    catalogued(bench, listed, on=SeenOn.CHART, days=30)
    songs = bench.run(Aoty, heard("Harbour"), heard("Pier"), heard("Quay"))
    assert sorted(paths(site)) == ["/album/7-ann.php", "/artist/1-ann/"]
    assert [each.aoty.user_score for each in songs] == [81.5, 66, 66]


def test_albums_whose_pages_were_read_are_renewed_by_their_artist_s(bench, site):
    site.pages["/artist/1-ann/"] = artist_page((7, "Harbour"), (8, "Pier"))
    told = [
        AotyAlbum(f"/album/{number}-ann.php", "Ann", title, 70.0, artist_url="/artist/1-ann/")
        for number, title in ((7, "Harbour"), (8, "Pier"))
    ]
    catalogued(bench, *told, on=SeenOn.ALBUM, days=30)
    songs = bench.run(Aoty, heard("Harbour"), heard("Pier"))
    assert (paths(site), [each.aoty.user_score for each in songs]) == (["/artist/1-ann/"], [66, 66])


def artist_of_two(first, second):
    """Ann's page with two albums of one name and year."""
    return artist_page((first, "Harbour"), (second, "Harbour"))


@pytest.mark.parametrize(
    ("days", "told"),
    [
        # Each song has that of its day; one that neither page tells has none.
        (("September 13, 2004", "February 6, 2004"), ["7", "8", None]),
        (("2004", "2004"), [None, None, None]),
    ],
)
def test_of_two_albums_of_one_name_and_year_their_own_pages_tell(bench, site, days, told):
    site.pages |= {
        "/artist/1-ann/": artist_of_two(7, 8),
        "/album/7-ann.php": page(7, days[0]),
        "/album/8-ann.php": page(8, days[1]),
    }
    catalogued(bench, AotyAlbum("/album/9-ann.php", "Ann", "Elsewhere", artist_url="/artist/1-ann/"), on=SeenOn.CARD)
    songs = [heard("Harbour", year=year) for year in ("2004-09-13", "2004-02-06", "2004-05-20")]
    found = bench.run(Aoty, *songs)
    numbers = [each.aoty and urlsplit(each.aoty.url).path.removeprefix("/album/")[0] for each in found]
    assert numbers[:2] == told[:2]
    assert paths(site)[0] == "/artist/1-ann/"
    assert sorted(set(paths(site)[1:])) == ["/album/7-ann.php", "/album/8-ann.php"]
    assert len(paths(site)) == 3


def test_a_joint_release_of_a_name_the_artist_has_twice_is_its_songs_in_the_next_run_too(bench, site):
    joint = '<div class="type">2012 • <span title="Ann &amp; Bob">Ann &amp; Bob</span></div>'
    own, other = artist_page((7, "Harbour"), (8, "Harbour")).rsplit('<div class="type">2004</div>', 1)
    site.pages["/artist/1-ann/"] = f"{own}{joint}{other}"
    catalogued(bench, AotyAlbum("/album/9-ann.php", "Ann", "Elsewhere", artist_url="/artist/1-ann/"), on=SeenOn.CARD)
    for _ in range(2):
        songs = [heard("Harbour", year=year) for year in ("2004-09-13", "2012-02-06")]
        found = bench.run(Aoty, *songs)
        assert [urlsplit(each.aoty.url).path for each in found] == ["/album/7-ann.php", "/album/8-ann.php"]
    assert paths(site) == ["/artist/1-ann/"]


def test_an_ep_and_an_album_of_one_name_and_other_years_are_two(bench, site):
    site.pages["/artist/1-ann/"] = artist_page((7, "Harbour EP"))
    catalogued(bench, AotyAlbum("/album/9-ann.php", "Ann", "Elsewhere", artist_url="/artist/1-ann/"), on=SeenOn.CARD)
    album, ep = bench.run(Aoty, heard("Harbour", year="2012-02-06"), heard("Harbour EP"))
    assert (album.outcomes["aoty"], ep.aoty.title) == (Outcome.ABSENT, "Harbour EP")


def test_a_joint_release_that_is_due_is_the_song_s_still(bench, site):
    site.pages["/album/8-ann.php"] = page(8, "February 6, 2012")
    known = replace(earlier(number=8), key=f"{wanted_by(heard('Harbour')).key} (2012-02-06)")
    bench.record(replace(known, values={**known.values, "artist": "Ann & Bob", "release_date": "2012"}))
    catalogued(bench, AotyAlbum("/album/7-ann.php", "Ann", "Harbour", 70.0, release_date="2004"), on=SeenOn.CARD)
    [one] = bench.run(Aoty, heard("Harbour", year="2012-02-06"))
    assert (urlsplit(one.aoty.url).path, paths(site)) == ("/album/8-ann.php", ["/album/8-ann.php"])
