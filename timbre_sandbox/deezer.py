"""Deezer's public API: search without ISRCs, tracks and album tracks with them; most errors come as HTTP 200."""

from functools import lru_cache
from typing import Any
from urllib.parse import urlencode

from .clock import Window
from .exact import Exact
from .exchange import Reply, Request, as_json, page_numbers
from .queries import Query, Wanted, read_query
from .weather import Weather
from .world.ids import DEEZER_FIRST, deezer_id, plain_isrc
from .world.model import Album, Track, World

_API = "https://api.deezer.com"
_ALBUM_FIRST = 9_000_000
_WINDOW = 5.0
_A_PAGE, _MOST_A_PAGE = 25, 100


class Deezer:
    """Tracks and albums, and so many requests in 5 seconds as the weather's limit says."""

    name = "deezer"

    def __init__(self, world: World, exact: Exact, weather: Weather) -> None:
        self._world = world
        self._exact = exact
        self._weather = weather
        self._recent = Window(weather.clock, _WINDOW)
        self._matching = lru_cache(maxsize=1024)(self._tracks_matching)

    def endpoint(self, request: Request) -> str:
        parts = request.path.strip("/").split("/")
        if len(parts) > 1 and parts[0] != "search":
            parts[1] = "isrc:{isrc}" if parts[1].startswith("isrc:") else "{id}"
        return "/".join(parts)[:40]

    def answer(self, request: Request) -> Reply:
        if not self._recent.take(self._weather.limit("deezer.5s")):
            return _error(4, "Exception", "Quota limit exceeded")
        trouble = self._trouble(request)
        if trouble is not None:
            return trouble
        match request.path.strip("/").split("/"):
            case ["search"] | ["search", "track"]:
                return self._found(request, "track")
            case ["search", "album"]:
                return self._found(request, "album")
            case ["track", one] if one.startswith("isrc:"):
                tracks = [self._world.tracks[index] for index in self._exact.isrc(one[5:])]
                known = [track for track in tracks if track.song.on_deezer]
                return as_json(_full(known[0])) if known else _no_data()
            case ["track", one] if one.isdecimal():
                index, rest = divmod(int(one) - DEEZER_FIRST, 3)
                if rest or not 0 <= index < len(self._world.tracks) or not self._world.tracks[index].song.on_deezer:
                    return _no_data()
                return as_json(_full(self._world.tracks[index]))
            case ["album", one, *rest] if one.isdecimal() and rest in ([], ["tracks"]):
                return self._album(int(one) - _ALBUM_FIRST, request, bool(rest))
        return as_json({"error": "Not Found"}, 404)

    def _trouble(self, request: Request) -> Reply | None:
        """What the weather answers in place of the service."""
        strikes = self._weather.strikes
        if strikes("deezer.busy", request):
            return _error(700, "Exception", "Service busy")
        if strikes("deezer.error_without_code", request):
            return as_json({"error": {"type": "Exception", "message": "An internal error"}})
        if strikes("deezer.error_as_list", request):
            return as_json({"error": []})
        return None

    def _album(self, index: int, request: Request, tracks_alone: bool) -> Reply:
        shown = self._shown(self._world.albums[index]) if 0 <= index < len(self._world.albums) else []
        if not shown:
            return _no_data()
        album = self._world.albums[index]
        if tracks_alone:
            return self._page(request, [_listed(track) for track in shown])
        # Here the tracks come without their ISRCs [assumed].
        listed = [_short(track) for track in shown]
        return as_json(
            _album(album)
            | {
                "upc": album.upc,
                "label": album.label,
                "nb_tracks": len(shown),
                "duration": sum(track.duration_ms for track in shown) // 1000,
                "artist": _artist(album.artists[0].index, album.artists[0].name),
                "tracks": {"data": listed},
            }
        )

    def _shown(self, album: Album) -> list[Track]:
        return [track for track in album.tracks if track.song.on_deezer]

    def _found(self, request: Request, kind: str) -> Reply:
        wanted = request.query.get("q", "").strip()
        if not wanted:
            return _error(501, "MissingParameterException", "Missing parameters: q")
        tracks = self._matching(wanted)
        form = "deezer.missed_by_words" if not read_query(wanted).fields else "deezer.missed_by_filters"
        found = [track for track in tracks if not self._weather.lasts(form, track.song.key)]
        if kind == "album":
            albums = dict.fromkeys(track.album.index for track in found)
            return self._page(request, [_found_album(self._world.albums[index]) for index in albums])
        return self._page(request, [_short(track) for track in found])

    def _tracks_matching(self, wanted: str) -> list[Track]:
        """The tracks there are with these very words in this order, most popular first."""
        query = read_query(wanted)
        found: set[int] = set()
        if query.fields:
            in_order = tuple((field, Wanted(each.words, True)) for field, each in query.fields)
            found = self._exact.tracks(Query(in_order, query.texts, ()))
        if query.free:
            named = self._exact.in_this_order(tuple(word for each in query.free for word in each.words))
            found = found & named if query.fields else named
        tracks = (self._world.tracks[index] for index in found)
        return sorted(
            (track for track in tracks if track.song.on_deezer), key=lambda track: (-track.popularity, track.index)
        )

    def _page(self, request: Request, items: list[dict[str, Any]]) -> Reply:
        """One page of a list, with the address of the next."""
        query = request.query
        limit, first = page_numbers(query.get("limit"), _A_PAGE), page_numbers(query.get("index"), 0)
        limit, first = min(max(limit or _A_PAGE, 1), _MOST_A_PAGE), max(first or 0, 0)
        answer: dict[str, Any] = {"data": items[first : first + limit], "total": len(items)}
        for name, start in (("prev", first - limit), ("next", first + limit)):
            if 0 <= start < len(items) or (name == "prev" and first):
                answer[name] = f"{_API}{request.path}?{urlencode(query | {'index': str(max(0, start))})}"
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


