"""The oddities of Album of the Year's pages, one by one, and what the weather makes of its answers."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from email.utils import parsedate_to_datetime
from typing import Any
from urllib.parse import quote_plus

import pytest
from parsel import Selector

from timbre_sandbox.aoty import quirks
from timbre_sandbox.aoty.album import album_page, artists_of
from timbre_sandbox.aoty.cards import abbreviated, must_hear_card
from timbre_sandbox.aoty.frame import album_path, names_of
from timbre_sandbox.aoty.listed import MUSIC_VIDEO, Listed, listed_releases
from timbre_sandbox.aoty.shelves import Shelves
from timbre_sandbox.world.model import AotyEntry

from .conftest import Client, running

pytestmark = pytest.mark.integration


@pytest.fixture(scope="module")
def aoty() -> Iterator[Client]:
    """A world of some size, for what is rare in it; all pages with today's markup."""
    with running(rows=3000, seed=8, faults={"aoty.old_page": 0}) as client:
        yield client


@pytest.fixture(scope="module")
def listed(aoty: Client) -> dict[int, Listed]:
    return listed_releases(aoty.world)


def page(client: Client, path: str) -> Selector:
    answer = client.ask("aoty", path)
    assert answer.status == 200, path
    return Selector(answer.text)


def first(listed: dict[int, Listed], wanted: Callable[[Listed], object]) -> Listed:
    return next(each for each in listed.values() if wanted(each))


def rated(entry: AotyEntry) -> bool:
    return entry.user_score is not None and entry.rating_count > 20


def text(selector: Selector, css: str) -> str:
    return " ".join((selector.css(css).xpath("string()").get() or "").split())


def test_a_page_is_as_large_as_real_ones(aoty: Client, listed: dict[int, Listed]) -> None:
    """The saved page, of an album with 17 critics, has 184 kB; the smallest have no reviews."""
    much = first(listed, lambda each: each.entry.critic_count >= 17 and rated(each.entry))
    assert 120_000 < len(aoty.ask("aoty", album_path(much.entry)).body) < 200_000
    found = page(aoty, album_path(much.entry))
    assert len(found.css("#criticReviewContainer .albumReviewRow")) == min(20, much.entry.critic_count)
    assert len(found.css(".albumReviewRow .rating")) == 6
    assert len(found.css(".footer .footerColumn")) > 3


def test_an_album_s_page_holds_cards_of_other_albums(aoty: Client, listed: dict[int, Listed]) -> None:
    """ "a full album page holds 12 albumBlock cards (similar albums)"; none of them has ratings."""
    pages = [page(aoty, album_path(each.entry)) for each in [*listed.values()][:60]]
    full = max(pages, key=lambda found: len(found.css(".albumBlock")))
    assert len(full.css(".albumBlock")) == 12
    assert not full.css(".albumBlock .rating")
    own = full.xpath('//div[contains(@class, "albumBlock")][.//div[@class="albumTitle normal"]]')
    assert len(own) == 6
    assert not own.css(".artistTitle")
    assert len(full.css(".albumBlock .artistTitle")) == 6, "similar ones"


def test_albums_that_are_called_similar_are_mostly_nobody_s_here(aoty: Client, listed: dict[int, Listed]) -> None:
    """The more of what the site lists is played here, the more of it stands among them."""
    shelves = Shelves(aoty.world)
    rated = [each for each in listed.values() if each.entry.genres]
    similar = [(each, card) for each in rated for card in shelves.similar(each)]
    strangers = [(each, card) for each, card in similar if card.entry.number not in listed]
    assert len(similar) > 5 * len(rated)
    assert 0.85 < len(strangers) / len(similar) < 1
    assert all(each.entry.genres[0] in card.entry.genres for each, card in similar)
    assert all(each.album.year == card.album.year for each, card in strangers)
    beside_stranger = shelves.similar(strangers[0][1])
    assert sum(card.entry.number in listed for card in beside_stranger) < len(beside_stranger) / 2


