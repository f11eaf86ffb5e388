"""The albums on the pages of Album of the Year that were read lately, by artist."""

from collections import OrderedDict
from collections.abc import Iterable, Mapping, Set
from dataclasses import dataclass
from datetime import timedelta

from timbre_spider.items import AotyAlbum
from timbre_spider.matching.albums.key import acts_of, artist_part

# Artists whose albums stay at hand; an artist's songs come together.
_AT_HAND = 300
# Where an album stood that its own page told of.
OWN_PAGE = ""


@dataclass(frozen=True, slots=True)
class Lately:
    """An album, how old the page was that told of it, and where it stood."""

    album: AotyAlbum
    age: timedelta
    where: str

    @property
    def is_own_page(self) -> bool:
        """Whether its own page told of it, which alone knows the day."""
        return self.where == OWN_PAGE


class ReadLately:
    """By artist and address; a joint release is with each of its artists."""

    def __init__(self) -> None:
        self._read: OrderedDict[str, dict[str, Lately]] = OrderedDict()

    def of(self, artist: str) -> Mapping[str, Lately]:
        """The artist's albums by address."""
        return self._read.get(artist_part(artist), {})

    def add(self, albums: Iterable[AotyAlbum], age: timedelta, where: str, heard: Set[str]) -> set[str]:
        """What a page told of albums by artists who are `heard`: who they are. An album's own page is believed before
        any other, what has a score before what was there."""
        artists = set()
        for album in albums:
            for artist in acts_of(album.artist) & heard:
                artists.add(artist)
                read = self._read.setdefault(artist, {})
                before, told = read.get(album.url), Lately(album, age, where)
                if before is None or told.is_own_page or (album.user_score is not None and not before.is_own_page):
                    read[album.url] = told
                self._read.move_to_end(artist)
        while len(self._read) > _AT_HAND:
            self._read.popitem(last=False)
        return artists
