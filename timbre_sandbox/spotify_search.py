"""Spotify's search: filters are filters, and what they let through comes in an order of Spotify's own."""

from functools import lru_cache
from typing import TypeVar
from zlib import crc32

from .exact import Exact
from .queries import read_query
from .spotify_objects import fame
from .world.model import Album, Track, World

# How far the order strays from popularity: covers and karaoke come between the songs [assumed: how far].
_STRAYS = 30
_VERY_NAME = 12
_MOST = 1000

Sold = TypeVar("Sold", Track, Album)


class SpotifySearch:
    """What a query finds, best first: each thing with whether it is the one sold abroad."""

    def __init__(self, world: World, exact: Exact) -> None:
        self._world = world
        self._exact = exact
        self.tracks = lru_cache(maxsize=1024)(self._tracks)
        self.albums = lru_cache(maxsize=1024)(self._albums)

    def _tracks(self, text: str, abroad: bool | None) -> list[tuple[Track, bool]]:
        query = read_query(text)
        tracks = (self._world.tracks[index] for index in self._exact.tracks(query))
        found = [track for track in tracks if track.song.on_spotify]
        wanted = [wanted for field, wanted in query.fields if field == "track"] or list(query.free)

        def rank(track: Track) -> tuple[int, int]:
            named = _VERY_NAME * any(self._exact.title_is(track, each) for each in wanted)
            return -(track.popularity + named + _strayed(text, track.index)), track.index

        return in_markets(sorted(found, key=rank)[:_MOST], abroad)

    def _albums(self, text: str, abroad: bool | None) -> list[tuple[Album, bool]]:
        query = read_query(text)
        albums = (self._world.albums[index] for index in self._exact.albums(query))
        found = [album for album in albums if any(track.song.on_spotify for track in album.tracks)]
        found.sort(key=lambda album: (-(fame(album) + _strayed(text, album.index)), album.index))
        return in_markets(found[:_MOST], abroad)


def _strayed(text: str, index: int) -> int:
    return crc32(b"%d" % index, crc32(text.encode("utf-8", "replace"))) % _STRAYS


def in_markets(found: list[Sold], abroad: bool | None) -> list[tuple[Sold, bool]]:
    """Each once for the market asked for; without one, once for each id it has."""
    if abroad is not None:
        return [(each, abroad) for each in found]
    return [(each, away) for each in found for away in ((False, True) if each.abroad_id else (False,))][:_MOST]