def _found_album(album: Album) -> dict[str, Any]:
    artist = album.artists[0]
    listed = _album(album) | {"nb_tracks": len(album.tracks), "artist": _artist(artist.index, artist.name)}
    # A search does not tell when an album came out.
    del listed["release_date"]
    return listed


def _artist(index: int, name: str) -> dict[str, Any]:
    number = index + 1000
    return {"id": number, "name": name, "link": f"https://www.deezer.com/artist/{number}", "type": "artist"}


def _short(track: Track) -> dict[str, Any]:
    """A track as search shows it: seconds, and no ISRC."""
    artist = track.song.artist
    number = deezer_id(track)
    base, bracket, version = track.title.partition(" (")
    album = _album(track.album)
    return {
        "id": number,
        "readable": track.index % 37 != 0,
        "title": track.title,
        "title_short": base,
        "title_version": bracket.strip() + version,
        "link": f"https://www.deezer.com/track/{number}",
        "duration": round(track.duration_ms / 1000),
        "rank": track.popularity * 9500 + 50_000,
        "explicit_lyrics": track.explicit,
        "preview": "",
        "artist": _artist(artist.index, artist.name),
        "album": {key: album[key] for key in ("id", "title", "tracklist", "type")},
        "type": "track",
    }


def _listed(track: Track) -> dict[str, Any]:
    """A track of an album's list: with its ISRC, without its album."""
    listed = _short(track) | {
        "isrc": plain_isrc(track.isrc) or "",
        "track_position": track.number,
        "disk_number": track.disc,
    }
    del listed["album"]
    return listed


def _full(track: Track) -> dict[str, Any]:
    album = _album(track.album)
    return _short(track) | {
        "isrc": plain_isrc(track.isrc) or "",
        "track_position": track.number,
        "disk_number": track.disc,
        "release_date": album["release_date"],
        "contributors": [
            {"id": each.index + 1000, "name": each.name, "type": "artist", "role": "Main"} for each in track.artists
        ],
    }
