"""Spotify's accounts service and Web API, in both of its modes as of 2026."""

import base64
import json
from collections import defaultdict
from typing import Any

from .exact import Exact
from .exchange import Reply, Request, as_json, encode, page_numbers
from .faults import LIMITS
from .options import SPOTIFY_CLIENT_ID, SPOTIFY_CLIENT_SECRET
from .spotify_objects import TRACKS_A_PAGE, Objects, page_of
from .spotify_quota import Bucket
from .spotify_search import SpotifySearch, in_markets
from .weather import Weather
from .world.model import HOME, Album, Track, World

_TOKEN = "BQ" + base64.b64encode(b"the sandbox's only access token, good for nothing else").decode().rstrip("=")
_API = "https://api.spotify.com/v1"
_DEEPEST = 1000
_LONGEST_QUERY = 250
_LAPSED = "Active premium subscription required for the owner of the app"
_NO_ITEMS = '"items":[]'


class SpotifyAccounts:
    """The token endpoint: client credentials only."""

    name = "spotify_accounts"

    def __init__(self) -> None:
        pair = f"{SPOTIFY_CLIENT_ID}:{SPOTIFY_CLIENT_SECRET}".encode()
        self._basic = f"Basic {base64.b64encode(pair).decode()}"

    def endpoint(self, request: Request) -> str:
        return "token"

    def answer(self, request: Request) -> Reply:
        if request.path != "/api/token" or request.method != "POST":
            return as_json({"error": "not_found"}, 404)
        form = request.form
        named = (form.get("client_id"), form.get("client_secret")) == (SPOTIFY_CLIENT_ID, SPOTIFY_CLIENT_SECRET)
        if request.header(b"authorization") != self._basic and not named:
            return as_json({"error": "invalid_client", "error_description": "Invalid client"}, 400)
        if form.get("grant_type") != "client_credentials":
            return as_json(
                {"error": "unsupported_grant_type", "error_description": "grant_type must be client_credentials"}, 400
            )
        return as_json({"access_token": _TOKEN, "token_type": "Bearer", "expires_in": 3600})


