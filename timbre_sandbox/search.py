"""How the services find tracks and albums by their names: filters, some tolerance, best first.

Assumed, since no service publishes it: a query's words must be in the name, one slip in a longer word is forgiven,
words that only tell the variant (live, remastered, feat., years …) may be missing, and what matches equally well is
ordered by popularity.
"""

import re
from collections import defaultdict
from collections.abc import Callable
from functools import lru_cache

from rapidfuzz import process
from rapidfuzz.distance import OSA

from .coarse import coarse, words_of
from .names_index import Words
from .world.ids import plain_isrc
from .world.model import Album, Track, World

_FILTER = re.compile(
    r'\b(artist|album|track|isrc|year|upc|genre|tag|recording|release):(?:"([^"]*)"|(\S+(?:\s+(?!\w+:)\S+)*))', re.I
)
_JOINERS = frozenset(("feat", "ft", "featuring", "with", "and", "x", "vs"))


def read_query(query: str) -> tuple[dict[str, str], str]:
    """A query's filters by their names, and the free words around them."""
    filters = {
        match[1].lower(): (match[2] if match[2] is not None else match[3]).strip() for match in _FILTER.finditer(query)
    }
    return filters, " ".join(_FILTER.sub(" ", query).replace('"', " ").split())


class Search:
    """Looks things up in the world; `shown` says which tracks the service has."""

    def __init__(self, world: World, shown: Callable[[Track], bool]) -> None:
        self._world = world
        self._shown = shown
        self._artist_words = Words((artist.index, artist.name) for artist in world.artists)
        self._by_name: dict[str, list[int]] = defaultdict(list)
        for artist in world.artists:
            plain = coarse(artist.name)
            self._by_name[plain].append(artist.index)
            if plain.startswith("the "):
                self._by_name[plain[4:]].append(artist.index)
            self._by_name[plain.replace(" ", "")].append(artist.index)
        self._isrcs: dict[str, list[Track]] = defaultdict(list)
        for track in world.tracks:
            isrc = plain_isrc(track.isrc)
            if isrc and shown(track):
                self._isrcs[isrc].append(track)
        self._all_titles: Words | None = None
        self._all_albums: Words | None = None
        self.artists = lru_cache(maxsize=4096)(self._artists)
        self._tracks_of = lru_cache(maxsize=4096)(self._tracks_of_artist)
        self._title_words = lru_cache(maxsize=2048)(self._titles_of_artist)
        self.tracks = lru_cache(maxsize=1024)(self._tracks)
        self.albums = lru_cache(maxsize=1024)(self._albums)

    def isrc(self, isrc: str) -> list[Track]:
        """Tracks with the ISRC, most popular first."""
        wanted = re.sub(r"[^A-Z0-9]", "", isrc.upper())
        return sorted(self._isrcs.get(wanted, ()), key=lambda track: (-track.popularity, track.index))

    def _artists(self, name: str) -> tuple[int, ...]:
        """The artists a name means, best first; several when it joins several names."""
        plain = coarse(name)
        exact = (
            self._by_name.get(plain)
            or self._by_name.get(plain.removeprefix("the "))
            or self._by_name.get(plain.replace(" ", ""))
        )
        if exact:
            return tuple(dict.fromkeys(exact))
        words = plain.split()
        parts: list[int] = []
        start = 0
        while start < len(words):
            for end in range(len(words), start, -1):
                piece = " ".join(words[start:end])
                whole = (start == 0 or words[start - 1] in _JOINERS or parts) and len(piece) > 2
                if whole and piece in self._by_name:
                    parts += self._by_name[piece]
                    start = end - 1
                    break
            start += 1
        if parts and (
            coarse(self._world.artists[parts[0]].name).split()[:1] == words[:1] or len(parts) > 1 or words[-1] == "the"
        ):
            return tuple(dict.fromkeys(parts))
        scores = self._artist_words.match(name)
        if scores:
            return tuple(
                sorted(scores, key=lambda index: (-scores[index], -self._world.artists[index].fame, index))[:5]
            )
        cutoff = 1 if len(plain) < 9 else 2
        near = process.extract(plain, list(self._by_name), scorer=OSA.distance, score_cutoff=cutoff, limit=3)
        return (
            tuple(dict.fromkeys(index for found, _, _ in near for index in self._by_name[found]))
            if len(plain) > 3
            else ()
        )

    def _tracks_of_artist(self, index: int) -> tuple[Track, ...]:
        tracks = [track for track in self._world.artists[index].tracks if self._shown(track)]
        if not tracks:
            # "Various Artists" has albums and no track of its own.
            tracks = [
                track for album in self._world.artists[index].albums for track in album.tracks if self._shown(track)
            ]
        return tuple(sorted(tracks, key=lambda track: (-track.popularity, track.index)))

    def _titles_of_artist(self, index: int) -> Words:
        return Words((track.index, track.title) for track in self._tracks_of(index))

    def _tracks(self, query: str) -> list[Track]:
        """All tracks a query means, best first."""
        filters, free = read_query(query)
        filters.setdefault("track", filters.get("recording", ""))
        filters.setdefault("album", filters.get("release", ""))
        if filters.get("isrc"):
            found = {track.index: 1.0 for track in self.isrc(filters["isrc"])}
            if not filters.get("artist") and not filters["track"]:
                return self._order(self._filtered(found, filters))
        elif filters.get("artist"):
            found = self._by_artist(filters["artist"], filters["track"])
        elif filters["track"]:
            found = self._titles().match(filters["track"])
        elif filters["album"]:
            matched = self._album_words().match(filters["album"])
            found = {
                track.index: score for index, score in matched.items() for track in self._world.albums[index].tracks
            }
        elif free:
            return self._order(self._filtered(self._by_free_words(free), filters))
        else:
            found = {}
        if free and found:
            wanted = set(words_of(free))
            found = {index: score for index, score in found.items() if wanted <= self._words_about(index)}
        return self._order(self._filtered(found, filters))

    def _by_artist(self, name: str, title: str) -> dict[int, float]:
        found: dict[int, float] = {}
        for place, index in enumerate(self.artists(name)):
            matched = (
                self._title_words(index).match(title)
                if title
                else {track.index: 1.0 for track in self._tracks_of(index)}
            )
            for track, score in matched.items():
                own = self._world.tracks[track].song.artist.index == index
                found[track] = max(found.get(track, 0.0), score - 0.02 * place - (0.0 if own else 0.03))
        return found

    def _filtered(self, found: dict[int, float], filters: dict[str, str]) -> dict[int, float]:
        if filters.get("album") and found:
            albums = Words((index, self._world.tracks[index].album.title) for index in found).match(filters["album"])
            found = {index: score * 0.5 + albums[index] * 0.5 for index, score in found.items() if index in albums}
        if filters.get("year"):
            first, _, last = filters["year"].partition("-")
            if first.isdecimal() and (last or first).isdecimal():
                years = range(int(first), int(last or first) + 1)
                found = {
                    index: score for index, score in found.items() if self._world.tracks[index].album.year in years
                }
        return {index: score for index, score in found.items() if self._shown(self._world.tracks[index])}

    def _order(self, found: dict[int, float]) -> list[Track]:
        tracks = self._world.tracks
        order = sorted(found, key=lambda index: (-round(found[index], 2), -tracks[index].popularity, index))
        return [tracks[index] for index in order]

    def _words_about(self, index: int) -> set[str]:
        track = self._world.tracks[index]
        about = " ".join((track.title, track.album.title, *(artist.name for artist in track.artists)))
        return set(words_of(about))

    def _by_free_words(self, free: str) -> dict[int, float]:
        """Words of artist and title in any order: the split into the two that fits best."""
        words = free.replace(" - ", " ").split()
        found: dict[int, float] = {}
        for cut in range(1, len(words)):
            for name, title in ((words[:cut], words[cut:]), (words[cut:], words[:cut])):
                plain = coarse(" ".join(name))
                for artist in self._by_name.get(plain) or self._by_name.get(plain.removeprefix("the ")) or ():
                    for track, score in self._title_words(artist).match(" ".join(title)).items():
                        found[track] = max(found.get(track, 0.0), score)
        if not found:
            found = self._titles().match(free)
            for artist in self._by_name.get(coarse(free), ()):
                found |= {track.index: 0.9 for track in self._tracks_of(artist)}
        return found

    def _titles(self) -> Words:
        if self._all_titles is None:
            self._all_titles = Words((track.index, track.title) for track in self._world.tracks if self._shown(track))
        return self._all_titles

    def _album_words(self) -> Words:
        if self._all_albums is None:
            self._all_albums = Words((album.index, album.title) for album in self._world.albums if self._has(album))
        return self._all_albums

    def _has(self, album: Album) -> bool:
        return any(self._shown(track) for track in album.tracks)

    def _albums(self, query: str) -> list[Album]:
        """All albums a query means, best first."""
        filters, free = read_query(query)
        if filters.get("artist"):
            artists = self.artists(filters["artist"])
            albums = {
                album.index: 1.0 for index in artists for album in self._world.artists[index].albums if self._has(album)
            }
            if filters.get("album") or free:
                albums = Words((index, self._world.albums[index].title) for index in albums).match(
                    filters.get("album") or free
                )
        elif filters.get("track") or filters.get("isrc"):
            albums = {track.album.index: 1.0 for track in self.tracks(query)}
        else:
            albums = dict(self._album_words().match(filters.get("album") or free))
            for artist in self._by_name.get(coarse(free), ()):
                albums |= {album.index: 0.9 for album in self._world.artists[artist].albums if self._has(album)}
        order = sorted(albums, key=lambda index: (-round(albums[index], 2), -fame(self._world.albums[index]), index))
        return [self._world.albums[index] for index in order]


def fame(album: Album) -> int:
    """An album's popularity: that of its best known track."""
    return max((track.popularity for track in album.tracks), default=0)
