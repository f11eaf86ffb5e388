"""Who is who: what the matcher was unsure of, and a word given and taken back."""

from collections.abc import Callable
from uuid import UUID

import httpx2
import pytest
from lxml import html

from tests.service.pages.test_library import SHOWN, text, tree_of
from tests.service.pages.test_now import HOSTILE
from tests.storage.making import NOW, album, name_key, song, spotify_id, store
from timbre_spider.items import ChartRow
from timbre_spider.storage.database import Database

pytestmark = pytest.mark.integration


@pytest.fixture
def ids(database: Database) -> dict[str, UUID]:
    """The songs' ids by title."""
    store(
        database,
        song("Ann", "One", 50, number=1, aoty=album(1, 85.0)),
        song("Ann", "Uno", 30),
        song(HOSTILE, HOSTILE, 20, number=7),
    )
    with database.connect() as connection:
        connection.execute(
            'INSERT INTO answers (asked_at, source, key, outcome, tier, score, reason, "values")'
            " VALUES (%s, 'labs', %s, 'found', 'medium', 0.8, %s, json_build_object('spotify_id', %s::text))",
            [NOW, name_key("Ann", "Uno"), HOSTILE, spotify_id(5)],
        )
        connection.execute(
            "INSERT INTO rejects (id, listener, artist, title, playcount, reason) VALUES"
            " (gen_random_uuid(), 'me', %s, 'x', 3, 'too <b>long</b>')",
            [HOSTILE.replace("\x1b", "")],
        )
        return dict(connection.execute("SELECT title, id FROM songs").fetchall())


@pytest.fixture
def press(client: httpx2.Client) -> Callable[..., httpx2.Response]:
    """Sends the form of the button with this label, with what is filled in."""
    client.headers["origin"] = str(client.base_url)

    def press(page: str, label: str, **filled: str) -> httpx2.Response:
        (form,) = tree_of(client, page).xpath(
            f"//form[.//button[@aria-label='{label}'] or .//label[starts-with(normalize-space(), '{label}')]]"
        )
        fields = {each.get("name"): each.get("value") or "" for each in form.xpath(".//input")}
        return client.post(form.get("action"), data=fields | filled)

    return press


def test_what_is_unsure_missing_and_rejected_is_shown(client: httpx2.Client, ids: dict[str, UUID]) -> None:
    tree = tree_of(client, "/who")
    assert "Uno" in text(tree.xpath("//section[h2/@id='weak']")[0])
    assert SHOWN in text(tree.xpath("//section[h2/@id='weak']")[0])
    assert tree.xpath("//section[h2/@id='unmatched']//th/a/@href")[0] == f"/song/{ids['Uno']}"
    assert "too <b>long</b>" in text(tree.xpath("//section[h2/@id='rejected']")[0])


def test_a_word_is_given_by_a_click_and_taken_back_by_another(
    client: httpx2.Client, press: Callable[..., httpx2.Response], ids: dict[str, UUID]
) -> None:
    came = press("/who", "This id: Uno")
    assert (came.status_code, came.headers["location"]) == (303, "/who?said=1")
    tree = tree_of(client, "/who?said=1")
    said = text(tree.xpath("//*[@role='status']")[0])
    assert "It is said: spotify" in said
    assert "The next run asks for it." in said
    assert client.get("/overrides").json()[0]["object"] == spotify_id(5)
    weak = "//section[h2/@id='weak']"
    assert "Uno" not in text(tree.xpath(weak)[0])
    undo = tree.xpath("//*[@role='status']//form")[0]
    client.post(undo.get("action"), data={each.get("name"): each.get("value") for each in undo.xpath(".//input")})
    assert client.get("/overrides").json() == []
    tree = tree_of(client, "/who")
    assert "Nothing yet" in text(tree)
    assert "Uno" in text(tree.xpath(weak)[0])


def test_two_songs_said_to_be_the_same_become_one_at_once_and_two_again(
    client: httpx2.Client, press: Callable[..., httpx2.Response], ids: dict[str, UUID]
) -> None:
    tree_of(client, "/who")  # what is remembered of before must not be shown after
    came = press(f"/song/{ids['Uno']}", "The same song as", other="Ann - One")
    assert came.headers["location"] == f"/song/{ids['Uno']}"
    page = client.get(f"/song/{ids['Uno']}", follow_redirects=True)
    assert page.url.path == f"/song/{ids['One']}"
    assert "Uno" not in text(tree_of(client, "/who").xpath("//section[h2/@id='unmatched']")[0])
    press(f"/song/{ids['One']}", "Take back: same")
    assert client.get(f"/song/{ids['Uno']}").status_code == 200


def test_two_spellings_read_as_one_name_are_parted_by_a_click(
    client: httpx2.Client, press: Callable[..., httpx2.Response], database: Database
) -> None:
    store(database, song("Ann", "Two", rows=[ChartRow("Ann", "Two", 9, 1), ChartRow("Ann", "Two (Live)", 4, 2)]))
    press("/who", "Different: Ann - Two (Live)")
    with database.connect() as connection:
        assert len(connection.execute("SELECT DISTINCT song_id FROM aliases").fetchall()) == 2
    assert "Two (Live)" not in text(tree_of(client, "/who").xpath("//section[h2/@id='merged']")[0])


WRONG = [
    ("/do/say", {"kind": "same", "song": "Ann - One", "other": "Nobody - None"}, "There is no song"),
    ("/do/say", {"kind": "wrong", "song": "Ann - One", "other": "x"}, "There is no word"),
    ("/do/say", {"kind": "spotify", "song": "Ann - One", "other": "no id"}, "is no Spotify track"),
    ("/do/say", {"kind": "aoty", "song": "Ann - One", "other": "javascript:alert(1)"}, "javascript:"),
    ("/do/say", {"kind": "same", "song": "Ann - One"}, "Name the other song"),
    ("/do/say", {}, "Name the other song"),
    ("/do/undo", {"number": "77"}, "There is no override 77"),
    ("/do/undo", {"number": "x"}, "by its number"),
]


def test_a_word_that_is_wrong_is_told_why(client: httpx2.Client, ids: dict[str, UUID]) -> None:
    for path, filled, said in WRONG:
        page = client.post(path, data=filled, headers={"origin": str(client.base_url)})
        assert page.status_code == 422
        assert said in html.fromstring(page.text).xpath("string(//*[@role='alert'])")


def test_a_form_leads_back_to_pages_of_words_alone(client: httpx2.Client, ids: dict[str, UUID]) -> None:
    for back in ("//evil.example", "https://evil.example", "/who?x", "/song/../do/stop"):
        filled = {"kind": "spotify", "song": str(ids["Uno"]), "other": spotify_id(9), "back": back}
        came = client.post("/do/say", data=filled, headers={"origin": str(client.base_url)})
        assert came.headers["location"] == "/who?said=1"


def test_no_other_page_gives_a_word(client: httpx2.Client, ids: dict[str, UUID]) -> None:
    filled = {"kind": "spotify", "song": str(ids["Uno"]), "other": spotify_id(9)}
    assert client.post("/do/say", data=filled, headers={"origin": "http://evil.example"}).status_code == 403
    assert client.get("/do/say", params=filled).status_code == 405
    assert client.get("/overrides").json() == []
