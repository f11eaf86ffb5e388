"""Songs in portions: whole artists together, the most played first."""

import heapq
import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence

from timbre_spider.items import ChartRow
from timbre_spider.matching.names.normalise import artist_key

# A folded song: its rows, most played first.
Rows = list[ChartRow]


def in_batches(songs: Sequence[Rows], size: int, *, artist_of: Iterable[str]) -> Iterator[list[Rows]]:
    """Batches of about `size` songs, those of the most played artists first.

    An artist's songs stand together; only an artist with more than `size` of them is split. `artist_of` names the
    artist of each song, in their order.
    """
    artists: dict[str, list[Rows]] = defaultdict(list)
    for song, artist in zip(songs, artist_of, strict=True):
        artists[artist].append(song)
    batch: list[Rows] = []
    for artist in sorted(artists, key=lambda each: (-sum(map(plays, artists[each])), each)):
        for song in artists[artist]:
            if len(batch) >= size:
                yield batch
                batch = []
            batch.append(song)
        if len(batch) >= size * 0.8:
            yield batch
            batch = []
    if batch:
        yield batch


# The share of a listener's songs that are worth questions of their own where others go by their artist: they have some
# fifth of the plays.
OFTEN_PLAYED = 0.03


class Artists:
    """What a chart says of its artists: how many songs each has, and the spelling of its most played one; and which of
    the songs are played most."""

    def __init__(self, songs: Sequence[Rows]) -> None:
        self._often = min(heapq.nlargest(math.ceil(len(songs) * OFTEN_PLAYED), map(plays, songs)), default=0)
        self._songs: Counter[str] = Counter()
        self._spelling: dict[str, str] = {}
        for song in songs:
            key = self.key_of(song)
            self._songs[key] += 1
            self._spelling.setdefault(key, song[0].artist)

    @staticmethod
    def key_of(song: Rows) -> str:
        """The artist of a folded song."""
        return artist_key(song[0].artist)

    def told_of(self, song: Rows) -> tuple[int, str, bool]:
        """Songs and spelling of the song's artist, and whether the song is one of the OFTEN_PLAYED."""
        key = self.key_of(song)
        return self._songs[key], self._spelling[key], plays(song) >= self._often


def plays(song: Rows) -> int:
    """Plays of a folded song under all its spellings."""
    return sum(row.playcount for row in song)
