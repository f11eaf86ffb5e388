"""ListenBrainz: names looked up as recordings, recordings told with their ISRCs."""

import json
from typing import Any

from .asgi import Reply, Request, as_json
from .options import LISTENBRAINZ_TOKEN
from .search import Search
from .weather import Weather
from .world.ids import index_of_mbid, mbid, plain_isrc
from .world.model import Track, World

_MOST_NAMES, _MOST_RECORDINGS = 50, 1000


class ListenBrainz:
    """POST /1/metadata/lookup/ (with a token) and POST /1/metadata/recording/."""

    name = "listenbrainz"

    def __init__(self, world: World, search: Search, weather: Weather) -> None:
        self._world = world
        self._weather = weather
        self._search = search

    def endpoint(self, request: Request) -> str:
        return request.path.strip("/")[:40]

    def answer(self, request: Request) -> Reply:
        path = request.path.rstrip("/")
        if request.method != "POST" or path not in ("/1/metadata/lookup", "/1/metadata/recording"):
            return _error(404, "The requested URL was not found on the server.")
        try:
            asked = json.loads(request.body)
        except ValueError:
            return _error(400, "Cannot parse JSON document")
        if not isinstance(asked, dict):
            return _error(400, "JSON document must be an object")
        if path.endswith("lookup"):
            if request.header(b"authorization") != f"Token {LISTENBRAINZ_TOKEN}":
                return _error(401, "You need to provide an Authorization token.")
            return self._lookup(asked.get("recordings"))
        return self._recordings(asked.get("recording_mbids"))

    def _lookup(self, asked: Any) -> Reply:
        if not isinstance(asked, list) or not asked:
            return _error(400, "recordings must be a list of objects")
        if len(asked) > _MOST_NAMES:
            return _error(400, f"number of recordings cannot exceed {_MOST_NAMES}")
        found = []
        for place, each in enumerate(asked):
            artist, title = str(each.get("artist_name", "")), str(each.get("recording_name", ""))
            if not artist or not title or len(artist) > 250 or len(title) > 250:
                return _error(400, "artist_name and recording_name are needed, of at most 250 characters")
            track = self._find(artist, title)
            found.append(
                {"index": place, "artist_name_arg": artist, "recording_name_arg": title}
                | (_named(track) if track else {})
            )
        return as_json(found, 200, **_LIMITS)

    def _find(self, artist: str, title: str) -> Track | None:
        tracks = self._search.tracks(
            'artist:"{}" recording:"{}"'.format(artist.replace('"', ""), title.replace('"', ""))
        )
        return tracks[0] if tracks else None

    def _recordings(self, asked: Any) -> Reply:
        if not isinstance(asked, list) or not asked:
            return _error(400, "recording_mbids must be a list")
        if len(asked) > _MOST_RECORDINGS:
            return _error(400, f"number of recording mbids cannot exceed {_MOST_RECORDINGS}")
        found = {}
        for one in asked:
            index = index_of_mbid(str(one), 1)
            if index is not None and index < len(self._world.tracks) and self._world.tracks[index].song.on_musicbrainz:
                found[one] = _recording(self._world.tracks[index])
        return as_json(found, 200, **_LIMITS)


_LIMITS = {"X_RateLimit_Limit": "30", "X_RateLimit_Remaining": "29", "X_RateLimit_Reset_In": "10"}


def _error(status: int, message: str) -> Reply:
    return as_json({"code": status, "error": message}, status)


def _named(track: Track) -> dict[str, Any]:
    return {
        "artist_credit_name": track.song.artist.name,
        "artist_mbids": [mbid(2, artist.index) for artist in track.artists],
        "recording_mbid": mbid(1, track.index),
        "recording_name": track.title,
        "release_mbid": mbid(3, track.album.index),
        "release_name": track.album.title,
    }


def _recording(track: Track) -> dict[str, Any]:
    isrc = plain_isrc(track.isrc)
    artist = track.song.artist
    return {
        "artist": {
            "artist_credit_id": artist.index + 1,
            "name": artist.name,
            "artists": [
                {"artist_mbid": mbid(2, each.index), "name": each.name, "join_phrase": ""} for each in track.artists
            ],
        },
        "recording": {
            "name": track.title,
            "length": track.duration_ms,
            "isrcs": [isrc] if isrc else [],
            "first_release_date": track.album.date,
            "rels": [],
        },
        "release": {
            "mbid": mbid(3, track.album.index),
            "name": track.album.title,
            "album_artist_name": track.album.artists[0].name,
            "release_group_mbid": mbid(4, (track.album.original or track.album).index),
            "year": track.album.year,
        },
        "tag": {
            "artist": [{"artist_mbid": mbid(2, artist.index), "count": count, "tag": tag} for tag, count in artist.tags]
        },
    }
