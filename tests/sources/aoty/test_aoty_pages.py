import re
from collections.abc import Callable
from pathlib import Path

import pytest
from scrapy.http import HtmlResponse

from timbre_spider.errors import UnknownPage, Unusable
from timbre_spider.items import AotyAlbum, AotyTrack
from timbre_spider.sources.aoty import (
    CARDS,
    ROWS,
    album_url,
    challenge,
    chart_url,
    is_last_page,
    must_hear_url,
    read_album,
    read_artist,
    read_chart,
    read_search,
    search_url,
)
from timbre_spider.sources.aoty.page import count, date, score

pytestmark = pytest.mark.unit

SITE = "http://127.0.0.1:8005"
PAGES = Path(__file__).parent / "pages"
SAVED = Path(__file__).parents[4] / "shared/fixtures/aoty"
needs_saved = pytest.mark.skipif(not SAVED.exists(), reason="the saved pages are not beside the project")


def page(source: str | bytes | Path, path: str = "/album/77001.php", encoding: str | None = None) -> HtmlResponse:
    body = source.read_bytes() if isinstance(source, Path) else source
    body = body.encode() if isinstance(body, str) else body
    return HtmlResponse(SITE + path, body=body, encoding=encoding)


def album_page(*changes: tuple[str, str]) -> HtmlResponse:
    source = (PAGES / "album.html").read_text()
    for old, new in changes:
        assert old in source, old
        source = source.replace(old, new)
    return page(source)


ALBUM = AotyAlbum(
    url=f"{SITE}/album/77001-the-paper-boats-dont-look-down.php",
    artist="The Paper Boats",
    title="Don't Look Down",
    user_score=83.6,
    rating_count=12_045,
    critic_score=61.25,
    critic_count=9,
    release_date="2024-03-08",
    genres=("Dream Pop", "Shoegaze", "Ambient", "Slowcore"),
    tags=("hazy", "female vocalist", "2020s"),
    spotify_album_id="4aB0000000000000000001",
    secondary_genres=("Ambient", "Slowcore"),
    format="LP",
    labels=("Ex",),
    artist_url=f"{SITE}/artist/501-the-paper-boats/",
    tracks=(AotyTrack("One", 1, score=77.0, rating_count=4304),),
)


def test_an_album() -> None:
    assert read_album(album_page()) == ALBUM


