"""Songs of the chart whose items are still to come, and who may learn of them before a scarce call is chosen."""

from collections.abc import AsyncIterator, Awaitable, Callable

from timbre_spider.items import ChartRow, Discography, Song

Learn = Callable[[list[list[ChartRow]]], AsyncIterator[Song]]
"""Learns of folded songs, and gives each of which anything is known, with all of it."""
Links = Callable[[str], Awaitable[Discography | None]]
"""What an artist brought out, by its id at MusicBrainz; None where nobody can be asked now."""


class Beforehand:
    """`learn_by`: who learns of songs, `links_by`: who knows albums; None while nobody does."""

    def __init__(self) -> None:
        self.learn_by: Learn | None = None
        self.links_by: Links | None = None
        self._songs: dict[str, list[ChartRow]] = {}

    def add(self, rows: list[ChartRow]) -> None:
        """A song whose item is still to come, its rows with their name ids."""
        self._songs[rows[0].name_id] = rows

    def came(self, key: str) -> None:
        """The song's item is here, with all that is known of it."""
        self._songs.pop(key, None)

    async def learned(self) -> AsyncIterator[Song]:
        """The songs that are still to come and of which something is known; each is learned of once."""
        songs, self._songs = list(self._songs.values()), {}
        if songs and self.learn_by is not None:
            async for song in self.learn_by(songs):
                yield song
