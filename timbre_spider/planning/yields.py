"""What calls of a kind bring: learned from those made, beginning with a prior."""

from collections import defaultdict
from collections.abc import Iterable
from typing import Any

from timbre_spider.planning.calls import Group, Kind
from timbre_spider.planning.groups import (
    AlbumList,
    AlbumSearch,
    AlbumTracks,
    ArtistPage,
    SongSearch,
    TrackById,
    WordSearch,
)

# As many songs at stake in calls made weigh as much as the prior.
_PRIOR_WEIGHT = 12.0
# Songs found of the songs at stake, before any call [measured against the sandbox]; of what is asked for as a list, of
# the songs that a list of so many tracks shows.
_PRIORS: dict[Group, float] = {
    (Kind.ARTIST_PAGE, ArtistPage.FOR_ONE): 0.35,
    (Kind.ARTIST_PAGE, ArtistPage.FOR_TWO): 0.60,
    (Kind.ARTIST_PAGE, ArtistPage.FOR_SOME): 0.70,
    (Kind.ARTIST_PAGE, ArtistPage.FOR_MANY): 0.70,
    (Kind.ARTIST_PAGE, ArtistPage.NEXT_FOR_ONE): 0.15,
    (Kind.ARTIST_PAGE, ArtistPage.NEXT_FOR_TWO): 0.15,
    (Kind.ARTIST_PAGE, ArtistPage.NEXT_FOR_SOME): 0.20,
    (Kind.ARTIST_PAGE, ArtistPage.NEXT_FOR_MANY): 0.40,
    (Kind.ARTIST_PAGE, ArtistPage.LIST): 0.90,
    (Kind.ARTIST_PAGE, ArtistPage.NEXT_LIST): 0.90,
    (Kind.ALBUM_SEARCH, AlbumSearch.FOR_ITS_SONGS): 0.70,
    (Kind.ALBUM_SEARCH, AlbumSearch.LIST): 0.95,
    (Kind.ALBUM_SEARCH, AlbumSearch.COLLECTION): 0.95,
    (Kind.ALBUM_SEARCH, AlbumSearch.COLLECTION_AFTER_PAGE): 0.60,
    (Kind.SONG, SongSearch.NONE_SEEN): 0.85,
    (Kind.SONG, SongSearch.SOME_SEEN): 0.70,
    (Kind.SONG, SongSearch.ALL_SEEN): 0.10,
    (Kind.SONG_IN_WORDS, WordSearch.NOT_ALL_SEEN): 0.45,
    (Kind.ALBUM, AlbumTracks.FOR_NONE): 0.30,
    (Kind.ALBUM, AlbumTracks.FOR_ONE): 0.50,
    (Kind.ALBUM, AlbumTracks.FOR_SEVERAL): 0.80,
    (Kind.ALBUM, AlbumTracks.COLLECTION): 0.80,
    (Kind.ALBUM, AlbumTracks.COLLECTION_AFTER_PAGE): 0.50,
    (Kind.ALBUM, AlbumTracks.OTHER_EDITION): 0.15,
    (Kind.TRACK, TrackById.UNPROVEN): 0.90,
}
# What is not learned: a list of albums finds songs by the calls it makes possible, and where calls are scarce it is
# worth most before them; the song of a track's id is known before the call.
_GIVEN: dict[Group, float] = {
    (Kind.ARTIST_ALBUMS, AlbumList.PLENTY): 0.30,
    (Kind.ARTIST_ALBUMS, AlbumList.SCARCE): 1.0,
    (Kind.TRACK, TrackById.KNOWN): 1.0,
    (Kind.TRACK, TrackById.FOR_ISRC): 0.4,
}
# Of calls that nobody measured.
_ANY = 0.5


class Yields:
    """Songs found by songs at stake, of each group of calls."""

    def __init__(self) -> None:
        self._hits: dict[Group, float] = defaultdict(float)
        self._stakes: dict[Group, float] = defaultdict(float)

    def of(self, group: Group) -> float:
        """Songs a call of the group finds of each song at stake."""
        if (given := _GIVEN.get(group)) is not None:
            return given
        prior = _PRIORS.get(group, _ANY)
        return (prior * _PRIOR_WEIGHT + self._hits.get(group, 0)) / (_PRIOR_WEIGHT + self._stakes.get(group, 0))

    def learn(self, group: Group, stake: float, hits: float) -> None:
        """A call with so many songs at stake found so many."""
        if group in _GIVEN:
            return
        self._stakes[group] += stake
        self._hits[group] += hits

    def learned(self) -> list[list[Any]]:
        """What was learned, as plain values."""
        return [[kind, int(group), stake, self._hits[kind, group]] for (kind, group), stake in self._stakes.items()]

    def recall(self, learned: Iterable[list[Any]]) -> None:
        """Goes on from what another run learned, where nothing is learned yet."""
        if not self._stakes:
            kinds = set(Kind)
            for kind, group, stake, hits in learned:
                if kind in kinds:
                    self.learn((Kind(kind), group), stake, hits)