def test_the_old_markup(running_with: Callable[..., Any]) -> None:
    """ "to February 2026: span[itemprop=ratingValue] > a[title]", byArtist, ratingCount, genre; no JSON-LD."""
    with running_with(rows=300, faults={"aoty.old_page": 1}) as client:
        listed = listed_releases(client.world)
        each = first(listed, lambda each: each.entry.critic_score and each.entry.user_score and each.entry.genres)
        found = page(client, album_path(each.entry))
        assert not found.css('script[type="application/ld+json"]')
        assert text(found, 'h1.albumTitle span[itemprop="name"]') == each.entry.title
        assert text(found, '[itemprop="byArtist"]') == names_of(each.album)
        score = found.css('.albumCriticScore span[itemprop="ratingValue"] > a').attrib["title"]
        assert float(score) == each.entry.critic_score
        assert text(found, 'span[itemprop="ratingCount"]') == str(each.entry.critic_count)
        assert found.css('meta[itemprop="genre"]::attr(content)').getall() == list(each.entry.genres)
        assert float(found.css(".albumUserScore a").attrib["title"]) == each.entry.user_score
        nobody = first(listed, lambda each: each.entry.user_score is None and each.entry.critic_score is None)
        assert text(page(client, album_path(nobody.entry)), ".albumUserScore") == "NR"


def test_some_albums_have_it_in_any_weather(client: Client) -> None:
    lasts = client.sandbox.weather.lasts
    old = [lasts("aoty.old_page", album_path(album.aoty)) for album in client.world.albums if album.aoty]
    assert 0 < sum(old) < len(old) / 5


def test_an_unrated_album_says_nr_or_has_no_box(aoty: Client, listed: dict[int, Listed]) -> None:
    def unrated(box: bool) -> Selector:
        each = first(
            listed, lambda each: each.entry.user_score is None and quirks.has_no_box_unrated(each.entry) is not box
        )
        return page(aoty, album_path(each.entry))

    said = unrated(box=True)
    assert text(said, ".albumUserScore") == "NR"
    assert not said.css(".albumUserScoreBox strong")
    assert not unrated(box=False).css(".albumUserScoreBox")


def test_a_score_without_a_link(aoty: Client, listed: dict[int, Listed]) -> None:
    """ "albumUserScore may hold the number without a link"."""
    each = first(listed, lambda each: rated(each.entry) and quirks.number_without_link(each.entry))
    found = page(aoty, album_path(each.entry))
    assert not found.css(".albumUserScore a")
    assert text(found, ".albumUserScore") == str(int((each.entry.user_score or 0) + 0.5))
    assert text(found, ".albumUserScoreBox .numReviews strong") == f"{each.entry.rating_count:,}"


def test_vibes_in_place_of_tags(aoty: Client, listed: dict[int, Listed]) -> None:
    each = first(listed, lambda each: each.entry.tags and quirks.has_vibes(each.entry))
    found = page(aoty, album_path(each.entry))
    assert found.css(".detailRow.vibes .vibe a::text").getall() == list(each.entry.tags[:5])
    assert not found.css(".detailRow .fa-tags")


def test_joint_artists_are_linked_half_linked_or_not(aoty: Client, listed: dict[int, Listed]) -> None:
    """ "linked and unlinked artists mixed"; on cards unlinked and joined by " & "."""
    joint = next(each for each in listed.values() if len(each.album.artists) == 2)
    for number in range(1, 30):
        each = joint._replace(entry=replace(joint.entry, number=number))
        headline = Selector(artists_of(each))
        assert (headline.xpath("string()").get() or "").replace(", ", " & ") == names_of(each.album)
        assert len(headline.css("a")) == quirks.linked_artists(each.entry, 2)
    assert {quirks.linked_artists(replace(joint.entry, number=number), 2) for number in range(30)} == {0, 1, 2}
    found = page(aoty, f"/search/albums/?q={quote_plus(f'{names_of(joint.album)} {joint.entry.title}')}")
    card = found.xpath(f'//div[contains(@class, "albumBlock")][.//a[@href="{album_path(joint.entry)}"]]')[0]
    assert text(card, ".artistTitle") == names_of(joint.album)
    assert not card.css("a > .artistTitle")


def test_music_videos_are_among_the_results(aoty: Client, listed: dict[int, Listed]) -> None:
    """ "search pages mix music videos in": of the same name, with a page of its own that nobody rated."""
    video = first(listed, lambda each: each.format == MUSIC_VIDEO and each.entry.title.isascii())
    words = quote_plus(f"{names_of(video.album)} {video.entry.title}")
    found = page(aoty, f"/search/albums/?q={words}")
    cards = {card.css(".image a").attrib["href"]: card for card in found.css(".albumBlock")}
    assert cards[album_path(video.entry)].attrib["data-type"] == "music video"
    single = listed[video.album.aoty.number] if video.album.aoty else None
    assert single
    assert text(cards[album_path(single.entry)], ".albumTitle") == video.entry.title
    assert "Music Video" in text(page(aoty, album_path(video.entry)), ".albumTopBox.info")


