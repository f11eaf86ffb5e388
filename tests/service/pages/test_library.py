"""The pages of a library, of songs looked up, and of one song."""

from uuid import uuid4

import httpx2
import pytest
from lxml import html

from tests.service.pages.test_now import HOSTILE
from tests.storage.making import album, song, store, told_openly, track
from timbre_spider.storage.database import Database

pytestmark = pytest.mark.integration

SHOWN = HOSTILE.replace("\u202e", "\\u202e").replace("\x1b", "\\u001b")


def tree_of(client: httpx2.Client, path: str, status: int = 200) -> html.HtmlElement:
    page = client.get(path)
    assert page.status_code == status, page.text
    tree = html.fromstring(page.text)
    assert not tree.xpath("//script[not(@src)] | //b | //*[@onerror] | //*[@style] | //style")
    return tree


def text(tree: html.HtmlElement) -> str:
    return " ".join(tree.text_content().split())


@pytest.fixture
def stored(database: Database) -> None:
    store(
        database,
        song("Ann", "One", 50, aoty=album(1, 85.0), spotify=track(1, "One"), tags={"indie": 100, "<i>": 3}),
        song("Ann", "Two", 30, aoty=album(2, None)),
        song(HOSTILE, HOSTILE, 20, number=7),
        song("Ben", "Three", 10, number=9, listener="other", open=told_openly(3, album_name=HOSTILE)),
    )


@pytest.mark.usefixtures("stored")
def test_a_library_of_one_of_several_listeners(client: httpx2.Client) -> None:
    tree = tree_of(client, "/library?listener=me")
    assert text(tree.xpath("//h1")[0]) == "The library of me"
    artists = tree.xpath("//section[h2='Top artists']//li//bdi/text()")
    assert artists == ["Ann", SHOWN]
    assert len(tree.xpath("//svg[@class='scatter']//circle")) == 1
    assert tree.xpath("//select[@name='listener']/option/text()") == ["everybody", "me", "other"]


@pytest.mark.usefixtures("stored")
def test_everybody_together_and_a_listener_there_is_none_of(client: httpx2.Client) -> None:
    assert "Three" in text(tree_of(client, "/library"))
    assert "no such listener" in text(tree_of(client, "/library?listener=nobody", 404))


@pytest.mark.usefixtures("stored")
def test_every_name_in_the_library_leads_to_its_songs(client: httpx2.Client) -> None:
    tree = tree_of(client, "/library?listener=me")
    leading = tree.xpath("//ol//a/@href")
    assert len(leading) == 2 + 3 + 3 + 1 + 2  # artists, songs, genres, tags
    for path in leading:
        assert "No song is like that" not in text(tree_of(client, path))


def test_nothing_is_stored_yet(client: httpx2.Client) -> None:
    assert "Nothing is stored yet" in text(tree_of(client, "/library"))
    assert "No song is like that" in text(tree_of(client, "/find"))


FOUND = {
    "q=ann": ["One", "Two"],
    "q=thr": ["Three"],
    "genre=Rock": ["One", "Two"],
    "tag=indie": ["One"],
    "lacking=spotify&q=ann": ["Two"],
    "order=score&q=": ["One"],
    "order=quality&q=ann": ["One", "Two"],
}


@pytest.mark.usefixtures("stored")
def test_songs_are_found(client: httpx2.Client) -> None:
    for asked, titles in FOUND.items():
        assert tree_of(client, f"/find?{asked}").xpath("//tbody//a/bdi/text()") == titles


def test_more_songs_than_a_page_holds_go_on(client: httpx2.Client, database: Database) -> None:
    store(database, *(song("Ann", f"Song {number}", 100 - number, number=number) for number in range(1, 53)))
    tree = tree_of(client, "/find?q=ann")
    assert len(tree.xpath("//tbody/tr")) == 50
    (more,) = tree.xpath("//a[@rel='next']/@href")
    assert tree_of(client, more).xpath("//tbody//a/bdi/text()") == ["Song 51", "Song 52"]


def test_what_no_form_of_ours_asks_is_a_page_too(client: httpx2.Client) -> None:
    for asked in ("order=wrong", "lacking=wrong", "after=wrong", "q=%00", "q=" + "a" * 201):
        page = client.get(f"/find?{asked}")
        assert page.status_code in (404, 422)
        assert "It did not work" in page.text


@pytest.mark.usefixtures("stored")
def test_a_song_says_who_told_each_value(client: httpx2.Client, database: Database) -> None:
    with database.connect() as connection:
        ids = dict(connection.execute("SELECT title, id FROM songs").fetchall())
    tree = tree_of(client, f"/song/{ids['One']}")
    told = {text(row[0]): (text(row[1]), text(row[2])) for row in tree.xpath("//section[h2/@id='values']//tbody/tr")}
    assert told["album name"] == ("Album", "spotify")
    assert told["user score"] == ("85.0", "aoty")
    assert told["lastfm tags"] == ("indie 100 <i> 3", "lastfm")
    assert told["duration ms"][0] == "3:20"
    assert told["mbid"] == ("–", "")
    (parts, advice) = tree.xpath("//section[h2/@id='quality']/ul")
    assert [text(part).split()[0] for part in parts] == [
        "quality", "completeness", "certainty", "agreement", "freshness",
    ]  # fmt: skip
    assert text(parts[1]) == "completeness 0.80 how much of what counts is known"
    assert text(advice[0]) == "Not known: ISRC and MusicBrainz id."
    assert advice.xpath(".//code/text()") == ["timbre validate"]
    other = tree_of(client, f"/song/{ids['Three']}")
    assert "listenbrainz" in text(other)
    assert text(tree_of(client, f"/song/{ids[HOSTILE]}").xpath("//h1")[0]) == f"{SHOWN} {SHOWN}"


def test_a_song_there_is_none_of(client: httpx2.Client) -> None:
    assert "no such song" in text(tree_of(client, f"/song/{uuid4()}", 404))
    assert "no such page" in text(tree_of(client, "/song/x", 404))
