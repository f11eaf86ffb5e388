"""Songs in portions: whole artists together, the most played first."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import astuple
from typing import Any

from timbre_spider.items import ChartRow, Listens
from timbre_spider.matching.normalise import artist_key

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


def packed(song: Rows) -> list[tuple[Any, ...]]:
    """A song's rows as plain values."""
    return [astuple(row) for row in song]


def unpacked(rows: Iterable[Sequence[Any]]) -> Rows:
    """A song's rows again."""
    return [ChartRow(*(*values, tuple(Listens(*each) for each in listens))) for *values, listens in rows]


class Artists:
    """What a chart says of its artists: how many songs each has, and the spelling of its most played one."""

    def __init__(self, songs: Sequence[Rows]) -> None:
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

    def told_of(self, song: Rows) -> tuple[int, str]:
        """Songs and spelling of the song's artist."""
        key = self.key_of(song)
        return self._songs[key], self._spelling[key]


def plays(song: Rows) -> int:
    """Plays of a folded song under all its spellings."""
    return sum(row.playcount for row in song)
