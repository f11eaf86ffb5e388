"""Asking Deezer: an album at a time, for all songs of its artist."""

import asyncio
from collections import OrderedDict
from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, field, replace

from timbre_spider.matching.comparing.choose import Choice, is_certain
from timbre_spider.matching.names.normalise import artist_key
from timbre_spider.pipelines.open.asking import Ask, Remember
from timbre_spider.pipelines.open.match import Match, Wanted, match
from timbre_spider.sources import deezer
from timbre_spider.sources.recording import Recording

# Artists whose tracks stay at hand; those of a chart come together.
_AT_HAND = 500
# Of 100 tracks each: longer albums are collections.
_MOST_PAGES = 3


@dataclass(slots=True)
class _Artist:
    """What was read of an artist, by track; one song at a time asks, so that the next may find itself answered."""

    turn: asyncio.Lock = field(default_factory=asyncio.Lock)
    tracks: dict[str, Recording] = field(default_factory=dict)


class Deezer:
    """Searches a song, then reads its album with all ISRCs; the artist's other songs are looked up there first.

    Search and album `hold` one place behind the gate, which `ask` does not take: when the run is killed, what is asked
    again is what was under way, not what waited between the two.
    """

    def __init__(self, ask: Ask, hold: Callable[[], AbstractAsyncContextManager[None]], base_url: str) -> None:
        self._ask = ask
        self._hold = hold
        self._base_url = base_url
        self._artists: OrderedDict[str, _Artist] = OrderedDict()

    async def find(self, wanted: Wanted, remember: Remember) -> Match | None:
        """The song's track, with its ISRC where it has one."""
        artist = self._artist(artist_key(wanted.artist))
        async with artist.turn:
            found = match(wanted, list(artist.tracks.values()), "an album of its artist")
            if found and _is_sure(found) and found.recording.isrcs:
                return found
            async with self._hold():
                if not (found and _is_sure(found)):
                    found = await self._search(wanted, artist)
                return found and await self._with_isrc(found, artist, remember)

    async def _search(self, wanted: Wanted, artist: _Artist) -> Match | None:
        for form, filtered in ((wanted.forms[0], False), (wanted.forms[-1], True)):
            question = deezer.search_question(self._base_url, form.artist, form.title, filtered=filtered)
            tracks = deezer.read_search(await self._ask("deezer", question))
            for track in tracks:
                artist.tracks.setdefault(track.id, track)
            if found := match(wanted, tracks, f"{form.name}, {'by filters' if filtered else 'free words'}"):
                return found
        return None

    async def _with_isrc(self, found: Match, artist: _Artist, remember: Remember) -> Match:
        album, album_id = found.recording.album, found.recording.album_id
        if album_id is None:
            return found

        async def read() -> list[Recording]:
            tracks: list[Recording] = []
            for _ in range(_MOST_PAGES):
                question = deezer.album_tracks_question(self._base_url, album_id, len(tracks))
                page, more = deezer.read_album_tracks(await self._ask("deezer", question), album, album_id)
                tracks += page
                if not (page and more):
                    break
            return tracks

        tracks = await remember(f"deezer:album:{album_id}", read)
        artist.tracks.update({track.id: track for track in tracks})
        return replace(found, recording=artist.tracks.get(found.recording.id, found.recording))

    def _artist(self, key: str) -> _Artist:
        artist = self._artists.setdefault(key, _Artist())
        self._artists.move_to_end(key)
        if len(self._artists) > _AT_HAND:
            self._artists.popitem(last=False)
        return artist


def _is_sure(found: Match) -> bool:
    return is_certain(Choice(0, found.comparison))