@pytest.mark.parametrize(
    ("changes", "field", "expected"),
    [
        ([('title="83.6">84', ">84")], "user_score", 84.0),
        ([('title="83.6">84', 'title="">84')], "user_score", 84.0),
        ([('title="83.6">84', ">NR"), ("12,045", "3")], "user_score", None),
        ([('title="83.6">84', ">NR"), ("12,045", "3")], "rating_count", 3),
        ([('title="83.6">84', 'title="0">0'), ("12,045", "0")], "user_score", None),
        ([('title="83.6">84', 'title="183.6">184')], "user_score", None),
        ([('title="83.6">84', 'title="0">0')], "user_score", 0),
        ([("12,045", "0")], "user_score", 83.6),
        ([("&nbsp;Genre", "&nbsp;Genres")], "genres", ("Dream Pop", "Shoegaze", "Ambient", "Slowcore")),
        ([("albumUserScoreBox", "gone"), ('<a href="#users" title="83.6">84</a>', "")], "user_score", None),
        ([("albumUserScoreBox", "gone"), ('<a href="#users" title="83.6">84</a>', "NR")], "rating_count", None),
        ([("12,045", "12K")], "rating_count", None),
        ([("albumCriticScoreBox", "gone"), ('<a href="#critics" title="61.25">61</a>', "")], "critic_score", None),
        ([("&nbsp;Release Date", "&nbsp;Other")], "release_date", "2024-03-08"),
        ([("March</a> 8,", "July</a>"), ("2024</a> <span>", "1963</a> <span>")], "release_date", "1963-07"),
        ([('<a href="/2024/releases/march-03/">March</a> 8, ', "")], "release_date", "2024"),
        ([("&nbsp;Genre", "&nbsp;Something")], "genres", ()),
        ([("/tag/hazy/albums/", "/x/"), ("/tag/female+vocalist/albums/", "/x/")], "tags", ("2020s",)),
        (
            [('"/tag/hazy/albums/"', '"/all/releases/vibe/hazy/"'), ("/tag/", "/x/")],
            "tags",
            ("hazy",),
        ),
        ([('<div class="albumLinks">', "<div>")], "spotify_album_id", None),
        ([("open.spotify.com/album/4aB0000000000000000001", "open.spotify.com/album/short")], "spotify_album_id", None),
        ([('"@type": "MusicAlbum"', '"@type" "broken"')], "title", "Don 't Look Down"),
        ([('"name": "Don\'t Look Down"', '"name": "Sigur\\u0000 R\\ud83dós"')], "title", "Sigur R ós"),
        ([('<link rel="canonical"', "<link")], "url", f"{SITE}/album/77001.php"),
        (
            [("The Paper Boats</a>", 'The Paper Boats</a> <a href="/artist/2/">Bob</a> <a href="/artist/3/">Cy</a>')],
            "artist",
            "The Paper Boats, Bob & Cy",
        ),
        ([('<a href="/artist/501-the-paper-boats/">The Paper Boats</a>', "")], "artist", "The Paper Boats"),
        # One linked, the other plain.
        ([("The Paper Boats</a>", "The Paper Boats</a> &amp; Oaks")], "artist", "The Paper Boats & Oaks"),
        ([("The Paper Boats</a>", "The Paper Boats</a> & Boats")], "artist", "The Paper Boats & Boats"),
        (
            [("The Paper Boats</a>", 'The Paper Boats</a>, <a href="/artist/2/">Bob &amp; Cy</a>')],
            "artist",
            "The Paper Boats & Bob & Cy",
        ),
        # The number without a link.
        ([('<a href="#users" title="83.6">84</a>', "66 ")], "user_score", 66.0),
        ([('<a href="#users" title="83.6">84</a>', "<span>66</span>")], "user_score", 66.0),
        ([('<a href="#critics" title="61.25">61</a>', "<span>66</span>")], "critic_score", 66.0),
        ([('<a href="#users" title="83.6">84</a>', "<span>NR</span>")], "user_score", None),
        ([("<strong>12,045</strong>", "")], "rating_count", None),
    ],
)
def test_what_differs_from_page_to_page(changes: list[tuple[str, str]], field: str, expected: object) -> None:
    assert getattr(read_album(album_page(*changes)), field) == expected


@pytest.mark.parametrize(
    ("read", "source", "renamed"),
    [
        (read_album, "album.html", "albumHeadline"),
        (read_album, "album.html", "albumUserScoreBox"),
        (read_album, "album.html", "albumUserScore"),
        (read_album, "album.html", "albumCriticScoreBox"),
        (read_album, "album.html", "albumCriticScore"),
        (read_search, "search.html", "albumBlock"),
        (read_search, "search.html", "albumTitle"),
        (read_artist, "artist.html", "artistHeadline"),
        (read_artist, "artist.html", "albumBlock"),
        (read_artist, "artist.html", "albumTitle"),
        (read_chart, "chart.html", "albumListRow"),
    ],
)
def test_a_renamed_class_is_no_album_without_a_rating(
    read: Callable[[HtmlResponse], object], source: str, renamed: str
) -> None:
    body = (PAGES / source).read_text()
    assert read(page(body))
    with pytest.raises(UnknownPage):
        read(page(re.sub(rf"(?<=[\" ]){renamed}(?=[\" ])", "renamed", body)))


def test_an_album_of_the_time_of_microdata() -> None:
    album = read_album(page(PAGES / "album-2026-02.html"))
    assert (album.artist, album.title) == ("The Paper Boats & Oaks", "Don't Look Down")
    assert (album.critic_score, album.critic_count) == (61.25, 1009)
    assert (album.user_score, album.rating_count) == (83.6, 12_045)
    assert album.genres == ("Dream Pop", "Shoegaze")


@pytest.mark.parametrize(
    ("read", "source"),
    [
        (read_search, "album.html"),
        (read_search, "album-2026-02.html"),
        (read_search, "chart.html"),
        (read_album, "search.html"),
        (read_album, "chart.html"),
        (read_chart, "album.html"),
        (read_chart, "search.html"),
    ],
)
def test_a_page_of_another_kind_is_an_error_by_its_name(read: Callable[[HtmlResponse], object], source: str) -> None:
    with pytest.raises(UnknownPage, match=r"is not an? |is a page of|holds no chart"):
        read(page(PAGES / source))