@pytest.mark.parametrize(
    ("count", "shown"),
    [(1, "1"), (598, "598"), (1131, "1,131"), (9999, "9,999"), (12_000, "12K"), (16_512, "16.5K"), (104_400, "104.4K")],
)
def test_cards_write_large_counts_short(count: int, shown: str) -> None:
    """ "cards write 16.5K", "(1,131)", "(12K)"."""
    assert abbreviated(count) == shown


MUST_HEAR = {
    "user": ((90.0, 500, None, 0), {"mustHear", "user"}),
    "both": ((90.0, 500, 90.0, 9), {"mustHear", "both"}),
    "critic": ((60.0, 500, 90.0, 9), {"mustHear"}),
    "": ((60.0, 500, 60.0, 9), set()),
}


@pytest.mark.parametrize(("whose", "scores", "classes"), [(whose, *told) for whose, told in MUST_HEAR.items()])
def test_must_hear(listed: dict[int, Listed], whose: str, scores: tuple[Any, ...], classes: set[str]) -> None:
    """ "Cards: .image.mustHear plus user or both; no extra class = critics"; pages: .mustHearButton."""
    some = first(listed, lambda each: each.format == "LP")
    names = ("user_score", "rating_count", "critic_score", "critic_count")
    each = some._replace(entry=replace(some.entry, **dict(zip(names, scores, strict=True))))
    card = Selector(must_hear_card(each))
    assert set(card.css(".image").attrib["class"].split()) - {"image"} == classes
    button = Selector(album_page(each, (), ()).decode()).css(".albumHeadline .mustHearButton")
    assert [set(one.attrib["class"].split()) for one in button] == ([{"mustHearButton", whose}] if whose else [])


@pytest.mark.parametrize("path", ["/must-hear/", "/must-hear/users/2010s/", "/must-hear/critics/2010s/"])
def test_must_hear_lists(aoty: Client, path: str) -> None:
    assert page(aoty, path).css(".albumBlock .image.mustHear")


def test_a_row_that_does_not_say_whose_score_it_shows(aoty: Client, listed: dict[int, Listed]) -> None:
    """ "a score row can lack its header"."""
    rows = []
    for number in range(1, 40):
        answer = aoty.ask("aoty", f"/ratings/user-highest-rated/all/{number}/")
        if answer.status == 404:
            break
        rows += Selector(answer.text).css(".albumListRow")
    headers = [row.css(".scoreHeader::text").get() for row in rows]
    assert set(headers) == {"USER SCORE", None}
    assert 0 < headers.count(None) < len(rows) / 10


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/ratings/user-highest-rated/all/1/", 200),
        ("/ratings/user-highest-rated/2010s/1/", 200),
        ("/ratings/user-highest-rated/2010/", 200),
        ("/ratings/user-highest-rated/all/shoegaze/1/", 200),
        ("/ratings/user-highest-rated/all/26-shoegaze/1/", 404),
        ("/ratings/user-highest-rated/all/9999/", 404),
        ("/ratings/user-highest-rated/all/1", 404),
        ("/ratings/6-highest-rated/all/1", 200),
        ("/ratings/6-highest-rated/1950s", 200),
        ("/ratings/6-highest-rated/all/1/", 404),
        ("/2010/releases/", 200),
        ("/2010/releases/may-05/", 200),
        ("/2010/releases/may-06/", 404),
        ("/2010/releases/may-05.php", 404),
        ("/releases/", 200),
        ("/releases/9999/", 200),
        ("/must-hear/1850/", 404),
    ],
)
def test_addresses(aoty: Client, path: str, status: int) -> None:
    """Section 1 of the facts: genres by name without number, the critics' chart without a slash at the end."""
    assert aoty.ask("aoty", path).status == status


def test_a_chart_of_a_genre(aoty: Client) -> None:
    rows = page(aoty, "/ratings/user-highest-rated/1999/shoegaze/1/").css(".albumListRow")
    assert rows
    assert all("Shoegaze" in row.css(".albumListGenre a::text").getall() for row in rows)