class Spotify:
    """The Web API in `mode`, development or extended."""

    name = "spotify"

    def __init__(self, world: World, mode: str, exact: Exact, weather: Weather) -> None:
        self._development = mode == "development"
        self._weather = weather
        self._buckets: dict[str, Bucket] = defaultdict(lambda: Bucket(weather.clock))
        self._objects = Objects(self._development)
        self._search = SpotifySearch(world, exact)
        self._tracks = {one: track for track in world.tracks if track.song.on_spotify for one in track.spotify_ids}
        self._albums = {album.spotify_id: album for album in world.albums if any(_shown(album))}
        self._albums |= {album.abroad_id: album for album in self._albums.values() if album.abroad_id}
        self._artists = {artist.spotify_id: artist for artist in world.artists}

    def endpoint(self, request: Request) -> str:
        parts = request.path.strip("/").split("/")[1:]
        if len(parts) > 1:
            parts[1] = "{id}"
        elif parts and "ids" in request.query:
            parts[0] += "?ids"
        return "/".join(parts)[:40] or "none"

    def answer(self, request: Request) -> Reply:
        token = request.header(b"authorization").removeprefix("Bearer ")
        if not token:
            return _error(401, "No token provided")
        if token != _TOKEN:
            return _error(401, "Invalid access token")
        version, *parts = request.path.strip("/").split("/")
        if version != "v1" or not parts or request.method not in ("GET", "HEAD"):
            return _error(404, "Service not found")
        trouble = self._trouble(parts, request)
        if trouble is not None:
            return trouble
        query = request.query
        if (market := query.get("market")) and not (len(market) == 2 and market.isalpha()):
            return _error(400, "Invalid market code")
        match parts:
            case ["search"]:
                return self._found(request)
            case ["tracks"] | ["albums"] | ["artists"]:
                return self._several(parts[0], query)
            case ["tracks", one]:
                track = self._track(one, query)
                return as_json(track) if track else _not_found(one)
            case ["albums", one]:
                album = self._album(one)
                return as_json(album) if album else _not_found(one)
            case ["albums", one, "tracks"]:
                return self._album_tracks(one, query)
            case ["artists", one, "albums"]:
                return self._artist_albums(one, query)
            case ["artists", one]:
                artist = self._artists.get(one)
                return (
                    as_json(self._objects.simple_artist(artist) | {"genres": [], "images": []})
                    if artist
                    else _not_found(one)
                )
        return _error(403, "Forbidden") if self._development else _error(404, "Service not found")

    def _trouble(self, parts: list[str], request: Request) -> Reply | None:
        """What the weather and the quota answer in place of the service."""
        weather = self._weather
        if weather.strikes("spotify.premium_lapsed", request):
            as_text = weather.lasts("spotify.premium_lapsed_as_text", request.path)
            return Reply(_LAPSED.encode(), 403, b"text/plain; charset=utf-8") if as_text else _error(403, _LAPSED)
        limit = f"spotify.{parts[0] if len(parts) < 3 else f'{parts[0]}/{parts[2]}'}"
        counted = self._development and limit in LIMITS
        locked = self._buckets[limit].take(weather.limit(limit)) if counted else None
        if locked is not None:
            body = {"error": {"status": 429, "message": "Too many requests", "reason": "QUOTA_EXCEEDED"}}
            if weather.strikes("spotify.lock_without_retry_after", request):
                return as_json(body, 429)
            return as_json(body, 429, Retry_After=str(round(locked)))
        if weather.strikes("spotify.429", request):
            return as_json({"error": {"status": 429, "message": "API rate limit exceeded"}}, 429, Retry_After="2")
        if weather.strikes("spotify.error_as_text", request):
            return as_json({"error": "Server error"}, 500)
        if weather.strikes("spotify.200_without_json", request):
            return Reply(b"upstream connect error or disconnect/reset before headers", content_type=b"text/plain")
        return None

    def _page(self, query: dict[str, str], default: int, most: int) -> tuple[int, int] | Reply:
        limit, offset = page_numbers(query.get("limit"), default), page_numbers(query.get("offset"), 0)
        if limit is None or not 1 <= limit <= most:
            return _error(400, "Invalid limit")
        if offset is None or not 0 <= offset <= _DEEPEST:
            return _error(400, "Invalid offset")
        return limit, offset

    def _track(self, one: str, query: dict[str, str]) -> dict[str, Any] | None:
        """A track by any of its ids; where a market is named, under the id it has there."""
        track = self._tracks.get(one)
        if track is None:
            return None
        abroad = _abroad(query)
        if abroad is None:
            return self._objects.track(track, one == track.abroad_id)
        return self._objects.track(track, abroad, asked=one)

    def _album(self, one: str) -> dict[str, Any] | None:
        album = self._albums.get(one)
        return self._objects.album(album, one == album.abroad_id, _shown(album)) if album else None

    def _found(self, request: Request) -> Reply:
        query = request.query
        wanted, kinds = query.get("q", "").strip(), query.get("type", "").split(",")
        if not wanted:
            return _error(400, "No search query")
        if len(wanted) > _LONGEST_QUERY:
            return _error(400, f"Query exceeds maximum length of {_LONGEST_QUERY} characters")
        if kinds == [""]:
            return _error(400, "Missing parameter type")
        if not set(kinds) <= {"album", "artist", "playlist", "track", "show", "episode", "audiobook"}:
            return _error(400, "Bad search type field")
        page = self._page(query, *((5, 10) if self._development else (20, 50)))
        if isinstance(page, Reply):
            return page
        limit, offset = page
        asked = {"query": wanted, "type": query["type"]} | ({"market": query["market"]} if "market" in query else {})
        found = []
        for kind in kinds:
            shown, total = self._items(kind, wanted, _abroad(query), slice(offset, offset + limit))
            if shown and self._weather.strikes("spotify.short_page", request):
                del shown[(len(shown) + 1) // 2 :]
            if shown and self._weather.strikes("spotify.null_item", request):
                shown[len(shown) // 2] = "null"
            page_text = encode(page_of(f"{_API}/search", asked, [], offset, limit, total))
            # The objects are written already; only the page round them is new.
            found.append(f'"{kind}s":{page_text.replace(_NO_ITEMS, _NO_ITEMS[:-1] + ",".join(shown) + "]", 1)}')
        return Reply(("{" + ",".join(found) + "}").encode())

    def _items(self, kind: str, wanted: str, abroad: bool | None, part: slice) -> tuple[list[str], int]:
        """Part of what a search finds of one kind, as JSON, and how many there are."""
        if kind == "track":
            tracks = self._search.tracks(wanted, abroad)
            return [self._objects.track_text(*each) for each in tracks[part]], len(tracks)
        if kind == "album":
            albums = self._search.albums(wanted, abroad)
            return [encode(self._objects.simple_album(*each)) for each in albums[part]], len(albums)
        return [], 0

    def _several(self, kind: str, query: dict[str, str]) -> Reply:
        if self._development:
            return _error(403, "Forbidden")
        ids = [one for one in query.get("ids", "").split(",") if one]
        if not ids or len(ids) > (20 if kind == "albums" else 50):
            return _error(400, "Too many ids requested" if ids else "Missing required field: ids")
        shown: list[object] = []
        for one in ids:
            if kind == "tracks":
                shown.append(self._track(one, query))
            elif kind == "albums":
                shown.append(self._album(one))
            else:
                artist = self._artists.get(one)
                shown.append(self._objects.simple_artist(artist) if artist else None)
        return as_json({kind: shown})

    def _album_tracks(self, one: str, query: dict[str, str]) -> Reply:
        album = self._albums.get(one)
        page = self._page(query, 20, TRACKS_A_PAGE)
        if album is None or isinstance(page, Reply):
            return page if isinstance(page, Reply) else _not_found(one)
        limit, offset = page
        tracks, abroad = _shown(album), one == album.abroad_id
        shown = [self._objects.simple_track(track, abroad) for track in tracks[offset : offset + limit]]
        return as_json(page_of(f"{_API}/albums/{one}/tracks", {}, shown, offset, limit, len(tracks)))

    def _artist_albums(self, one: str, query: dict[str, str]) -> Reply:
        artist = self._artists.get(one)
        page = self._page(query, *((5, 10) if self._development else (20, 50)))
        if artist is None or isinstance(page, Reply):
            return page if isinstance(page, Reply) else _not_found(one)
        limit, offset = page
        groups = query.get("include_groups", "album,single,compilation").split(",")
        albums = [album for album in artist.albums if album.kind in groups and album.spotify_id in self._albums]
        albums.sort(key=lambda album: album.date, reverse=True)
        sold = in_markets(albums, _abroad(query))
        shown = [self._objects.album_of(*each, artist) for each in sold[offset : offset + limit]]
        asked: dict[str, str] = {key: text for key, text in query.items() if key in ("include_groups", "market")}
        return as_json(page_of(f"{_API}/artists/{one}/albums", asked, shown, offset, limit, len(sold)))


def _abroad(query: dict[str, str]) -> bool | None:
    """Which half of the world a question is about; None where it names no market."""
    market = query.get("market")
    return market.upper() not in HOME if market else None


def _shown(album: Album) -> list[Track]:
    return [track for track in album.tracks if track.song.on_spotify]


def _error(status: int, message: str) -> Reply:
    return Reply(json.dumps({"error": {"status": status, "message": message}}).encode(), status)


def _not_found(one: str) -> Reply:
    fits = len(one) == 22 and one.isalnum()
    return _error(404, "Resource not found") if fits else _error(400, "Invalid base62 id")
