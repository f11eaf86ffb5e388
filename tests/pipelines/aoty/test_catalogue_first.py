"""The stage aoty asks the catalogue first, then the fewest pages."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from urllib.parse import urlsplit

import pytest

from tests.pipelines.aoty.site import KEY, artist_page, catalogued, earlier, heard, page, paths
from tests.sources.server import Reply
from timbre_spider.items import AotyAlbum, Outcome, SeenOn
from timbre_spider.pipelines.aoty import Aoty

pytestmark = pytest.mark.integration

ARTIST = "https://www.albumoftheyear.org/artist/1-ann/"
RATED = AotyAlbum("https://www.albumoftheyear.org/album/3-ann-harbour.php", "Ann", "Harbour", 70.0, 12)


def test_what_the_catalogue_knows_costs_no_request(bench, site):
    catalogued(bench, RATED)
    songs = bench.run(Aoty, heard("1"), heard("2", album_name="Harbour (Deluxe Edition)"))
    assert paths(site) == []
    assert {(each.aoty.user_score, each.outcomes["aoty"]) for each in songs} == {(70, Outcome.FOUND)}
    told = bench.answers()[KEY]
    assert (told["outcome"], told["reason"], told["next_check"] - told["asked_at"]) == (
        "found", "in the catalogue", timedelta(days=7),
    )  # fmt: skip
    assert told["tier"] == "exact"


@pytest.mark.parametrize(("age", "days"), [(89, 1), (91, 7)])
def test_a_young_album_it_knows_is_asked_for_sooner(bench, site, age, days):
    now = datetime(2020, 6, 1, 12, tzinfo=UTC)
    catalogued(bench, RATED._replace(release_date=f"{now - timedelta(days=age):%Y-%m-%d}"), days=0.5, now=now)
    bench.run(Aoty, heard(), clock=lambda: now)
    told = bench.answers()[KEY]
    assert (paths(site), told["next_check"] - told["asked_at"]) == ([], timedelta(days=days))


def test_by_spotify_s_id_before_names(bench, site):
    named = AotyAlbum("/album/4-ann-hafen.php", "Ann", "Hafen", 60.0, spotify_album_id="1" * 22)
    catalogued(bench, RATED, named)
    [one] = bench.run(Aoty, heard(album_id="1" * 22))
    assert (one.aoty.title, paths(site)) == ("Hafen", [])
    assert bench.answers()[KEY]["score"] is None


def test_of_two_albums_of_one_name_each_song_has_that_of_its_date(bench, site):
    dates = {3: "1994-05-10", 5: "2010-03"}
    catalogued(
        bench,
        *(AotyAlbum(f"/album/{n}-x.php", "Ann", "Harbour", 10.0 * n, release_date=date) for n, date in dates.items()),
    )
    told = ("2010-03-12", "1994-05-10", "1994", "2019-01-01")
    songs = bench.run(Aoty, *(heard(str(n), release_date=date) for n, date in enumerate(told)))
    assert [each.aoty.url for each in songs[:3]] == ["/album/5-x.php", "/album/3-x.php", "/album/3-x.php"]
    # A reissue's date tells nothing: the song has one of the two.
    assert songs[3].aoty is not None
    assert paths(site) == []


def test_a_card_that_turns_out_to_be_a_music_video_is_not_the_album(bench, site):
    catalogued(bench, AotyAlbum("/album/5-x.php", "Ann", "Harbour"), on=SeenOn.CARD)
    site.pages["/album/5-x.php"] = page(5).replace(
        '<div class="detailRow">',
        '<div class="detailRow">Music Video <span>/ Format</span></div><div class="detailRow">',
        1,
    )
    [one] = bench.run(Aoty, heard())
    assert (urlsplit(one.aoty.url).path, paths(site)) == (
        "/album/1-ann.php",
        # The video's page leads to the artist's, which is not there either.
        ["/album/5-x.php", "/artist/1-ann/", "/search/albums/", "/album/1-ann.php"],
    )
    bench.run(Aoty, heard("2"))
    assert len(paths(site)) == 4


def test_an_album_of_various_artists_is_found_by_its_name(bench, site):
    catalogued(bench, AotyAlbum("/album/8-x.php", "Various Artists", "Now 42", 61.0))
    [one] = bench.run(Aoty, heard(artist="Various Artists", album_name="Now 42"))
    assert (one.aoty.user_score, paths(site)) == (61, [])


def test_various_artists_have_no_page_that_is_worth_a_request(bench, site):
    page_of_all = "https://www.albumoftheyear.org/artist/3-various-artists/"
    albums = [AotyAlbum(f"/album/{n}-x.php", "Various Artists", f"Now {n}", artist_url=page_of_all) for n in (8, 9)]
    catalogued(bench, *albums, on=SeenOn.CARD)
    bench.run(Aoty, *(heard(str(n), artist="Various Artists", album_name=f"Now {n}") for n in (8, 9)))
    assert {"/album/8-x.php", "/album/9-x.php"} <= set(paths(site))
    assert "/artist/3-various-artists/" not in paths(site)


def test_what_it_saw_long_ago_is_read_again_where_it_stands(bench, site):
    site.pages["/album/3-ann-harbour.php"] = page(3)
    catalogued(bench, RATED, days=30)
    [one] = bench.run(Aoty, heard())
    assert (one.aoty.user_score, paths(site)) == (81.5, ["/album/3-ann-harbour.php"])


def test_what_it_saw_long_ago_stands_where_the_site_refuses(bench, site):
    site.replies["/album/3-ann-harbour.php"] = Reply(403)
    catalogued(bench, RATED, days=30)
    [one] = bench.run(Aoty, heard())
    assert (one.aoty.user_score, one.outcomes["aoty"]) == (70, Outcome.FOUND)
    assert len(site.asked) == 1
    told = bench.answers()[KEY]
    assert told["next_check"] < datetime.now(UTC)


def test_an_address_without_ratings_saves_the_search_and_is_no_rating(bench, site):
    catalogued(bench, AotyAlbum("/album/1-ann.php", "Ann", "Harbour"), on=SeenOn.CARD)
    [one] = bench.run(Aoty, heard())
    assert (one.aoty.user_score, paths(site)) == (81.5, ["/album/1-ann.php"])
    site.replies["/album/2-ann.php"] = Reply(403)
    catalogued(bench, AotyAlbum("/album/2-ann.php", "Ann", "Pier"), on=SeenOn.CARD)
    [one] = bench.run(Aoty, heard(album_name="Pier"))
    assert (one.aoty, one.outcomes["aoty"]) == (None, Outcome.REFUSED)


def test_what_was_absent_is_asked_for_once_its_address_is_known(bench, site):
    bench.record(replace(earlier(Outcome.ABSENT, days=0.1), values={}))
    catalogued(bench, AotyAlbum("/album/1-ann.php", "Ann", "Harbour"), on=SeenOn.CARD)
    [one] = bench.run(Aoty, heard())
    assert (one.outcomes["aoty"], paths(site)) == (Outcome.FOUND, ["/album/1-ann.php"])


def test_an_artist_s_page_tells_all_albums_at_once(bench, site):
    site.pages["/artist/1-ann/"] = artist_page((21, "Harbour"), (22, "Pier"))
    catalogued(bench, AotyAlbum("/album/9-x.php", "Ann", "Elsewhere", artist_url=ARTIST), on=SeenOn.CARD)
    songs = bench.run(Aoty, heard("1"), heard("2", album_name="Pier"))
    assert paths(site) == ["/artist/1-ann/"]
    assert {(each.aoty.title, each.aoty.user_score) for each in songs} == {("Harbour", 66), ("Pier", 66)}
    # What it does not list is nowhere; and it is not read again by the next run.
    [one] = bench.run(Aoty, heard(album_name="Unheard"))
    assert (one.outcomes["aoty"], paths(site)) == (Outcome.ABSENT, ["/artist/1-ann/"])


def test_what_was_absent_is_found_once_the_catalogue_knows_it(bench, site):
    site.cards = []
    [one] = bench.run(Aoty, heard())
    assert one.outcomes["aoty"] is Outcome.ABSENT
    [one] = bench.run(Aoty, heard())
    assert (one.outcomes["aoty"], len(site.asked)) == (Outcome.ABSENT, 1)
    catalogued(bench, RATED)
    [one] = bench.run(Aoty, heard())
    assert (one.outcomes["aoty"], one.aoty.user_score, len(site.asked)) == (Outcome.FOUND, 70, 1)
