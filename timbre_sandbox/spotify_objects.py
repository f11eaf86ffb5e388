"""Spotify's objects as they travel, with the fields an individual's key no longer gets left out."""

from functools import lru_cache
from typing import Any
from urllib.parse import urlencode

from .asgi import encode
from .search import fame
from .world.model import Album, Artist, Track

_API = "https://api.spotify.com/v1"
_OPEN = "https://open.spotify.com"
_MARKETS = ["AU", "BR", "CA", "DE", "ES", "FR", "GB", "JP", "MX", "NL", "SE", "US"]
TRACKS_A_PAGE = 50


class Objects:
    """Full and simplified objects; `development` leaves out what that mode lost in 2026."""

    def __init__(self, development: bool) -> None:
        self._development = development
        self.track_text = lru_cache(maxsize=8192)(self._track_text)
        self.simple_album = lru_cache(maxsize=2048)(self._simple_album)

    def simple_artist(self, artist: Artist) -> dict[str, Any]:
        return {
            "external_urls": {"spotify": f"{_OPEN}/artist/{artist.spotify_id}"},
            "href": f"{_API}/artists/{artist.spotify_id}",
            "id": artist.spotify_id,
            "name": artist.name,
            "type": "artist",
            "uri": f"spotify:artist:{artist.spotify_id}",
        }

    def _simple_album(self, album: Album) -> dict[str, Any]:
        found: dict[str, Any] = {
            "album_type": album.kind,
            "artists": [self.simple_artist(artist) for artist in album.artists],
            "available_markets": _MARKETS,
            "external_urls": {"spotify": f"{_OPEN}/album/{album.spotify_id}"},
            "href": f"{_API}/albums/{album.spotify_id}",
            "id": album.spotify_id,
            "images": [
                {"height": size, "url": f"https://i.scdn.co/image/ab67616d{size:08x}{album.index:024x}", "width": size}
                for size in (640, 300, 64)
            ],
            "name": album.title,
            "release_date": album.date,
            "release_date_precision": ("year", "month", "day")[album.date.count("-")],
            "total_tracks": len(album.tracks),
            "type": "album",
            "uri": f"spotify:album:{album.spotify_id}",
        }
        if self._development:
            del found["available_markets"]
        return found

    def album_of(self, album: Album, artist: Artist) -> dict[str, Any]:
        """A simplified album in an artist's list."""
        found = dict(self.simple_album(album))
        if not self._development:
            found["album_group"] = album.kind if artist in album.artists else "appears_on"
        return found

    def simple_track(self, track: Track) -> dict[str, Any]:
        found: dict[str, Any] = {
            "artists": [self.simple_artist(artist) for artist in track.artists],
            "available_markets": _MARKETS,
            "disc_number": 1,
            "duration_ms": track.duration_ms,
            "explicit": track.explicit,
            "external_urls": {"spotify": f"{_OPEN}/track/{track.spotify_id}"},
            "href": f"{_API}/tracks/{track.spotify_id}",
            "id": track.spotify_id,
            "is_local": False,
            "name": track.title,
            "preview_url": None,
            "track_number": track.number,
            "type": "track",
            "uri": f"spotify:track:{track.spotify_id}",
        }
        if self._development:
            del found["available_markets"]
        return found

    def _track_text(self, track: Track) -> str:
        return encode(self.track(track))

    def track(self, track: Track) -> dict[str, Any]:
        found = self.simple_track(track)
        found["album"] = self.simple_album(track.album)
        found["external_ids"] = {"isrc": track.isrc} if track.isrc else {}
        if not self._development:
            found["popularity"] = track.popularity
        return found

    def album(self, album: Album, tracks: list[Track]) -> dict[str, Any]:
        """A full album with its first tracks."""
        path = f"{_API}/albums/{album.spotify_id}/tracks"
        shown = [self.simple_track(track) for track in tracks[:TRACKS_A_PAGE]]
        found = dict(self.simple_album(album))
        found |= {
            "copyrights": [{"text": f"(P) {album.year} {album.label}", "type": "P"}],
            "external_ids": {"upc": album.upc},
            "genres": [],
            "label": album.label,
            "popularity": fame(album),
            "tracks": page_of(path, {}, shown, 0, TRACKS_A_PAGE, len(tracks)),
        }
        if self._development:
            del found["label"], found["popularity"]
        return found


def page_of(path: str, asked: dict[str, str], shown: list[Any], offset: int, limit: int, total: int) -> dict[str, Any]:
    """Spotify's page object round the items of one page."""

    def address(start: int) -> str:
        return f"{path}?{urlencode({**asked, 'offset': start, 'limit': limit})}"

    return {
        "href": address(offset),
        "items": shown,
        "limit": limit,
        "next": address(offset + limit) if offset + limit < total else None,
        "offset": offset,
        "previous": address(max(0, offset - limit)) if offset else None,
        "total": total,
    }
