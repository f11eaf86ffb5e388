"""Deezer."""

from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

import pytest

from timbre_sandbox.world.ids import plain_isrc
from timbre_sandbox.world.model import Song

from .conftest import Client

pytestmark = pytest.mark.integration


def known(client: Client, **where: bool) -> Song:
    return next(
        song for song in client.world.heard
        if song.original.isrc and song.kind == "song" and not song.guests
        and all(getattr(song, name) == value for name, value in where.items())
    )  # fmt: skip


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
