"""Spotify's token, objects and errors, in both modes."""

import base64
from urllib.parse import urlencode

import pytest

from timbre_sandbox.world.ids import plain_isrc

from .conftest import Client

pytestmark = pytest.mark.integration


def test_token(client: Client) -> None:
    env = client.sandbox.environment
    pair = f"{env['SPOTIFY_CLIENT_ID']}:{env['SPOTIFY_CLIENT_SECRET']}".encode()
    basic = f"Basic {base64.b64encode(pair).decode()}"
    form = urlencode({"grant_type": "client_credentials"})
    answer = client.ask("spotify_accounts", "/api/token", "POST", form, Authorization=basic)
    assert answer.json == {"access_token": client.token(), "token_type": "Bearer", "expires_in": 3600}
    wrong = client.ask("spotify_accounts", "/api/token", "POST", form, Authorization="Basic d3Jvbmc6b25l")
    assert wrong.status == 400
    assert wrong.json == {"error": "invalid_client", "error_description": "Invalid client"}


def test_no_token_and_a_bad_one(client: Client) -> None:
    assert client.ask("spotify", "/v1/search?q=a&type=track").json["error"]["status"] == 401
    answer = client.ask("spotify", "/v1/search?q=a&type=track", Authorization="Bearer old")
    assert (answer.status, answer.json["error"]["message"]) == (401, "Invalid access token")


@pytest.mark.parametrize(
    ("mode", "limit", "status"),
    [("client", 10, 200), ("client", 11, 400), ("extended", 50, 200), ("extended", 51, 400), ("client", 0, 400)],
)
def test_search_limits(request: pytest.FixtureRequest, mode: str, limit: int, status: int) -> None:
    client: Client = request.getfixturevalue(mode)
    answer = client.spotify("search", q="artist:a", type="track,album", limit=limit)
    assert answer.status == status
    if status == 400:
        assert answer.json == {"error": {"status": 400, "message": "Invalid limit"}}


def test_defaults_and_errors(client: Client, extended: Client) -> None:
    assert client.spotify("search", q="the", type="track").json["tracks"]["limit"] == 5
    assert extended.spotify("search", q="the", type="track").json["tracks"]["limit"] == 20
    assert client.spotify("search", q="a", type="track", offset=1001).status == 400
    assert client.spotify("search", type="track").json["error"]["message"] == "No search query"
    assert client.spotify("search", q="a").status == 400
    assert client.spotify("search", q="a", type="song").status == 400
    assert client.spotify("search", q="a" * 251, type="track").status == 400
    assert client.spotify("search", q="a", type="track", market="Mars").status == 400


def test_fields_of_the_modes(client: Client, extended: Client) -> None:
    track = next(track for track in client.world.tracks if track.song.on_spotify)
    bare, full = (each.spotify(f"tracks/{track.spotify_id}").json for each in (client, extended))
    assert bare["id"] == full["id"] == track.spotify_id
    assert "external_ids" in bare, "kept in development mode"
    assert not {"popularity", "available_markets", "linked_from"} & set(bare)
    assert {"popularity", "available_markets"} <= set(full)
    assert not {"album_group", "available_markets", "label", "popularity"} & set(bare["album"])
    album = track.album.spotify_id
    assert "label" not in client.spotify(f"albums/{album}").json
    assert extended.spotify(f"albums/{album}").json["label"] == track.album.label
    listed = client.spotify(f"albums/{album}/tracks").json["items"]
    assert listed
    assert not any("external_ids" in each or "album" in each for each in listed)


@pytest.mark.parametrize("kind", ["tracks", "albums"])
def test_several_at_once_is_gone_in_development_mode(client: Client, extended: Client, kind: str) -> None:
    track = next(track for track in client.world.tracks if track.song.on_spotify)
    things = {"tracks": track.spotify_id, "albums": track.album.spotify_id}
    ids = f"{things[kind]},{'0' * 22}"
    assert client.spotify(kind, ids=ids).json == {"error": {"status": 403, "message": "Forbidden"}}
    found = extended.spotify(kind, ids=ids).json[kind]
    assert found[0]["id"] == things[kind]
    assert found[1] is None


def test_artist_albums(client: Client, extended: Client) -> None:
    artist = client.world.heard[0].artist
    page = client.spotify(f"artists/{artist.spotify_id}/albums").json
    assert page["limit"] == 5
    assert "album_group" not in page["items"][0]
    assert client.spotify(f"artists/{artist.spotify_id}/albums", limit=11).status == 400
    assert "album_group" in extended.spotify(f"artists/{artist.spotify_id}/albums", limit=50).json["items"][0]


def test_what_is_not_there(client: Client) -> None:
    assert client.spotify("tracks/0000000000000000000000").status == 404
    assert client.spotify("tracks/short").status == 400
    absent = next(track for track in client.world.tracks if not track.song.on_spotify)
    assert client.spotify(f"tracks/{absent.spotify_id}").status == 404


def test_filters(client: Client) -> None:
    song = next(
        song for song in client.world.heard
        if song.on_spotify and song.original.isrc and len({track.album.year for track in song.tracks}) > 1
    )  # fmt: skip
    isrc = plain_isrc(song.original.isrc)
    by_isrc = client.search(f"isrc:{isrc}")
    assert by_isrc
    assert {plain_isrc(track["external_ids"]["isrc"]) for track in by_isrc} == {isrc}
    year = song.original.album.year
    by_year = client.search(f'artist:"{song.artist.name}" track:"{song.title}" year:{year}')
    assert by_year
    assert {track["album"]["release_date"][:4] for track in by_year} == {str(year)}
    by_album = client.search(f'artist:"{song.artist.name}" album:"{song.original.album.title}"')
    assert song.original.spotify_id in {track["id"] for track in by_album}
    assert client.search(f'artist:"{song.artist.name}" year:1800-1900') == []
    assert client.search('artist:"Nobody Of This Name Ever" track:"Nothing Of The Kind"') == []
    assert client.search(f"upc:{song.original.album.upc}") == []
    by_upc = client.spotify("search", q=f"upc:{song.original.album.upc}", type="album", limit=10).json["albums"][
        "items"
    ]
    assert [album["name"] for album in by_upc] == [song.original.album.title]
    albums = client.spotify("search", q=f'artist:"{song.artist.name}"', type="track,album", limit=10).json
    assert albums["albums"]["items"]
    assert albums["tracks"]["items"]
