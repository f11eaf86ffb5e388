"""Songs, reports and overrides over HTTP."""

from uuid import UUID

import httpx2
import pytest

from tests.storage.making import album, isrc, name_key, song, spotify_id, store
from timbre_spider.storage.database import Database

pytestmark = pytest.mark.integration


def test_songs_come_page_by_page(database: Database, client: httpx2.Client) -> None:
    store(database, *(song("A", f"T{n}", n, aoty=album()) for n in range(5)))
    page = client.get("/songs?limit=2").json()
    titles = [each["title"] for each in page["songs"]]
    while page["next"]:
        page = client.get("/songs", params={"limit": 2, "after": page["next"]}).json()
        titles += [each["title"] for each in page["songs"]]
    assert titles == ["T4", "T3", "T2", "T1", "T0"]
    assert [each["title"] for each in client.get("/songs?q=t3&lacking=isrc&genre=Rock").json()["songs"]] == ["T3"]
    assert client.get("/songs?order=quality").json()["songs"][0]["quality"] > 0
    assert client.get("/songs?lacking=aoty").json() == {"songs": [], "next": None}


@pytest.mark.parametrize(
    "wrong", ["after=x", "limit=0", "limit=501", "order=x", "lacking=x", "q=%00", "least_score=nan", "least_score=101"]
)
def test_what_cannot_be_asked_for_is_said(client: httpx2.Client, wrong: str) -> None:
    answer = client.get(f"/songs?{wrong}")
    assert answer.status_code == 422
    assert answer.json()["detail"].startswith(wrong.partition("=")[0])


def test_an_old_id_and_a_key_lead_to_the_song(database: Database, client: httpx2.Client) -> None:
    store(database, song("A", "T", 5, number=1), song("A", "Another", 3))
    said = client.post("/overrides", json={"kind": "same", "song": "A - T", "other": "A - Another"})
    assert said.status_code == 201, said.text
    song_id = client.get("/songs").json()["songs"][0]["id"]
    full = client.get(f"/songs/{song_id}").json()
    old = full["redirects"][0]["old_id"]
    for other in (old, name_key("A", "Another"), f"isrc:{isrc(1)}", f"spotify:{spotify_id(1)}", song_id.upper()):
        moved = client.get(f"/songs/{other}")
        if other == song_id.upper():
            assert moved.status_code == 404
            continue
        assert (moved.status_code, moved.headers["location"]) == (308, f"/songs/{song_id}"), other
    for unknown in (UUID(int=5), "isrc:x", "%00", "x" * 3000):
        assert client.get(f"/songs/{unknown}").status_code == 404


def test_a_word_is_said_listed_and_taken_back(database: Database, client: httpx2.Client) -> None:
    store(database, song("A", "T", 5), song("A", "Another", 3))
    word = client.post("/overrides", json={"kind": "same", "song": "A - T", "other": "A - Another"}).json()
    assert [each["id"] for each in client.get("/overrides").json()] == [word["id"]]
    assert len(client.get("/songs").json()["songs"]) == 1
    assert client.delete(f"/overrides/{word['id']}").json() == word
    assert len(client.get("/songs").json()["songs"]) == 2
    assert client.delete(f"/overrides/{word['id']}").status_code == 404


@pytest.mark.parametrize(
    ("word", "said"),
    [
        ({"kind": "same", "song": "A - T", "other": "nobody - nothing"}, "There is no song"),
        ({"kind": "spotify", "song": "A - T", "other": "x"}, "no Spotify track"),
        ({"kind": "aoty", "song": "A - T", "other": "https://evil.example/album/1"}, "no album page"),
        ({"kind": "x", "song": "A - T", "other": "B - T"}, "kind"),
        ({"kind": "same", "song": "A - T"}, "other"),
        ({"kind": "same", "song": "A - T", "other": "A - T\x00"}, "other"),
        ({"kind": "same", "song": "A - T", "other": "B - T", "more": 1}, "more"),
    ],
)
def test_a_word_that_cannot_be_is_refused(
    database: Database, client: httpx2.Client, word: dict[str, str], said: str
) -> None:
    store(database, song("A", "T", 5))
    answer = client.post("/overrides", json=word)
    assert answer.status_code == 422
    assert said in answer.text


def test_reports_have_a_path_each(database: Database, client: httpx2.Client) -> None:
    store(database, song("A", "T", 5), song("B", "U", 3))
    unmatched = client.get("/report/unmatched?rows=1").json()
    assert (unmatched["count"], unmatched["by"], len(unmatched["rows"])) == (2, {"not asked": 2}, 1)
    for name in ("weak", "merged", "rejected"):
        assert client.get(f"/report/{name}").json() == {"name": name, "count": 0, "by": {}, "rows": []}
    assert client.get("/report/albums").json() == []
    assert client.get("/report/x").status_code == 422
