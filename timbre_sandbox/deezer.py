"""Deezer's public API: search without ISRCs, tracks and album tracks with them; errors come as HTTP 200."""

from typing import Any

from .asgi import Reply, Request, as_json, page_numbers
from .clock import Window
from .search import Search
from .weather import Weather
from .world.ids import DEEZER_FIRST, deezer_id, plain_isrc
from .world.model import Album, Track, World

_ALBUM_FIRST = 9_000_000
_WINDOW = 5.0


class Deezer:
    """Tracks and albums, and so many requests in 5 seconds as the weather's limit says."""

    name = "deezer"

    def __init__(self, world: World, search: Search, weather: Weather) -> None:
        self._world = world
        self._search = search
        self._weather = weather
        self._recent = Window(weather.clock, _WINDOW)

    def endpoint(self, request: Request) -> str:
        parts = request.path.strip("/").split("/")
        if len(parts) > 1 and parts[1] != "track":
            parts[1] = "isrc:{isrc}" if parts[1].startswith("isrc:") else "{id}"
        return "/".join(parts)[:40]

    def answer(self, request: Request) -> Reply:
        if not self._recent.take(self._weather.limit("deezer.5s")):
            return _error(4, "Exception", "Quota limit exceeded")
        match request.path.strip("/").split("/"):
            case ["search"] | ["search", "track"]:
                return self._found(request.query)
            case ["track", one] if one.startswith("isrc:"):
                tracks = self._search.isrc(one[5:])
                return as_json(_full(tracks[0])) if tracks else _no_data()
            case ["track", one] if one.isdecimal():
                index, rest = divmod(int(one) - DEEZER_FIRST, 3)
                if rest or not 0 <= index < len(self._world.tracks) or not self._world.tracks[index].song.on_deezer:
                    return _no_data()
                return as_json(_full(self._world.tracks[index]))
            case ["album", one, *rest] if one.isdecimal() and rest in ([], ["tracks"]):
                index = int(one) - _ALBUM_FIRST
                if not 0 <= index < len(self._world.albums):
                    return _no_data()
                album = self._world.albums[index]
                shown = [_listed(track) for track in album.tracks if track.song.on_deezer]
                listed = {"data": shown, "total": len(shown)}
                return as_json(
                    listed if rest else _album(album) | {"tracks": listed, "upc": album.upc, "label": album.label}
                )
        return _error(600, "InvalidQueryException", "Unknown path components : " + request.path)

    def _found(self, query: dict[str, str]) -> Reply:
        wanted = query.get("q", "").strip()
        if not wanted:
            return _error(501, "MissingParameterException", "Missing parameters: q")
        limit, first = page_numbers(query.get("limit"), 25), page_numbers(query.get("index"), 0)
        limit, first = min(max(limit or 25, 1), 100), max(first or 0, 0)
        tracks = self._search.tracks(wanted)
        answer: dict[str, Any] = {
            "data": [_short(track) for track in tracks[first : first + limit]],
            "total": len(tracks),
        }
        if first + limit < len(tracks):
            answer["next"] = f"https://api.deezer.com/search?index={first + limit}"
        return as_json(answer)


def _error(code: int, kind: str, message: str) -> Reply:
    return as_json({"error": {"type": kind, "message": message, "code": code}})


def _no_data() -> Reply:
    return _error(800, "DataException", "no data")


def _album(album: Album) -> dict[str, Any]:
    number = _ALBUM_FIRST + album.index
    return {
        "id": number,
        "title": album.title,
        "link": f"https://www.deezer.com/album/{number}",
        "tracklist": f"https://api.deezer.com/album/{number}/tracks",
        "record_type": album.kind,
        "release_date": album.date if album.date.count("-") == 2 else f"{album.year}-01-01",
        "type": "album",
    }


def _short(track: Track) -> dict[str, Any]:
    """A track as search shows it: seconds, and no ISRC."""
    artist = track.song.artist
    number = deezer_id(track)
    base, bracket, version = track.title.partition(" (")
    album = _album(track.album)
    return {
        "id": number,
        "readable": True,
        "title": track.title,
        "title_short": base,
        "title_version": bracket.strip() + version,
        "link": f"https://www.deezer.com/track/{number}",
        "duration": round(track.duration_ms / 1000),
        "rank": track.popularity * 9500 + 50_000,
        "explicit_lyrics": track.explicit,
        "preview": "",
        "artist": {
            "id": artist.index + 1000,
            "name": artist.name,
            "link": f"https://www.deezer.com/artist/{artist.index + 1000}",
            "type": "artist",
        },
        "album": {key: album[key] for key in ("id", "title", "tracklist", "type")},
        "type": "track",
    }


def _listed(track: Track) -> dict[str, Any]:
    """A track of an album's list: with its ISRC, without its album."""
    listed = _short(track) | {"isrc": plain_isrc(track.isrc) or "", "track_position": track.number, "disk_number": 1}
    del listed["album"]
    return listed


def _full(track: Track) -> dict[str, Any]:
    album = _album(track.album)
    return _short(track) | {
        "isrc": plain_isrc(track.isrc) or "",
        "track_position": track.number,
        "disk_number": 1,
        "release_date": album["release_date"],
        "contributors": [
            {"id": each.index + 1000, "name": each.name, "type": "artist", "role": "Main"} for each in track.artists
        ],
    }
