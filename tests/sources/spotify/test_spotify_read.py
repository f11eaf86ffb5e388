import json
from pathlib import Path
from typing import Any

import pytest

from timbre_spider.items import SpotifyTrack
from timbre_spider.sources.spotify import read_search, read_track
from timbre_spider.sources.spotify.read import Page

pytestmark = pytest.mark.unit

SAVED = Path(__file__).parents[4] / "shared/fixtures/spotify"


def full_track(**changes: Any) -> dict[str, Any]:
    """A track as development mode sends it."""
    return {
        "album": {
            "album_type": "album",
            "artists": [{"id": "artist1", "name": "Ann"}],
            "id": "album1",
            "name": "Harbour",
            "release_date": "2019-03-01",
            "release_date_precision": "day",
            "total_tracks": 11,
            "type": "album",
        },
        "artists": [{"id": "artist1", "name": "Ann"}, {"id": "artist2", "name": "Bob"}],
        "disc_number": 1,
        "duration_ms": 222_200,
        "explicit": False,
        "external_ids": {"isrc": "GBFFP0300052"},
        "id": "3n3Ppam7vgaVa1iaRUc9Lp",
        "is_local": False,
        "name": "Northern Lantern",
        "track_number": 2,
        "type": "track",
    } | changes


TRACK = SpotifyTrack(
    spotify_id="3n3Ppam7vgaVa1iaRUc9Lp",
    title="Northern Lantern",
    artists=("Ann", "Bob"),
    isrc="GBFFP0300052",
    duration_ms=222_200,
    popularity=None,
    album_id="album1",
    artist_id="artist1",
    album_name="Harbour",
    album_type="album",
    release_date="2019-03-01",
    explicit=False,
    track_number=2,
)


def test_a_full_track() -> None:
    assert read_track(full_track()) == TRACK


@pytest.mark.parametrize(
    ("changes", "field", "expected"),
    [
        ({"popularity": 73}, "popularity", 73),
        ({"popularity": 0}, "popularity", None),
        ({"popularity": None}, "popularity", None),
        ({"popularity": 101}, "popularity", None),
        ({"external_ids": {"isrc": "gb-ffp-03-00052"}}, "isrc", "GBFFP0300052"),
        ({"external_ids": {}}, "isrc", None),
        ({"external_ids": None}, "isrc", None),
        ({"external_ids": {"isrc": "whatever"}}, "isrc", None),
        ({"artists": [None, {"name": None}, {"id": None, "name": "Ann"}]}, "artists", ("Ann",)),
        ({"artists": [None, {"name": None}, {"id": None, "name": "Ann"}]}, "artist_id", None),
        ({"album": None}, "album_name", None),
        ({"album": {"release_date": "2019"}}, "release_date", "2019"),
        ({"album": {"release_date": "2019-03"}}, "release_date", "2019-03"),
        ({"album": {"release_date": "0000"}}, "release_date", None),
        ({"album": {"release_date": None}}, "release_date", None),
        ({"album": {"album_type": "SINGLE"}}, "album_type", "single"),
        ({"duration_ms": 0}, "duration_ms", None),
        ({"explicit": None}, "explicit", None),
        ({"explicit": True}, "explicit", True),
        ({"track_number": None}, "track_number", None),
        ({"name": "nul\x00 \ud83d"}, "title", "nul"),
    ],
)
def test_holes(changes: dict[str, Any], field: str, expected: object) -> None:
    track = read_track(full_track(**changes))
    assert track is not None
    assert getattr(track, field) == expected


@pytest.mark.parametrize(("told", "known"), [(0, 0), (73, 73), (100, 100), (101, None), (-1, None), (None, None)])
def test_in_extended_mode_zero_is_a_popularity(told: object, known: int | None) -> None:
    track = read_track(full_track(popularity=told), extended=True)
    assert track is not None
    assert track.popularity == known
    page = read_search({"tracks": {"items": [full_track(popularity=told)]}}, extended=True)
    assert page == Page([track], 1)


@pytest.mark.parametrize(
    "track",
    [
        None,
        "text",
        7,
        [],
        {},
        full_track(id=None),
        full_track(name=""),
        full_track(artists=[]),
        full_track(artists=None),
    ],
)
def test_what_is_no_track(track: object) -> None:
    assert read_track(track) is None


@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        ({"tracks": {"items": [None, full_track(), {"id": 1}]}}, Page([TRACK], 3)),
        ({"tracks": {"items": []}}, Page([], 0)),
        ({"tracks": {"items": None}}, None),
        ({"tracks": None}, None),
        ({}, None),
        ([], None),
        ("text", None),
    ],
)
def test_a_search(answer: object, expected: object) -> None:
    assert read_search(answer) == expected


@pytest.mark.skipif(not SAVED.exists(), reason="the saved answers are not beside the project")
class TestSavedAnswers:
    @pytest.mark.parametrize("name", ["java.SearchTracksRequest", "java.SearchItemRequest"])
    def test_a_search(self, name: str) -> None:
        answer = json.loads((SAVED / f"{name}.json").read_bytes())
        page = read_search(answer)
        assert page
        tracks = page.tracks
        assert tracks
        assert len(tracks) == len(answer["tracks"]["items"])
        assert all(track.isrc and track.album_id and track.duration_ms for track in tracks)

    def test_a_track(self) -> None:
        track = read_track(json.loads((SAVED / "java.GetTrackRequest.json").read_bytes()))
        assert track is not None
        assert (track.isrc, track.popularity, track.release_date) == ("GBFFP0300052", 73, None)
