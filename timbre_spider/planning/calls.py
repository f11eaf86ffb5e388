"""The calls there are, and the kind of endpoint each is counted by."""

from dataclasses import dataclass, field
from enum import StrEnum


class Bucket(StrEnum):
    """Kinds of endpoints: each has a quota of its own [observed]."""

    SEARCH = "search"
    TRACKS = "tracks"
    ALBUMS = "albums"
    ALBUM_TRACKS = "albums/tracks"
    ARTIST_ALBUMS = "artists/albums"


class Kind(StrEnum):
    """Kinds of calls, in the words that a stored reason has for them."""

    ARTIST_PAGE = "a page of the artist's tracks"
    ALBUM_SEARCH = "a search for the album"
    SONG = "a search for the song"
    SONG_IN_WORDS = "a search for the song's words"
    ALBUM = "an album of the artist"
    ARTIST_ALBUMS = "the artist's list of albums"
    TRACK = "its id"


# An album's tracks can be had from two kinds of endpoints: the one with more left is taken.
BUCKETS = {
    Kind.ARTIST_PAGE: (Bucket.SEARCH,),
    Kind.ALBUM_SEARCH: (Bucket.SEARCH,),
    Kind.SONG: (Bucket.SEARCH,),
    Kind.SONG_IN_WORDS: (Bucket.SEARCH,),
    Kind.ALBUM: (Bucket.ALBUMS, Bucket.ALBUM_TRACKS),
    Kind.ARTIST_ALBUMS: (Bucket.ARTIST_ALBUMS,),
    Kind.TRACK: (Bucket.TRACKS,),
}
# Calls for songs that they name, and that alone are told their end.
ALONE = frozenset({Kind.SONG, Kind.SONG_IN_WORDS, Kind.TRACK})

Group = tuple[Kind, int]
"""Calls that bring alike: the kind, and one of its groups (planning/groups.py)."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """A call that could be made: `worth` is what it finds if it finds all of the `stake` songs it is made for."""

    group: Group
    artist: str
    about: str
    worth: float
    stake: float
    page: int = 0

    @property
    def kind(self) -> Kind:
        """The kind of call it is."""
        return self.group[0]


@dataclass(frozen=True, slots=True)
class Call:
    """`about`: an artist key, an album key, songs' keys, an artist id, or albums' ids. `artists`: whose songs it is
    made for. `page` counts from 0. `stakes`: songs it may find, by group; `expected`: what it is expected to find,
    weighed as the choice was."""

    kind: Kind
    bucket: Bucket
    artists: tuple[str, ...]
    about: tuple[str, ...]
    page: int = 0
    stakes: tuple[tuple[Group, float], ...] = field(default=(), compare=False)
    expected: float = field(default=0.0, compare=False)
