"""ListenBrainz, Deezer and MusicBrainz."""

import json
from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

import pytest

from timbre_sandbox.world.ids import mbid, plain_isrc
from timbre_sandbox.world.model import Song

from .conftest import Client

pytestmark = pytest.mark.integration


def known(client: Client, **where: bool) -> Song:
    return next(
        song for song in client.world.heard
        if song.original.isrc and song.kind == "song" and not song.guests
        and all(getattr(song, name) == value for name, value in where.items())
    )  # fmt: skip


def lookup(client: Client, asked: list[dict[str, str]], token: str | None = None) -> Any:
    token = token or client.sandbox.environment["LISTENBRAINZ_TOKEN"]
    body = json.dumps({"recordings": asked})
    return client.ask("listenbrainz", "/1/metadata/lookup/", "POST", body, Authorization=f"Token {token}")


def test_listenbrainz_leads_from_names_to_isrcs(client: Client) -> None:
    song = known(client, on_musicbrainz=True)
    asked = [
        {"artist_name": song.artist.name, "recording_name": song.title},
        {"artist_name": "Nobody Ever", "recording_name": "Nothing"},
    ]
    found, nothing = lookup(client, asked).json
    assert found["artist_credit_name"] == song.artist.name
    assert found["index"] == 0
    assert "recording_mbid" not in nothing
    body = json.dumps({"recording_mbids": [found["recording_mbid"], mbid(1, 999_999)]})
    answer = client.ask("listenbrainz", "/1/metadata/recording/", "POST", body)
    assert set(answer.json) == {found["recording_mbid"]}
    isrcs = {plain_isrc(track.isrc) for track in song.tracks}
    assert set(answer.json[found["recording_mbid"]]["recording"]["isrcs"]) <= isrcs
    assert "x-ratelimit-remaining" in answer.headers


def test_listenbrainz_refuses(client: Client) -> None:
    one = {"artist_name": "A", "recording_name": "B"}
    assert lookup(client, [one], token="wrong").status == 401
    assert lookup(client, [one] * 51).status == 400
    assert lookup(client, [{"artist_name": "A", "recording_name": "B" * 251}]).status == 400
    assert client.ask("listenbrainz", "/1/metadata/recording/", "POST", "{").status == 400


def test_deezer(client: Client) -> None:
    song = known(client, on_deezer=True)
    asked = urlencode({"q": f'artist:"{song.artist.name}" track:"{song.title}"'})
    found = client.ask("deezer", f"/search?{asked}").json
    assert found["total"] == len(found["data"]) > 0
    first = found["data"][0]
    assert "isrc" not in first
    assert first["duration"] < 1000, "seconds"
    track = client.ask("deezer", f"/track/{first['id']}").json
    assert track["isrc"] in {plain_isrc(each.isrc) or "" for each in song.tracks}
    listed = client.ask("deezer", f"/album/{first['album']['id']}/tracks").json["data"]
    assert track["isrc"] in {each["isrc"] for each in listed}
    isrc = plain_isrc(song.original.isrc)
    assert client.ask("deezer", f"/track/isrc:{isrc}").json["isrc"] == isrc


def test_deezer_says_errors_with_200(client: Client, running_with: Callable[..., Any]) -> None:
    answer = client.ask("deezer", "/track/1")
    assert (answer.status, answer.json["error"]["code"]) == (200, 800)
    with running_with(deezer_quota=2, rows=30) as scarce:
        answers = [scarce.ask("deezer", "/search?q=a") for _ in range(3)]
        assert [answer.status for answer in answers] == [200, 200, 200]
        assert answers[2].json["error"]["message"] == "Quota limit exceeded"
        assert answers[2].json["error"]["code"] == 4


def test_musicbrainz(client: Client) -> None:
    song = known(client, on_musicbrainz=True)
    query = {"query": f'recording:"{song.title}" AND artist:"{song.artist.name}"', "fmt": "json", "limit": 5}
    found = client.ask("musicbrainz", f"/ws/2/recording?{urlencode(query)}").json
    first = found["recordings"][0]
    assert first["artist-credit"][0]["name"] == song.artist.name
    assert first["score"] == 100
    assert set(first.get("isrcs", ())) <= {plain_isrc(track.isrc) for track in song.tracks}
    isrc = plain_isrc(song.original.isrc)
    assert client.ask("musicbrainz", f"/ws/2/isrc/{isrc}?fmt=json").json["recordings"]
    assert client.ask("musicbrainz", "/ws/2/isrc/GBAAA0000000?fmt=json").status == 404


def test_what_a_source_lacks(client: Client) -> None:
    song = known(client, on_musicbrainz=False)
    query = {"query": f'recording:"{song.title}" AND artist:"{song.artist.name}"', "fmt": "json"}
    found = client.ask("musicbrainz", f"/ws/2/recording?{urlencode(query)}").json["recordings"]
    assert not {mbid(1, track.index) for track in song.tracks} & {each["id"] for each in found}
