"""What calls of a kind bring: learned from those made, beginning with a prior."""

from collections import defaultdict
from collections.abc import Iterable
from typing import Any

from timbre_spider.planning.calls import Group, Kind

# As many songs at stake in calls made weigh as much as the prior.
_PRIOR_WEIGHT = 12.0
# Songs found of the songs at stake, before any call [measured against the sandbox]. Of artists' pages by the number of
# the artist's songs that wait, 5 to 8 for pages after the first; of a song by whether its artist's tracks were looked
# through before, 2 for all; of an album by the songs said to be on it, 3 for a collection, 5 for one of an artist whose
# tracks were looked through, 4 for an album that was looked through itself. Where calls are scarce, of the
# songs that a list of so many tracks shows: 9 for the first page of an artist's tracks, 10 for pages after it; searches
# for an album 1 by the songs said to be on it, for a collection 2, and 3 after a page of the artist's tracks.
_PRIORS: dict[Group, float] = {
    (Kind.ARTIST_PAGE, 1): 0.35,
    (Kind.ARTIST_PAGE, 2): 0.60,
    (Kind.ARTIST_PAGE, 3): 0.70,
    (Kind.ARTIST_PAGE, 4): 0.70,
    (Kind.ARTIST_PAGE, 5): 0.15,
    (Kind.ARTIST_PAGE, 6): 0.15,
    (Kind.ARTIST_PAGE, 7): 0.20,
    (Kind.ARTIST_PAGE, 8): 0.40,
    (Kind.ARTIST_PAGE, 9): 0.90,
    (Kind.ARTIST_PAGE, 10): 0.90,
    (Kind.ALBUM_SEARCH, 0): 0.70,
    (Kind.ALBUM_SEARCH, 1): 0.95,
    (Kind.ALBUM_SEARCH, 2): 0.95,
    (Kind.ALBUM_SEARCH, 3): 0.60,
    (Kind.SONG, 0): 0.85,
    (Kind.SONG, 1): 0.70,
    (Kind.SONG, 2): 0.10,
    (Kind.SONG_IN_WORDS, 0): 0.45,
    (Kind.ALBUM, 0): 0.30,
    (Kind.ALBUM, 1): 0.50,
    (Kind.ALBUM, 2): 0.80,
    (Kind.ALBUM, 3): 0.80,
    (Kind.ALBUM, 5): 0.50,
    (Kind.ALBUM, 4): 0.15,
    # An id that others tell by the song's names.
    (Kind.TRACK, 2): 0.90,
    # These are not learned. A list of albums finds songs by the calls it makes possible: where calls are scarce (1) it
    # is worth most before them. A track's id brings the ISRC of a song that is found already.
    (Kind.ARTIST_ALBUMS, 0): 0.30,
    (Kind.ARTIST_ALBUMS, 1): 1.0,
    (Kind.TRACK, 0): 1.0,
    (Kind.TRACK, 1): 0.4,
}
_NOT_LEARNED = frozenset({(Kind.ARTIST_ALBUMS, 0), (Kind.ARTIST_ALBUMS, 1), (Kind.TRACK, 0), (Kind.TRACK, 1)})


class Yields:
    """Songs found by songs at stake, of each group of calls."""

    def __init__(self) -> None:
        self._hits: dict[Group, float] = defaultdict(float)
        self._stakes: dict[Group, float] = defaultdict(float)

    def of(self, group: Group) -> float:
        """Songs a call of the group finds of each song at stake."""
        prior = _PRIORS.get(group, 0.5)
        return (prior * _PRIOR_WEIGHT + self._hits[group]) / (_PRIOR_WEIGHT + self._stakes[group])

    def learn(self, group: Group, stake: float, hits: float) -> None:
        """A call with so many songs at stake found so many."""
        if group in _NOT_LEARNED:
            return
        self._stakes[group] += stake
        self._hits[group] += hits

    def learned(self) -> list[list[Any]]:
        """What was learned, as plain values."""
        return [[*group, stake, self._hits[group]] for group, stake in self._stakes.items()]

    def recall(self, learned: Iterable[list[Any]]) -> None:
        """Goes on from what another run learned, where nothing is learned yet."""
        if not self._stakes:
            kinds = set(Kind)
            for kind, size, stake, hits in learned:
                if kind in kinds:
                    self.learn((Kind(kind), size), stake, hits)