ARTIST = b'<h1 class="artistHeadline">Ann</h1><div class="albumBlock"><div class="albumTitle">x</div></div>'
INTERSTITIAL = b"<html><head><title>Just a moment...</title></head><body></body></html>"


@pytest.mark.parametrize("source", [ARTIST, INTERSTITIAL])
@pytest.mark.parametrize("read", [read_search, read_album, read_chart])
def test_an_artist_s_page_and_an_interstitial_are_no_empty_answers(
    read: Callable[[HtmlResponse], object], source: bytes
) -> None:
    with pytest.raises(UnknownPage):
        read(page(source))


def test_a_card_whose_rating_says_nothing_is_read_without_it() -> None:
    source = (
        (PAGES / "search.html")
        .read_text()
        .replace('<div class="ratingText">user score</div>', "<div class='ratingText'></div>")
    )
    two = read_search(page(source.replace("'ratingText'", '"ratingText"')))[1]
    assert (two.user_score, two.rating_count, two.critic_score, two.critic_count) == (None, None, 71.0, 8)


@pytest.mark.parametrize("header", ["", '<div class="scoreHeader"></div>', '<div class="scoreHeader">Score</div>'])
def test_nobody_guesses_whose_a_score_without_header_is(header: str) -> None:
    source = (PAGES / "chart.html").read_text().replace('<div class="scoreHeader">USER SCORE</div>', header)
    one = read_chart(page(source))[0]
    assert (one.user_score, one.rating_count, one.critic_score, one.critic_count) == (None, None, None, None)


def test_utf_8_whatever_is_declared() -> None:
    source = (PAGES / "album.html").read_text().replace("Dream Pop</a>, ", "Chanson française</a>, ")
    assert "Chanson française" in read_album(page(source, encoding="latin-1")).genres


@pytest.mark.parametrize(
    ("source", "says"),
    [
        (b"", "not an album's page"),
        (b"\x00", "not an album's page"),
        (b"<html><body><h1>Page not found</h1></body></html>", "not an album's page"),
        (PAGES / "search.html", "not an album's page"),
        ((PAGES / "album.html").read_bytes()[:1200], "cut off"),
        ((PAGES / "album.html").read_bytes()[:400], "not an album's page"),
    ],
)
def test_what_is_no_album(source: bytes | Path, says: str) -> None:
    with pytest.raises(Unusable, match=says):
        read_album(page(source))


def test_a_page_without_names() -> None:
    changed = album_page(
        ('"@type": "MusicAlbum"', '"@type": "Thing"'), ("The Paper Boats</a>", "</a>"), ("Don &#039;t Look Down", "")
    )
    with pytest.raises(Unusable, match="names no artist"):
        read_album(changed)


def test_a_search() -> None:
    one, two, three = read_search(page(PAGES / "search.html", "/search/albums/?q=lantern"))
    assert one == AotyAlbum(
        f"{SITE}/album/11-ann-lantern.php", "Ann", "Lantern", release_date="2014", format="Single",
        artist_url=f"{SITE}/artist/1-ann/",
    )  # fmt: skip
    assert two == AotyAlbum(
        f"{SITE}/album/12-sigur-lantern.php", "Sigur Rós & Bob", "Lantern & Light", 84.0, 1598, 71.0, 8,
        format="LP", must_hear="users",
    )  # fmt: skip
    assert three == AotyAlbum(f"{SITE}/album/13-x.php", "Ann & Bob", "Joint", 51.0, None, None, 0, release_date="2024")


def test_a_search_that_found_nothing() -> None:
    assert read_search(page('<h1 class="headline">Search Results for "zzz"</h1>')) == []


@pytest.mark.parametrize("source", [b"", b"<html><body><h1>Oops</h1></body></html>", PAGES / "album.html"])
def test_what_is_no_search(source: bytes | Path) -> None:
    if isinstance(source, Path):
        source = source.read_bytes().replace(b"albumBlock", b"other")
    with pytest.raises(Unusable, match="not a result page"):
        read_search(page(source))


