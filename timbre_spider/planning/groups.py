"""Which calls of a kind bring alike: each kind has groups of its own, and their numbers are what is stored."""

from enum import IntEnum
from typing import Self


class ArtistPage(IntEnum):
    """A page of an artist's tracks, by the artist's songs that wait and whether pages were read before. `LIST`: where
    calls are scarce it is taken for what it is, a list that shows some of the artist's tracks."""

    FOR_ONE = 1
    FOR_TWO = 2
    FOR_SOME = 3
    FOR_MANY = 4
    NEXT_FOR_ONE = 5
    NEXT_FOR_TWO = 6
    NEXT_FOR_SOME = 7
    NEXT_FOR_MANY = 8
    LIST = 9
    NEXT_LIST = 10

    @classmethod
    def of(cls, songs: int, *, is_first: bool) -> Self:
        """For so many songs that wait; five are some, more are many."""
        size = 1 + sum(songs > bound for bound in (1, 2, 5))
        return cls(size if is_first else size + cls.FOR_MANY)


class AlbumSearch(IntEnum):
    """A search for an album, for the songs that are said to be on it; where calls are scarce, as a `LIST`."""

    FOR_ITS_SONGS = 0
    LIST = 1
    COLLECTION = 2
    COLLECTION_AFTER_PAGE = 3


class AlbumTracks(IntEnum):
    """The tracks of an album, by how many songs are said to be on it; of a collection of other albums' songs, by
    whether a page of the artist's tracks was read before; `OTHER_EDITION`: of one that was looked through itself."""

    FOR_NONE = 0
    FOR_ONE = 1
    FOR_SEVERAL = 2
    COLLECTION = 3
    OTHER_EDITION = 4
    COLLECTION_AFTER_PAGE = 5


class SongSearch(IntEnum):
    """A search for a song, by how many of its artist's tracks were looked through before."""

    NONE_SEEN = 0
    SOME_SEEN = 1
    ALL_SEEN = 2


class WordSearch(IntEnum):
    """A search for a song's words, by whether all of its artist's tracks were looked through before."""

    NOT_ALL_SEEN = 0
    ALL_SEEN = 1


class AlbumList(IntEnum):
    """An artist's list of albums. It finds songs by the calls it makes possible."""

    PLENTY = 0
    SCARCE = 1


class TrackById(IntEnum):
    """A track's id that is the song's beyond doubt, one of a song that is found and lacks its ISRC, and one that others
    tell by the song's names."""

    KNOWN = 0
    FOR_ISRC = 1
    UNPROVEN = 2