def test_the_critics_chart(aoty: Client) -> None:
    row = page(aoty, "/ratings/6-highest-rated/1969/1").css(".albumListRow")[0]
    best = Shelves(aoty.world).critics_chart("1969")[0].entry
    assert row.css(".scoreHeader::text").get() in ("Critic Score", None)
    assert "title" not in row.css(".scoreValueContainer").attrib
    assert text(row, ".scoreText") == f"{best.critic_count} reviews"


def test_a_chart_lists_mostly_what_nobody_here_plays(aoty: Client, listed: dict[int, Listed]) -> None:
    """They have pages of their own, and so have their artists; none has the name of somebody's artist."""
    rows = page(aoty, "/ratings/user-highest-rated/2004/1/").css("h2 a::attr(href)").getall()
    chart = Shelves(aoty.world).users_chart("2004", "")
    strangers = [each for each in chart if each.entry.number not in listed]
    assert len(strangers) > 400
    assert rows == [album_path(each.entry) for each in chart[:25]]
    album = page(aoty, album_path(strangers[0].entry))
    assert text(album, ".albumTitle") == strangers[0].entry.title
    artist = album.css(".albumHeadline .artist a::attr(href)").get("")
    cards = page(aoty, artist).css(".albumBlock .image a::attr(href)").getall()
    assert cards == [album_path(strangers[0].entry)]
    names = {artist.name for artist in aoty.world.artists}
    assert names.isdisjoint(each.album.artists[0].name for each in strangers)


def test_a_month_s_releases_page_by_page(aoty: Client, listed: dict[int, Listed]) -> None:
    """60 a page; the end is marked by `div.large-font`."""
    shown, path = [], "/1969/releases/"
    while path:
        found = page(aoty, path)
        shown += found.css(".albumBlock .image a::attr(href)").getall()
        path = found.css(".pageSelectRow a::attr(href)").get("")
    own = {album_path(each.entry) for each in listed.values() if each.album.year == 1969}
    assert own < set(shown)
    assert len(shown) == len(set(shown)) > 120
    assert page(aoty, "/releases/9999/").css("div.large-font")
    in_may = page(aoty, "/2010/releases/may-05/?type=lp")
    assert {card.attrib["data-type"] for card in in_may.css(".albumBlock")} <= {"lp"}


def test_a_search_goes_on_on_the_next_page(aoty: Client) -> None:
    """60 cards and "Albums (490)" [saved page]."""
    found = page(aoty, "/search/albums/?q=the")
    total = int(text(found, ".subHeadline").removeprefix("Albums (").removesuffix(")"))
    assert len(found.css(".albumBlock")) == 60 < total
    second = page(aoty, found.css(".pageSelectRow a::attr(href)").get(""))
    both = {*found.css(".image a::attr(href)").getall(), *second.css(".image a::attr(href)").getall()}
    assert len(both) == min(120, total)


@pytest.mark.parametrize(
    ("faults", "status", "header"),
    [
        ({"aoty.challenge": 1}, 403, ("cf-mitigated", "challenge")),
        ({"aoty.503": 1}, 503, None),
        ({"aoty.429": 1, "aoty.retry_after_as_date": 0}, 429, ("retry-after", "20")),
        ({"aoty.interstitial": 1}, 200, None),
    ],
)
def test_refusals(aoty: Client, faults: dict[str, float], status: int, header: tuple[str, str] | None) -> None:
    before = {name: aoty.sandbox.weather.as_dict()["faults"][name]["rate"] for name in faults}
    aoty.sandbox.weather.change(faults)
    try:
        answer = aoty.ask("aoty", "/must-hear/")
    finally:
        aoty.sandbox.weather.change(before)
    assert answer.status == status
    assert header is None or answer.headers[header[0]] == header[1]
    challenged = "Just a moment..." in answer.text
    assert challenged is any("challenge" in name or "interstitial" in name for name in faults)
    assert status != 200 or "cf-mitigated" not in answer.headers, "the interstitial has no such header"


def test_a_wait_told_as_a_date_is_by_the_sandbox_s_clock(aoty: Client) -> None:
    weather = aoty.sandbox.weather
    weather.change({"aoty.429": 1, "aoty.retry_after_as_date": 1})
    try:
        answer = aoty.ask("aoty", "/must-hear/")
    finally:
        weather.change({"aoty.429": 0, "aoty.retry_after_as_date": 0.5})
    until = parsedate_to_datetime(answer.headers["retry-after"]).timestamp()
    assert 15 < until - weather.clock.now() <= 21