def test_a_chart() -> None:
    one, two = read_chart(page(PAGES / "chart.html", "/ratings/user-highest-rated/2025/1/"))
    assert one == AotyAlbum(
        url=f"{SITE}/album/77001-the-paper-boats-dont-look-down.php",
        artist="The Paper Boats",
        title="Don't Look Down",
        user_score=83.9,
        rating_count=12_598,
        release_date="2025-08-22",
        genres=("Dream Pop", "Ambient"),
        spotify_album_id="4aB0000000000000000001",
        secondary_genres=("Ambient",),
    )
    assert (two.artist, two.title) == ("Ann", "Side A - Side B")
    assert (two.critic_score, two.critic_count, two.user_score, two.release_date) == (82.0, 13, None, "1963-07")


@pytest.mark.parametrize(
    ("classes", "whose"),
    [("albumListCover", None), ("albumListCover mustHear", "critics"), ("mustHear albumListCover user", "users")],
)
def test_whose_must_hear_an_album_of_a_chart_is(classes: str, whose: str | None) -> None:
    link = '<h2 class="albumListTitle"><a href="/album/1-x.php">Ann - Lantern</a></h2>'
    [album] = read_chart(page(f'<html><div class="albumListRow"><div class="{classes}"></div>{link}</div></html>'))
    assert album.must_hear == whose


def test_what_is_no_chart() -> None:
    with pytest.raises(Unusable, match="no chart"):
        read_chart(page("<html></html>"))


@pytest.mark.parametrize(
    ("albums", "full", "leads_on", "is_last"),
    [
        (24, 25, False, True),
        (25, 25, False, False),
        (24, 25, True, False),
        (25, 25, True, False),
        (59, 60, False, True),
    ],
)  # fmt: skip
def test_a_list_ends_with_a_page_that_is_not_full_and_leads_to_no_other(
    albums: int, full: int, leads_on: bool, is_last: bool
) -> None:
    link = '<div class="pageSelect next"></div>'
    of_list = page(f"<html>{link if leads_on else ''}</html>")
    assert is_last_page(of_list, [AotyAlbum(f"/{n}", "Ann", "X") for n in range(albums)], full) is is_last


def test_so_many_albums_stand_on_a_full_page() -> None:
    assert (ROWS, CARDS) == (25, 60)


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("Ann - Lantern", ("Ann", "Lantern")),
        ("A$AP Rocky - Don't - Be - Dumb", ("A$AP Rocky", "Don't - Be - Dumb")),
        ("Nothing", None),
        ("Ann - ", None),
    ],
)
def test_names_of_a_chart(name: str, expected: tuple[str, str] | None) -> None:
    link = '<div class="albumListTitle"><a href="/album/1-x.php">Other - Names</a></div>'
    row = f'<div class="albumListRow"><meta itemprop="name" content="{name}">{link}</div>'
    albums = read_chart(page(f"<html>{row}</html>"))
    assert [(album.artist, album.title) for album in albums] == ([expected] if expected else [])
    unnamed = read_chart(page(f'<html><div class="albumListRow">{link}</div></html>'))
    assert [(album.artist, album.title) for album in unnamed] == [("Other", "Names")]


@pytest.mark.parametrize(
    ("status", "headers", "body", "expected"),
    [
        (403, {"cf-mitigated": "challenge"}, b"", True),
        (503, {"cf-mitigated": "Challenge"}, b"", True),
        (403, {}, b"<title>Just a moment...</title>", True),
        (503, {}, b'<script src="/cdn-cgi/challenge-platform/x.js">', True),
        (403, {}, b"Forbidden", False),
        (200, {"cf-mitigated": "challenge"}, b"Just a moment...", False),
        (200, {}, b"<title>Just a moment...</title>", True),
        (200, {}, b'<script src="/cdn-cgi/challenge-platform/x.js">', False),
        (200, {}, b"window._cf_chl_opt = {", True),
        (429, {}, b"", False),
        (503, {}, b"down for maintenance", False),
        (403, {}, b" " * 19_900 + b"Just a moment...", True),
        (403, {}, b" " * 20_000 + b"Just a moment...", False),
        (200, {}, b" " * 19_900 + b"_cf_chl_opt", True),
        (200, {}, b" " * 20_000 + b"_cf_chl_opt", False),
    ],
)
def test_a_challenge(status: int, headers: dict[str, str], body: bytes, expected: bool) -> None:
    assert challenge(status, headers, body) is expected


