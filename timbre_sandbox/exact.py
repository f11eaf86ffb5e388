"""Finds tracks and albums by the very words of their names: no slip is forgiven, and no word may be missing."""

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence

from .queries import Query, Wanted, folded_words
from .world.ids import plain_isrc
from .world.model import Album, Track, World


class Names:
    """Things by the words of their names."""

    def __init__(self, named: Iterable[tuple[int, str]]) -> None:
        self._having: dict[str, list[int]] = defaultdict(list)
        self._texts: dict[int, str] = {}
        for index, name in named:
            words = folded_words(name)
            self._texts[index] = f" {' '.join(words)} "
            for word in set(words):
                self._having[word].append(index)

    def having(self, word: str) -> Sequence[int]:
        return self._having.get(word, ())

    def text(self, index: int) -> str:
        """The folded words of a name, with a space on both sides of each."""
        return self._texts[index]

    def find(self, wanted: Wanted) -> set[int]:
        """The things with all the words; in order where that is wanted."""
        lists = sorted((self.having(word) for word in set(wanted.words)), key=len)
        if not lists:
            return set()
        found = set(lists[0]).intersection(*lists[1:])
        if not wanted.in_order or len(wanted.words) == 1:
            return found
        phrase = f" {' '.join(wanted.words)} "
        return {index for index in found if phrase in self._texts[index]}


class Exact:
    """Tracks and albums of a world by the filters and free words of a query; what it finds are indexes."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._titles = Names((track.index, track.title) for track in world.tracks)
        self._albums = Names((album.index, album.title) for album in world.albums)
        self._artists = Names((artist.index, artist.name) for artist in world.artists)
        self._isrcs: dict[str, list[int]] = defaultdict(list)
        for track in world.tracks:
            if isrc := plain_isrc(track.isrc):
                self._isrcs[isrc].append(track.index)

    def isrc(self, isrc: str) -> list[int]:
        """Tracks with the ISRC, however it is written."""
        return self._isrcs.get(re.sub(r"[^A-Z0-9]", "", isrc.upper()), [])

    def title_is(self, track: Track, wanted: Wanted) -> bool:
        """Whether the wanted words are the whole title."""
        return self._titles.text(track.index) == f" {' '.join(wanted.words)} "

    def tracks(self, query: Query) -> set[int]:
        """The tracks all filters and all free words hold for; filters for albums alone find none."""
        found = [self._by_field(field, query.text(field) or "", wanted) for field, wanted in query.fields]
        found += [self._about(wanted) for wanted in query.free]
        return set.intersection(*found) if found else set()

    def albums(self, query: Query) -> set[int]:
        """The albums all filters hold for, with a name or an artist that the free words want; filters for tracks alone
        find none."""
        albums = self._world.albums
        found: list[set[int]] = []
        for field, wanted in query.fields:
            text = query.text(field) or ""
            if field == "album":
                found.append(self._albums.find(wanted))
            elif field == "artist":
                found.append({album for artist in self._artists.find(wanted) for album in self._albums_of(artist)})
            elif field == "year":
                found.append({album.index for album in albums if album.year in _years(text)})
            else:
                found.append({album.index for album in albums if field == "upc" and album.upc == text})
        for wanted in query.free:
            hits = [
                {*self._albums.having(word), *(a for one in self._artists.having(word) for a in self._albums_of(one))}
                for word in set(wanted.words)
            ]
            both = set.intersection(*hits) if hits else set()
            phrase = f" {' '.join(wanted.words)} "
            found.append({index for index in both if not wanted.in_order or phrase in self._text_of(albums[index])})
        return set.intersection(*found) if found else set()

    def in_this_order(self, words: tuple[str, ...]) -> set[int]:
        """Tracks whose artist and title, the one before the other, hold the words one behind the other."""
        phrase = f" {' '.join(words)} "
        found = set()
        for index in self._about(Wanted(words, False)):
            title = self._titles.text(index)
            for artist in self._world.tracks[index].artists:
                name = self._artists.text(artist.index)
                if phrase in name + title[1:] or phrase in title + name[1:]:
                    found.add(index)
        return found

    def _by_field(self, field: str, text: str, wanted: Wanted) -> set[int]:
        """Tracks that a filter lets through [docs: `upc` and `tag` are for albums, `isrc` and `track` for tracks]."""
        tracks, albums = self._world.tracks, self._world.albums
        if field == "track":
            return self._titles.find(wanted)
        if field == "artist":
            return self._by_artists(wanted)
        if field == "album":
            return {track.index for album in self._albums.find(wanted) for track in albums[album].tracks}
        if field == "isrc":
            return set(self.isrc(text))
        if field == "year":
            return {track.index for track in tracks if track.album.year in _years(text)}
        if field == "genre":
            return {track.index for track in tracks if track.song.artist.genre.casefold() == text.casefold()}
        return set()

    def _by_artists(self, wanted: Wanted) -> set[int]:
        """Tracks with an artist of that name; words in any order may be of all artists of a track together."""
        artists = self._world.artists
        found = {track.index for artist in self._artists.find(wanted) for track in artists[artist].tracks}
        if wanted.in_order or len(wanted.words) < 2:
            return found
        several = [set(self._artists.having(word)) for word in set(wanted.words)]
        for artist in min(several, key=len):
            for track in artists[artist].tracks:
                credited = {each.index for each in track.artists}
                if len(credited) > 1 and all(hits & credited for hits in several):
                    found.add(track.index)
        return found

    def _about(self, wanted: Wanted) -> set[int]:
        """Tracks with all words in title, artists and album together; in order where that is wanted."""
        artists, tracks = self._world.artists, self._world.tracks

        def hits(word: str) -> int:
            return sum(len(names.having(word)) for names in (self._titles, self._albums, self._artists))

        rarest = min(wanted.words, key=hits, default="")
        found = {*self._titles.having(rarest)}
        found.update(track.index for artist in self._artists.having(rarest) for track in artists[artist].tracks)
        found.update(track.index for one in self._albums.having(rarest) for track in self._world.albums[one].tracks)
        if wanted.in_order:
            phrase = f" {' '.join(wanted.words)} "
            return {index for index in found if phrase in self._text_about(tracks[index])}
        others = [f" {word} " for word in set(wanted.words) - {rarest}]
        if not others:
            return found
        return {
            index for index in found
            if (text := self._text_about(tracks[index])) and all(word in text for word in others)
        }  # fmt: skip

    def _text_about(self, track: Track) -> str:
        """Title, artists and album; a sign between them, so that no phrase goes over two."""
        artists = "|".join(self._artists.text(artist.index) for artist in track.artists)
        return f"{self._titles.text(track.index)}|{artists}|{self._albums.text(track.album.index)}"

    def _text_of(self, album: Album) -> str:
        return "|".join((self._albums.text(album.index), *(self._artists.text(each.index) for each in album.artists)))

    def _albums_of(self, artist: int) -> set[int]:
        return {album.index for album in self._world.artists[artist].albums}


def _years(text: str) -> range:
    """A year, or the years from one to another."""
    first, _, last = text.partition("-")
    return range(int(first), int(last or first) + 1) if (first + last).isdecimal() else range(0)
