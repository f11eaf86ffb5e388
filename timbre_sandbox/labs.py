"""ListenBrainz labs: Spotify's ids by names, without Spotify. Experimental, on a host of its own."""

import json
from collections import defaultdict

from .exchange import Reply, Request, as_json
from .metabrainz import folded
from .shares import share
from .world.model import Track, World

# Assumed: how many of Spotify's tracks the index holds, and how often a name leads to another version first.
_INDEXED, _WRONG_VERSION = 0.75, 0.05
_NAMES = ("artist_name", "release_name", "track_name")
# [source] Cut from an artist's name when the whole one finds nothing.
_JOINING = (" ft ", " feat ", " ft. ", " feat. ")


class Labs:
    """POST /spotify-id-from-metadata/json with a list; the three names are all required, `release_name` may be ""."""

    name = "labs"

    def __init__(self, world: World) -> None:
        self._with_album: dict[str, list[Track]] = defaultdict(list)
        self._without: dict[str, list[Track]] = defaultdict(list)
        for song in world.songs:
            if not song.on_spotify:
                continue
            for track in song.tracks:
                if share("index", track.index) < _INDEXED:
                    artist, title = folded(song.artist.name), folded(track.title)
                    self._with_album[artist + folded(track.album.title) + title].append(track)
                    self._without[artist + title].append(track)

    def endpoint(self, request: Request) -> str:
        return request.path.strip("/")[:40]

    def answer(self, request: Request) -> Reply:
        if request.method != "POST" or request.path.rstrip("/") != "/spotify-id-from-metadata/json":
            return as_json({"code": 404, "error": "Not Found"}, 404)
        try:
            asked = json.loads(request.body)
        except ValueError:
            return as_json({"code": 400, "error": "Cannot parse JSON document"}, 400)
        if not isinstance(asked, list) or not asked:
            return as_json({"code": 400, "error": "a list of objects is expected"}, 400)
        for each in asked:
            missing = [name for name in _NAMES if not isinstance(each, dict) or not isinstance(each.get(name), str)]
            if missing:
                return as_json({"code": 400, "error": f"{missing[0]}: Field required"}, 400)
        return as_json(
            [{name: each[name] for name in _NAMES} | {"spotify_track_ids": self._ids(each)} for each in asked]
        )

    def _ids(self, asked: dict[str, str]) -> list[str]:
        """The ids, most popular first, of the names with the album or else without it [source]."""
        artist, album, title = (asked[name] for name in _NAMES)
        plain = artist
        for words in _JOINING:
            plain = plain.replace(words, " ")
        credits = tuple(dict.fromkeys((folded(artist), folded(plain))))
        tracks = [track for name in credits for track in self._with_album.get(name + folded(album) + folded(title), ())]
        tracks = tracks or [track for name in credits for track in self._without.get(name + folded(title), ())]
        tracks = sorted(tracks, key=lambda track: -track.popularity)
        if tracks and share("version", tracks[0].song.index) < _WRONG_VERSION:
            others = [track for track in tracks[0].song.tracks if track.variant != tracks[0].variant]
            tracks = others[:1] + tracks
        return list(dict.fromkeys(one for track in tracks for one in track.spotify_ids))
