"""Songs in portions: whole artists together, the most played first."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence

from timbre_spider.items import ChartRow

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


def plays(song: Rows) -> int:
    """Plays of a folded song under all its spellings."""
    return sum(row.playcount for row in song)
