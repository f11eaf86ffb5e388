"""The charts of the years that albums are from: few requests for many albums, and none for nothing."""

import pytest
from scrapy.exceptions import IgnoreRequest

from tests.pipelines.test_aoty_stage import earlier, page, paths, site, song, track
from tests.pipelines.test_catalogue_first import artist_page, catalogued
from tests.sources.server import Reply
from timbre_spider.items import AotyAlbum, OpenFacts, Outcome, SeenOn
from timbre_spider.pipelines.album_asked import released
from timbre_spider.pipelines.aoty import Aoty

__all__ = ["site"]

pytestmark = pytest.mark.integration

HTML = {"Content-Type": "text/html"}


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


def at(year, number):
    return f"/ratings/user-highest-rated/{year}/{number}/"


def heard(album, artist="Ann", year="2004", **values):
    parts = {"spotify": track(title=album, artist=artist, album_name=album, release_date=year, **values)}
    return song(artist, album, outcomes={"spotify": Outcome.FOUND}, **parts)


def test_a_page_of_the_chart_answers_for_all_its_albums(bench, site):
    site.pages[at(2004, 1)] = chart((1, "Ann", "Harbour"), (2, "Bob", "Pier"), (3, "Cy", "Quay"))
    songs = bench.run(Aoty, heard("Harbour"), heard("Pier (Deluxe Edition)", "Bob", "2004-05"), heard("Quay", "Cy"))
    assert paths(site) == [at(2004, 1)]
    assert [(each.aoty.user_score, each.aoty.genres) for each in songs] == [(77.5, ("Rock",))] * 3
    assert {told["reason"] for told in bench.answers().values() if told["values"].get("url")} == {
        "in the chart of its year"
    }


def test_the_chart_is_read_on_until_the_album_is_there(bench, site):
    site.pages[at(2004, 1)] = chart((2, "Ann", "Pier"), (3, "Ann", "Quay"), more=True)
    site.pages[at(2004, 2)] = chart((1, "Ann", "Harbour"), more=True)
    [one] = bench.run(Aoty, heard("Harbour"))
    assert paths(site) == [at(2004, 1), at(2004, 2)]
    assert one.aoty.user_score == 77.5


@pytest.mark.parametrize("end", [None, "<html><body>nothing</body></html>"])
def test_past_its_end_search_goes_on(bench, site, end):
    site.pages |= {at(2004, 1): chart(more=True)} | ({at(2004, 2): end} if end else {})
    [one] = bench.run(Aoty, heard("Harbour"))
    assert paths(site) == [at(2004, 1), at(2004, 2), "/search/albums/", "/album/1-ann.php"]
    assert one.aoty.user_score == 81.5


def test_a_page_that_is_not_full_and_leads_nowhere_is_the_last(bench, site):
    site.pages[at(2004, 1)] = chart(rows=7)
    bench.run(Aoty, heard("Harbour"))
    assert paths(site)[:2] == [at(2004, 1), "/search/albums/"]


def test_pages_without_an_artist_who_is_heard_are_not_read_on(bench, site):
    site.pages |= {at(2004, number): chart(more=True) for number in range(1, 30)}
    bench.run(Aoty, heard("Harbour"))
    assert paths(site).count("/search/albums/") == 1
    assert len(paths(site)) < 8


def test_what_the_catalogue_knows_makes_no_page_worth_it(bench, site):
    known = [(100 + n, "Ann", f"Known {n}") for n in range(25)]
    catalogued(bench, *(AotyAlbum(f"/album/{n}-x.php", who, title, 70.0) for n, who, title in known), on=SeenOn.CHART)
    site.pages |= {at(2004, number): chart(*known, more=True) for number in range(1, 30)}
    bench.run(Aoty, heard("Harbour"))
    assert len(paths(site)) < 8


def test_where_search_is_forbidden_a_chart_still_tells(bench, site):
    site.replies["/search/albums/"] = Reply(404)
    site.pages[at(2004, 1)] = chart((1, "Ann", "Harbour"))
    [one] = bench.run(Aoty, heard("Harbour"))
    assert one.aoty.user_score == 77.5


def test_the_next_run_reads_no_page_again(bench, site):
    site.cards = []
    site.pages[at(2004, 1)] = chart(rows=7)
    bench.run(Aoty, heard("Harbour"))
    bench.run(Aoty, heard("Pier"))
    assert paths(site).count(at(2004, 1)) == 1


def test_scores_that_are_due_are_renewed_by_the_chart_too(bench, site):
    bench.record(earlier())
    site.pages |= {at(2004, 1): chart((7, "Ann", "Harbour")), "/album/7-ann.php": page(7)}
    [one] = bench.run(Aoty, heard("Harbour"))
    assert (paths(site), one.aoty.user_score) == ([at(2004, 1)], 77.5)


def test_a_refusal_ends_it_for_all(bench, site):
    site.replies[at(2004, 1)] = Reply(403)
    songs = bench.run(Aoty, heard("Harbour"), heard("Pier"), heard("Quay", year="1999"))
    assert len(site.asked) == 1
    assert {each.outcomes["aoty"] for each in songs} == {Outcome.REFUSED}


@pytest.mark.parametrize(
    ("spotify", "open_", "date"),
    [
        ("2011-03-04", "1975", "1975"),
        ("1975-03-04", "2011", "1975-03-04"),
        ("2011", None, "2011"),
        (None, "1975-01", "1975-01"),
        (None, None, None),
        ("0000", None, "0000"),
        ("n.d.", None, None),
    ],
)
def test_the_date_is_the_earliest_that_anybody_tells(spotify, open_, date):
    parts = {"spotify": track(release_date=spotify), "open": OpenFacts(release_date=open_) if open_ else None}
    assert released(song(**parts)) == date


def test_where_search_is_forbidden_another_album_s_page_leads_to_the_artist_s(bench, site, monkeypatch):
    async def search(stage, wanted):
        raise IgnoreRequest("forbidden by robots.txt")

    monkeypatch.setattr(Aoty, "_search", search)
    site.pages |= {
        at(2004, 1): chart((1, "Ann", "Harbour"), rows=5),
        "/album/1-x.php": page(1),
        "/artist/1-ann/": artist_page((1, "Harbour"), (21, "Pier"), (22, "Quay")),
    }
    found = bench.run(Aoty, heard("Harbour"), heard("Pier"), heard("Quay"))
    assert paths(site) == [at(2004, 1), "/album/1-x.php", "/artist/1-ann/"]
    assert [(each.aoty.title, each.aoty.user_score) for each in found] == [
        ("Harbour", 77.5), ("Pier", 66), ("Quay", 66),
    ]  # fmt: skip
    # Of one whose artist nobody has met nothing can be asked.
    [one] = bench.run(Aoty, heard("Shed", "Bob"))
    assert (one.outcomes["aoty"], len(site.asked)) == (Outcome.REFUSED, 3)
