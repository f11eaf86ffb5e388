"""Spotify's objects as they travel, with the fields an individual's key no longer gets left out.

`abroad`: as they are outside `HOME`, under the ids they have there.
"""

from functools import lru_cache
from typing import Any
from urllib.parse import urlencode

from .exchange import encode
from .world.model import ABROAD, HOME, Album, Artist, Track

_API = "https://api.spotify.com/v1"
_OPEN = "https://open.spotify.com"
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

    def _simple_album(self, album: Album, abroad: bool) -> dict[str, Any]:
        own = id_of(album, abroad)
        found: dict[str, Any] = {
            "album_type": album.kind,
            "artists": [self.simple_artist(artist) for artist in album.artists],
            "available_markets": _markets(album, abroad),
            "external_urls": {"spotify": f"{_OPEN}/album/{own}"},
            "href": f"{_API}/albums/{own}",
            "id": own,
            "images": [
                {"height": size, "url": f"https://i.scdn.co/image/ab67616d{size:08x}{album.index:024x}", "width": size}
                for size in (640, 300, 64)
            ],
            "name": album.title,
            "release_date": album.date,
            "release_date_precision": ("year", "month", "day")[album.date.count("-")],
            "total_tracks": len(album.tracks),
            "type": "album",
            "uri": f"spotify:album:{own}",
        }
        if self._development:
            del found["available_markets"]
        return found

    def album_of(self, album: Album, abroad: bool, artist: Artist) -> dict[str, Any]:
        """A simplified album in an artist's list."""
        found = dict(self.simple_album(album, abroad))
        if not self._development:
            found["album_group"] = album.kind if artist in album.artists else "appears_on"
        return found

    def simple_track(self, track: Track, abroad: bool) -> dict[str, Any]:
        own = id_of(track, abroad)
        found: dict[str, Any] = {
            "artists": [self.simple_artist(artist) for artist in track.artists],
            "available_markets": _markets(track, abroad),
            "disc_number": track.disc,
            "duration_ms": track.duration_ms,
            "explicit": track.explicit,
            "external_urls": {"spotify": f"{_OPEN}/track/{own}"},
            "href": f"{_API}/tracks/{own}",
            "id": own,
            "is_local": False,
            "name": track.title,
            "preview_url": None,
            "track_number": track.number,
            "type": "track",
            "uri": f"spotify:track:{own}",
        }
        if self._development:
            del found["available_markets"]
        return found

    def _track_text(self, track: Track, abroad: bool) -> str:
        return encode(self.track(track, abroad))

    def track(self, track: Track, abroad: bool, asked: str | None = None) -> dict[str, Any]:
        """A full track; `asked` is the id that led to it, where a market was named."""
        found = self.simple_track(track, abroad)
        found["album"] = self.simple_album(track.album, abroad)
        found["external_ids"] = {"isrc": track.isrc} if track.isrc else {}
        if not self._development:
            found["popularity"] = track.popularity
        if asked is not None:
            found["is_playable"] = True
            # An individual's key is not told which id it asked for [doc].
            if asked != found["id"] and not self._development:
                found["linked_from"] = {
                    "external_urls": {"spotify": f"{_OPEN}/track/{asked}"},
                    "href": f"{_API}/tracks/{asked}",
                    "id": asked,
                    "type": "track",
                    "uri": f"spotify:track:{asked}",
                }
        return found

    def album(self, album: Album, abroad: bool, tracks: list[Track]) -> dict[str, Any]:
        """A full album with its first tracks."""
        path = f"{_API}/albums/{id_of(album, abroad)}/tracks"
        shown = [self.simple_track(track, abroad) for track in tracks[:TRACKS_A_PAGE]]
        found = dict(self.simple_album(album, abroad))
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


def fame(album: Album) -> int:
    """An album's popularity: that of its best known track."""
    return max((track.popularity for track in album.tracks), default=0)


def id_of(sold: Track | Album, abroad: bool) -> str:
    """The id of a track or an album in one of the two halves of the world."""
    return sold.abroad_id if abroad and sold.abroad_id else sold.spotify_id


def _markets(sold: Track | Album, abroad: bool) -> list[str]:
    if sold.abroad_id is None:
        return sorted((*HOME, *ABROAD))
    return list(ABROAD if abroad else HOME)


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
