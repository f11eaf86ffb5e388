"""A job's chart once it is folded: songs are taken from it, the most played first, and handed out in batches."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace

from timbre_spider.spiders.batches import Artists, Rows, in_batches
from timbre_spider.spiders.job import Job
from timbre_spider.spiders.listener import AlbumsHeard

Handed = tuple[Rows, tuple[int, str, bool], Sequence[str]]
"""A song as a batch holds it: its rows; its artist's songs and spelling in the job, and whether it is played often; its
artist's albums."""


class FoldedChart:
    """`songs` nobody has taken yet, `albums` the listener is known to play; `name_id` tells the identity of a name."""

    def __init__(self, job: Job, songs: list[Rows], albums: AlbumsHeard, name_id: Callable[[str, str], str]) -> None:
        self.job = job
        self._left = songs
        self._artists = Artists(songs)
        self._albums = albums
        self._name_id = name_id

    def take(self, count: int) -> list[Rows]:
        """The next songs, every row with its `name_id`."""
        taken, self._left = self._left[: max(count, 0)], self._left[max(count, 0) :]
        return [[replace(row, name_id=self._name_id(row.artist, row.title)) for row in song] for song in taken]

    def batches(self, songs: Sequence[Rows], size: int) -> Iterator[list[Handed]]:
        """Songs taken, as batches of about `size`."""
        for batch in in_batches(songs, size, artist_of=map(Artists.key_of, songs)):
            yield [self._handed(song) for song in batch]

    def rest(self) -> list[Handed]:
        """What nobody has taken."""
        return list(map(self._handed, self._left))

    def _handed(self, song: Rows) -> Handed:
        return song, self._artists.told_of(song), self._albums.get(Artists.key_of(song), ())
