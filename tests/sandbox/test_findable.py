"""What the truth calls findable is found by a question, and nothing else is."""

import json
from typing import Any

import pytest

from timbre_sandbox.truth import truth
from timbre_sandbox.world import build_world
from timbre_sandbox.world.ids import deezer_id
from timbre_sandbox.world.model import Song, World

from . import test_deezer_service as deezer
from . import test_spotify_quirks as spotify

pytestmark = pytest.mark.unit


@pytest.fixture(scope="module")
def world() -> World:
    return build_world(600, 7)


@pytest.fixture(scope="module")
def told(world: World) -> dict[str, Any]:
    songs: dict[str, Any] = truth(world, deezer.Asked(world).weather)["songs"]
    return {key: json.loads(json.dumps(song["services"])) for key, song in songs.items()}


def test_spotify_finds_each_song_by_the_question_told(world: World, told: dict[str, Any]) -> None:
    asked = spotify.Asked(world)
    for song in world.heard:
        of = told[song.key]["spotify"]
        assert of["has"] is of["findable"] is song.on_spotify
        if of["findable"]:
            assert {one["id"] for one in of["ids"]} & set(asked.found(of["question"])), of["question"]


def test_every_id_of_every_release_and_market_is_told(world: World, told: dict[str, Any]) -> None:
    asked = spotify.Asked(world)
    several = 0
    for song in world.heard:
        ids = told[song.key]["spotify"]["ids"]
        several += len(ids) > 1
        for one in ids:
            track = asked.json(f"tracks/{one['id']}")
            assert (track["id"], track["album"]["id"]) == (one["id"], one["album_id"])
            relinked = asked.json(f"tracks/{one['id']}", market="US" if one["market"] == "abroad" else "DE")
            assert (relinked["id"] == one["id"]) is (one["market"] == "all")
            assert relinked["id"] in {each["id"] for each in ids}
    assert several > len(world.heard) / 4


def test_deezer_tells_each_song_by_the_forms_told(world: World, told: dict[str, Any]) -> None:
    asked = deezer.Asked(world)

    def found(song: Song, q: str) -> bool:
        ids = {item["id"] for item in asked.json("/search", q=q, limit=100)["data"]}
        return bool(ids & {deezer_id(track) for track in song.tracks})

    for song in world.heard:
        of, artist, title = told[song.key]["deezer"], song.artist.name, song.original.title
        assert of["has"] is song.on_deezer
        assert found(song, f'artist:"{artist}" track:"{title}"') is of["by_filters"]
        assert found(song, f"{artist} {title}") is of["by_words"]
        assert of["findable"] is any(of[way] for way in ("by_filters", "by_words", "by_album", "by_isrc"))
        isrcs = [track.isrc for track in song.tracks if track.isrc]
        answers = {asked.json(f"/track/isrc:{isrc}").get("id") for isrc in isrcs}
        assert bool({deezer_id(track) for track in song.tracks} & answers) is of["by_isrc"]
    shares = [sum(of["deezer"][way] for of in told.values()) / len(told) for way in ("by_words", "findable")]
    assert shares[0] < shares[1] < 1


def test_musicbrainz(world: World, told: dict[str, Any]) -> None:
    for song in world.heard:
        of = told[song.key]["musicbrainz"]
        assert of["has"] is of["findable"] is bool(of["mbids"]) is song.on_musicbrainz
