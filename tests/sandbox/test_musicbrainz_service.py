"""MusicBrainz's web service: search by phrase, releases with their ISRCs, links to Spotify."""

from typing import Any
from urllib.parse import quote, urlencode

import pytest

from timbre_sandbox.metabrainz import Recording, links_to_spotify, recordings_of
from timbre_sandbox.world.ids import mbid, plain_isrc
from timbre_sandbox.world.model import Album

from .conftest import Answer, Client

pytestmark = pytest.mark.integration


def known(client: Client, isrcs: bool = True) -> Recording:
    return next(
        recording for song in client.world.heard if song.on_musicbrainz and song.kind == "song" and not song.guests
        for recording in recordings_of(song)
        if not recording.comment and bool(recording.isrcs) is isrcs and recording.title.isascii()
    )  # fmt: skip


def ask(client: Client, path: str, **query: object) -> Answer:
    return client.ask("musicbrainz", f"/ws/2/{path}?{urlencode({'fmt': 'json', **query})}")


def search(client: Client, query: str, **more: object) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = ask(client, "recording", query=query, **more).json["recordings"]
    return found


def test_a_search(client: Client) -> None:
    recording = known(client)
    found = search(client, f'recording:"{recording.title}" AND artist:"{recording.credit}"', limit=5)
    first = next(each for each in found if each["id"] == recording.id)
    assert first["artist-credit"][0]["name"] == recording.credit
    assert found[0]["score"] == 100
    assert set(first["isrcs"]) <= {plain_isrc(track.isrc) for track in recording.song.tracks}
    assert {each["title"] for each in first["releases"]} == {track.album.title for track in recording.tracks}


def test_results_have_isrcs_where_there_are_some(client: Client) -> None:
    recording = known(client, isrcs=False)
    found = search(client, f'recording:"{recording.title}" AND artist:"{recording.credit}"', limit=100)
    assert "isrcs" not in next(each for each in found if each["id"] == recording.id)


@pytest.mark.parametrize("tail", [" (Live at Wembley 1986)", " feat. Nobody At All", " - Remastered 2011", " x"])
def test_tails_find_nothing(client: Client, tail: str) -> None:
    recording = known(client)
    assert search(client, f'recording:"{recording.title}{tail}" AND artist:"{recording.credit}"') == []


def test_what_it_lacks(client: Client) -> None:
    song = next(song for song in client.world.heard if not song.on_musicbrainz)
    found = search(client, f'recording:"{song.title}" AND artist:"{song.artist.name}"')
    assert not {mbid(1, track.index) for track in song.tracks} & {each["id"] for each in found}


def test_an_isrc(client: Client) -> None:
    recording = known(client)
    isrc = recording.isrcs[0]
    assert recording.id in {each["id"] for each in ask(client, f"isrc/{isrc}").json["recordings"]}
    assert recording.id in {each["id"] for each in search(client, f"isrc:{isrc} OR isrc:GBAAA0000000")}
    assert ask(client, "isrc/GBAAA0000000").status == 404


@pytest.mark.parametrize(("inc", "told"), [("", False), ("isrcs", True), ("artist-credits+isrcs", True)])
def test_a_recording(client: Client, inc: str, told: bool) -> None:
    recording = known(client)
    answer = client.ask("musicbrainz", f"/ws/2/recording/{recording.id}?inc={inc}&fmt=json").json
    assert answer.get("isrcs", []) == (list(recording.isrcs) if told else [])
    assert ("artist-credit" in answer) is ("artist" in inc)
    assert ask(client, f"recording/{mbid(1, 999_999)}").status == 404


def test_a_release_with_the_isrcs_of_its_recordings(client: Client) -> None:
    """ "/release/{mbid}?inc=recordings+isrcs = all ISRCs of an album in one call"."""
    recording = known(client)
    album = recording.tracks[0].album
    release = ask(client, f"release/{mbid(3, album.index)}", inc="recordings isrcs").json
    (medium,) = release["media"]
    track = next(each for each in medium["tracks"] if each["recording"]["id"] == recording.id)
    assert track["recording"]["isrcs"] == list(recording.isrcs)
    assert medium["track-count"] == len(album.tracks)
    assert "media" not in ask(client, f"release/{mbid(3, album.index)}").json


