"""Album of the Year's pages, read with parsel as a crawler would."""

import json
import re
from collections.abc import Callable
from typing import Any
from urllib.parse import quote_plus

import pytest
from parsel import Selector

from timbre_sandbox.aoty.frame import album_path, artist_path, names_of
from timbre_sandbox.aoty.shelves import Shelves
from timbre_sandbox.world.model import Album, AotyEntry

from .conftest import Client

pytestmark = pytest.mark.integration


def listed(client: Client) -> list[tuple[Album, AotyEntry]]:
    return [(album, album.aoty) for album in client.world.albums if album.aoty]


def pick(client: Client, wanted: Callable[[AotyEntry], object]) -> tuple[Album, AotyEntry]:
    """A fitting album whose page has today's markup."""
    lasts = client.sandbox.weather.lasts
    return next(
        (album, entry)
        for album, entry in listed(client)
        if wanted(entry) and not lasts("aoty.old_page", album_path(entry))
    )


def test_an_album(client: Client) -> None:
    album, entry = pick(
        client, lambda entry: entry.user_score and entry.critic_score and entry.secondary and entry.tags
    )
    answer = client.ask("aoty", album_path(entry))
    page = Selector(answer.text)
    assert page.css(".albumHeadline h1.albumTitle::text").get() == entry.title
    assert page.css(".albumHeadline .artist a::text").getall() == [artist.name for artist in album.artists]
    users = page.css(".albumUserScoreBox")
    assert float(users.css(".albumUserScore a").attrib["title"]) == entry.user_score
    assert users.css(".numReviews strong::text").get() == f"{entry.rating_count:,}"
    assert "&nbspratings" in answer.text
    assert "\xa0ratings" in (users.css(".numReviews").xpath("string()").get() or "")
    critics = page.css(".albumCriticScoreBox")
    assert float(critics.css(".albumCriticScore a").attrib["title"]) == entry.critic_score
    facts = json.loads(page.css('script[type="application/ld+json"]::text').get() or "")
    assert facts["name"] == entry.title
    assert facts["aggregateRating"]["name"] == "Critic Score"
    assert facts["aggregateRating"]["ratingValue"] == f"{entry.critic_score:.0f}"
    assert facts["genre"] == list(entry.genres)
    rows = {row.xpath("string(./span[last()])").get(): row for row in page.css(".albumTopBox.info > .detailRow")}
    genres = rows["/\xa0Genre"]
    assert genres.xpath("./a[not(*)]/text()").getall() == list(entry.genres)
    assert genres.css("a > div.secondary::text").getall() == list(entry.secondary)
    assert page.css("div.tag a::text").getall() == list(entry.tags)
    assert len(page.css("#tracklist .trackListTable tr")) == len(album.tracks)


@pytest.mark.parametrize("form", ["/album/{}", "/album/{}/", "/album/{}.php", "/album/{}-another-name.php"])
def test_the_number_alone_moves_to_the_album(client: Client, form: str) -> None:
    _, entry = listed(client)[0]
    answer = client.ask("aoty", form.format(entry.number))
    assert (answer.status, answer.headers["location"]) == (301, album_path(entry))


@pytest.mark.parametrize(
    "path", ["/album/1-nothing.php", "/artist/999999-nobody/", "/nothing", "/ratings/user-highest-rated/1801/1/"]
)
def test_not_found(client: Client, path: str) -> None:
    assert client.ask("aoty", path).status == 404


def test_search_cards_carry_no_ratings(client: Client) -> None:
    album, entry = pick(client, lambda entry: " " in entry.title)
    page = Selector(client.ask("aoty", f"/search/albums/?q={quote_plus(f'{names_of(album)} {entry.title}')}").text)
    cards = page.css(".albumBlock")
    assert album_path(entry) in cards.css(".image a::attr(href)").getall()
    assert not cards.css(".rating")
    assert len(cards.css(".ratingRowContainer")) == len(cards)
    assert re.fullmatch(r"\d{4} • [A-Z]\w+", cards[0].css(".type::text").get() or "")


def test_search_puts_titles_first(client: Client) -> None:
    _, entry = pick(client, lambda entry: entry.title.isascii())
    page = Selector(client.ask("aoty", f"/search/?q={quote_plus(entry.title)}").text)
    assert page.css(".albumBlock .albumTitle::text").get() == entry.title
    nothing = Selector(client.ask("aoty", "/search/?q=zzyzx+qwxv").text)
    assert not nothing.css(".albumBlock")
    assert nothing.css("h1.headline")


def test_a_chart(client: Client) -> None:
    page = Selector(client.ask("aoty", "/ratings/user-highest-rated/1999/1/").text)
    rows = page.css(".albumListRow")
    assert len(rows) == 25
    scores = [float(row.css(".scoreValueContainer").attrib["title"]) for row in rows]
    assert scores == sorted(scores, reverse=True)
    best = Shelves(client.world).users_chart("1999", "")[0]
    assert rows[0].css('meta[itemprop="name"]').attrib["content"] == f"{names_of(best.album)} - {best.entry.title}"
    assert rows[0].css(".scoreText::text").get() == f"{best.entry.rating_count:,} ratings"
    assert rows[0].css('[itemprop="position"]::text').get() == "1"
    second = Selector(client.ask("aoty", "/ratings/user-highest-rated/1999/2/").text)
    assert second.css(".albumListRow").attrib["id"] == "rank-26"


def test_an_artist(client: Client) -> None:
    artist = next(album.artists[0] for album, entry in listed(client) if entry.user_score is not None)
    page = Selector(client.ask("aoty", artist_path(artist)).text)
    shown = page.css(".albumBlock .image a::attr(href)").getall()
    assert sorted(shown) == sorted(album_path(album.aoty) for album in artist.albums if album.aoty)
    assert not page.css(".artistTitle")
    assert "user score" in page.css(".ratingText::text").getall()


@pytest.mark.parametrize(
    ("robots", "status", "forbids_search"),
    [("2019", 200, False), ("2026", 200, True), ("403", 403, False), ("404", 404, False), ("500", 500, False)],
)
def test_robots(running_with: Callable[..., Any], robots: str, status: int, forbids_search: bool) -> None:
    with running_with(aoty_robots=robots, rows=10) as client:
        answer = client.ask("aoty", "/robots.txt")
    assert answer.status == status
    assert ("Disallow: /search\n" in answer.text) is forbids_search


def test_the_challenge(running_with: Callable[..., Any]) -> None:
    with running_with(aoty_challenge=True) as client:
        for path in ("/robots.txt", "/search/?q=a", "/album/1/"):
            answer = client.ask("aoty", path)
            assert (answer.status, answer.headers["cf-mitigated"]) == (403, "challenge")
            assert "Just a moment..." in answer.text