@pytest.mark.parametrize(
    ("url", "asked", "expected"),
    [
        (search_url, (SITE + "/", "Sigur Rós", "( )"), "/search/albums/?q=Sigur+R%C3%B3s+%28+%29"),
        (search_url, (SITE, "lone\ud83d", "a/b&c"), "/search/albums/?q=lone+a%2Fb%26c"),
        (album_url, (SITE, "/album/1-x.php"), "/album/1-x.php"),
        (album_url, (SITE, " https://www.albumoftheyear.org/album/1-x.php"), "/album/1-x.php"),
        (album_url, (SITE + "/", "1"), "/album/1.php"),
        (album_url, (SITE, "http://x.example/album/1/?to=http://y.example/z"), "/album/1/?to=http://y.example/z"),
        (chart_url, (SITE + "/", 2026, 5), "/ratings/user-highest-rated/2026/5/"),
        (chart_url, (SITE, "all"), "/ratings/user-highest-rated/all/1/"),
        (must_hear_url, (SITE + "/", "2004"), "/must-hear/2004/"),
        (must_hear_url, (SITE, 2004, 3), "/must-hear/2004/page/3/"),
    ],
)
def test_urls(url: Callable[..., str], asked: tuple[object, ...], expected: str) -> None:
    assert url(*asked) == SITE + expected


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("83.9", 83.9),
        ("0", 0),
        ("100", 100),
        ("NR", None),
        ("", None),
        (None, None),
        ("100.1", None),
        ("nan", None),
        ("-1", None),
    ],
)
def test_score(value: str | None, expected: float | None) -> None:
    assert score(value) == expected


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("20,489", 20_489),
        ("12,598 ratings", 12_598),
        ("(598)", 598),
        ("13 reviews", 13),
        ("(12K)", None),
        ("10.4K", None),
        ("", None),
        (None, None),
        ("1,2", None),
    ],
)
def test_count(value: str | None, expected: int | None) -> None:
    assert count(value) == expected


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("January 16, 2026", "2026-01-16"),
        ("January 1, 2026", "2026-01-01"),
        ("January 31, 2026", "2026-01-31"),
        ("January 32, 2026", "2026-01"),
        ("January 0, 2026", "2026-01"),
        ("July 1963", "1963-07"),
        ("2004", "2004"),
        ("December 31,  1999 ", "1999-12-31"),
        ("2024-03-08", "2024-03-08"),
        ("1963-07-00", "1963-07"),
        ("1963-00-00", "1963"),
        ("May 12", None),
        ("Someday 3, 2020", None),
        ("", None),
        ("0000", None),
    ],
)
def test_date(value: str, expected: str | None) -> None:
    assert date(value) == expected


@needs_saved
class TestSavedPages:
    def test_an_album(self) -> None:
        album = read_album(page(SAVED / "album-2026-05.html"))
        assert (album.artist, album.title) == ("A$AP Rocky", "Don't Be Dumb")
        assert (album.user_score, album.rating_count) == (74.5, 20_489)
        assert (album.critic_score, album.critic_count) == (70.3794, 17)
        assert (album.release_date, len(album.genres), len(album.tags)) == ("2026-01-16", 7, 20)
        assert album.spotify_album_id == "4itKk52E9ZCdWUQcFAkud9"

    @pytest.mark.parametrize(
        ("name", "albums", "rated"),
        [("search-albums-2026-05", 59, 0), ("must-hear-2010-2026-05", 60, 60), ("releases-2026-05", 60, 50)],
    )
    def test_cards(self, name: str, albums: int, rated: int) -> None:
        found = read_search(page(SAVED / f"{name}.html"))
        assert len(found) == albums
        assert sum(album.user_score is not None for album in found) >= rated

    def test_a_list(self) -> None:
        albums = read_chart(page(SAVED / "list-2026-05.html"))
        assert len(albums) == 50
        assert sum(album.spotify_album_id is not None for album in albums) == 49
        assert all(album.critic_score and album.critic_count and album.genres for album in albums)


def test_a_line_broken_within_the_page_s_facts_hides_none_of_them() -> None:
    broken = album_page(('"@type": "MusicGroup",', '"@type": "Music\n\tGroup",'), ("/&nbsp;Release Date", ""))
    assert read_album(broken).release_date == "2024-03-08"
