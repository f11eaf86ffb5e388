"""Last.fm's shapes, quirks and errors."""

from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode
from xml.dom import minidom

import httpx2
import pylast
import pytest

from .conftest import Client

pytestmark = pytest.mark.integration


def test_the_chart_page_by_page(client: Client) -> None:
    page = client.lastfm("user.getTopTracks", limit=250, page=2).json["toptracks"]
    assert page["@attr"] == {"user": "listener", "totalPages": "3", "page": "2", "perPage": "250", "total": "600"}
    assert len(page["track"]) == 250
    first, row = page["track"][0], client.world.rows[250]
    assert (first["name"], first["artist"]["name"], first["@attr"]["rank"]) == (row.title, row.artist, "251")
    assert first["playcount"] == str(row.plays)
    assert first["duration"] == str(row.seconds), "seconds, as a string"
    assert {"mbid", "url", "image", "streamable", "artist"} <= set(first)
    assert client.lastfm("user.getTopTracks", page=0).json["toptracks"]["@attr"]["page"] == "1"


def test_one_element_is_an_object(client: Client) -> None:
    assert isinstance(client.lastfm("user.getTopTracks", limit=1).json["toptracks"]["track"], dict)
    assert isinstance(client.lastfm("user.getTopAlbums", limit=1).json["topalbums"]["album"], dict)


@pytest.mark.parametrize(
    ("query", "status", "error"),
    [
        ({"api_key": "wrong"}, 403, 10),
        ({"user": "nobody-of-that-name"}, 404, 6),
        ({"user": "private"}, 403, 17),
        ({"user": ""}, 400, 6),
        ({"limit": 1001}, 400, 6),
        ({"limit": 0}, 400, 6),
        ({"limit": "None"}, 400, 6),
        ({"page": 1_000_001}, 400, 6),
        ({"period": "century"}, 400, 6),
        # "A page past the end: HTTP 400, error 6 no such page" [run].
        ({"limit": 600, "page": 2}, 400, 6),
    ],
)
def test_errors(client: Client, query: dict[str, object], status: int, error: int) -> None:
    answer = client.lastfm("user.getTopTracks", **query)
    assert (answer.status, answer.json["error"]) == (status, error)
    assert answer.json["message"]


def test_an_unknown_method(client: Client) -> None:
    assert client.lastfm("user.getEverything").json["error"] == 3


def test_shorter_periods_hold_fewer_plays(client: Client) -> None:
    def plays(period: str) -> int:
        tracks = client.lastfm("user.getTopTracks", limit=1000, period=period).json["toptracks"]["track"]
        return sum(int(track["playcount"]) for track in tracks)

    assert plays("overall") > plays("12month") > plays("3month") > plays("7day")


def test_tags(client: Client) -> None:
    artist = next(row.song.artist for row in client.world.rows if row.song and len(row.song.artist.tags) > 2)
    found = client.lastfm("artist.getTopTags", artist=artist.name.upper()).json["toptags"]
    assert [(tag["name"], tag["count"]) for tag in found["tag"]] == list(artist.tags)
    assert found["@attr"] == {"artist": artist.name}
    answer = client.lastfm("artist.getTopTags", artist="Nobody Ever")
    assert (answer.status, answer.json["error"]) == (200, 6)
    assert client.lastfm("artist.getTopTags", artist="").status == 400


def test_no_tags_are_written_in_three_ways(client: Client) -> None:
    """ "Nothing -> [], "", key missing, or "#text":"\\n" with attributes unwrapped" [saved answers]."""
    answers = [client.lastfm("track.getTopTags", artist="A", track=f"B{number}") for number in range(24)]
    told = [answer.json["toptags"] for answer in answers]
    assert {answer.status for answer in answers} == {200}
    assert {str(each.get("tag", each.get("#text"))) for each in told} == {"[]", "", "\n"}
    assert all("#text" not in each or (each["artist"] == "A" and "@attr" not in each) for each in told)


def test_a_track_is_told_in_milliseconds_and_a_stub_where_unknown(client: Client) -> None:
    song = client.world.heard[0]
    track = client.lastfm("track.getInfo", artist=song.artist.name, track=song.title).json["track"]
    assert abs(int(track["duration"]) - song.duration_ms) < 1000
    assert track["album"]["title"]
    stub = client.lastfm("track.getInfo", artist="Fake Artist", track="Fake Track")
    assert (stub.status, stub.json["track"]["listeners"]) == (200, "2")


def test_xml_for_posts(client: Client) -> None:
    form = {"method": "user.getTopTracks", "limit": 2, "user": "listener"}
    refused = client.ask("lastfm", "/2.0/", "POST", urlencode(form))
    assert refused.headers["content-type"].startswith("text/xml")
    document = minidom.parseString(refused.body)
    assert document.documentElement.getAttribute("status") == "failed"
    assert document.getElementsByTagName("error")[0].getAttribute("code") == "10"
    form["api_key"] = client.sandbox.environment["LASTFM_API_KEY"]
    document = minidom.parseString(client.ask("lastfm", "/2.0/", "POST", urlencode(form)).body)
    tracks = document.getElementsByTagName("track")
    assert [track.getAttribute("rank") for track in tracks] == ["1", "2"]
    assert document.getElementsByTagName("toptracks")[0].getAttribute("total") == "600"


class _PlainHttp(httpx2.HTTPTransport):
    """pylast knows https only."""

    def handle_request(self, request: httpx2.Request) -> httpx2.Response:
        request.url = request.url.copy_with(scheme="http")
        return super().handle_request(request)


def test_pylast_reads_it(client: Client) -> None:
    key = client.sandbox.environment["LASTFM_API_KEY"]
    network = pylast.LastFMNetwork(api_key=key, proxy={"https://": _PlainHttp()})
    network.ws_server = (client.sandbox.url("lastfm").removeprefix("http://"), "/2.0/")
    user = network.get_user("listener")
    assert int(user.get_playcount()) == sum(row.plays for row in client.world.rows)
    top = user.get_top_tracks(limit=3)
    assert [(each.item.artist.name, each.item.title, int(each.weight)) for each in top] == [
        (row.artist, row.title, row.plays) for row in client.world.rows[:3]
    ]
    with pytest.raises(pylast.WSError, match="User not found"):
        network.get_user("nobody-of-that-name").get_playcount()


def test_hostile_names_travel(running_with: Callable[..., Any]) -> None:
    with running_with(rows=30, hostile=True) as client:
        answer = client.lastfm("user.getTopTracks", limit=1000)
        names = {(track["artist"]["name"], track["name"]) for track in answer.json["toptracks"]["track"]}
        assert ("Nul\0Artist", "Nul\0Title") in names
        assert ("Lone Surrogate", "Half \ud83d a face") in names
        assert b"\\ud83d a face" in answer.body
        assert client.ask("control", "/truth").status == 200