def which_linked(album: Album) -> str:
    linked = links_to_spotify(album)
    return {0: "none", 1: "home" if album.spotify_id in linked else "abroad", 2: "both"}[len(linked)]


def test_links_to_spotify(client: Client) -> None:
    """ "/ws/2/url?resource=… takes up to 100 URLs a call" [doc]."""
    albums = [album for album in client.world.albums if any(track.song.on_musicbrainz for track in album.tracks)]
    ids = [(each, album) for album in albums for each in (album.spotify_id, album.abroad_id) if each][:100]
    links = {f"https://open.spotify.com/album/{each}": album for each, album in ids}
    resources = "&".join(f"resource={quote(link, safe='')}" for link in links)
    answer = client.ask("musicbrainz", f"/ws/2/url?fmt=json&inc=release-rels&{resources}").json
    told = {url["resource"]: url["relations"][0]["release"]["id"] for url in answer["urls"]}
    linked = {
        link: mbid(3, album.index) for link, album in links.items() if link.split("/")[-1] in links_to_spotify(album)
    }
    assert told == linked
    assert len({url["id"] for url in answer["urls"]}) == len(told)
    assert {"none", "home", "abroad", "both"} == {which_linked(album) for album in albums if album.abroad_id}
    link = next(iter(told))
    assert ask(client, "url", resource=link, inc="release-rels").json["relations"][0]["release"]["id"] == told[link]
    assert "relations" not in ask(client, "url", resource=link).json
    assert ask(client, "url", resource="https://open.spotify.com/album/none").status == 404
    too_many = "&".join(f"resource=https://open.spotify.com/album/{number}" for number in range(101))
    assert client.ask("musicbrainz", f"/ws/2/url?fmt=json&{too_many}").status == 400


@pytest.mark.parametrize(
    ("path", "status"),
    [("/ws/2/recording?query=a", 406), ("/ws/2/recording?fmt=json", 400), ("/ws/2/nothing?fmt=json", 404)],
)
def test_errors(client: Client, path: str, status: int) -> None:
    assert client.ask("musicbrainz", path).status == status


def browsed(client: Client, artist: int, inc: str = "url-rels+release-groups+media") -> list[dict[str, Any]]:
    releases: list[dict[str, Any]] = []
    while True:
        # What is included is parted by a plus as it stands.
        page = client.ask(
            "musicbrainz", f"/ws/2/release?fmt=json&inc={inc}&limit=100&offset={len(releases)}&artist={mbid(2, artist)}"
        ).json
        assert page["release-offset"] == len(releases)
        releases += page["releases"]
        if len(page["releases"]) < 100:
            assert page["release-count"] == len(releases)
            return releases


def test_releases_of_an_artist_with_their_links(client: Client) -> None:
    """Browsed a hundred at a time, each with what it is linked to [source]."""
    artists = [artist for artist in client.world.artists if any(track.song.heard for track in artist.tracks)][:60]
    told = {artist.index: browsed(client, artist.index) for artist in artists}
    links = [
        (artist, relation) for artist in artists for release in told[artist.index] for relation in release["relations"]
    ]
    to_spotify = {url.rpartition("/")[2] for _, each in links if "/album/" in (url := each["url"]["resource"])}
    linked = {one for artist in artists for album in artist.albums for one in links_to_spotify(album)}
    assert linked & to_spotify
    # Some pages are gone, of which some are said to be; other links lead elsewhere.
    there = {one for album in client.world.albums for one in (album.spotify_id, album.abroad_id)}
    assert any(one not in there for one in to_spotify)
    assert {"free streaming", "streaming", "discogs"} == {each["type"] for _, each in links}
    assert {each["ended"] for _, each in links} == {False, True}
    releases = [release for each in told.values() for release in each]
    assert {release["status"] for release in releases} == {"Official", "Bootleg"}
    assert len({release["id"] for release in releases}) > len({release["release-group"]["id"] for release in releases})
    assert all(release["media"][0]["track-count"] for release in releases)
    assert set(browsed(client, artists[0].index, "")[0]) == {"id", "title", "status", "date"}


@pytest.mark.parametrize("artist", ["none", mbid(2, 10**6)])
def test_an_artist_it_does_not_know_has_no_releases(client: Client, artist: str) -> None:
    assert ask(client, "release", artist=artist).status == 404
