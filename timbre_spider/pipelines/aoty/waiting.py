"""The albums that wait for a page of Album of the Year, and those that come."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field

from timbre_spider.items import Answer, AotyAlbum, Outcome
from timbre_spider.pipelines.aoty.wanted import Wanted
from timbre_spider.planning.album_pages import AlbumPool
from timbre_spider.planning.album_want import AlbumWant

# Seconds that a page waits for albums the database is still asked about.
_MOMENT = 1.0


@dataclass(slots=True)
class Waiting:
    """`held` is what the catalogue has of the artist; `reply` is told the answer, or None: look what is known by now;
    `gone`: addresses that turned out to be no page of the album."""

    wanted: Wanted
    held: Sequence[AotyAlbum]
    reply: "asyncio.Future[Answer | None]"
    gone: set[str] = field(default_factory=set)


class WaitingRoom:
    """Albums by the keys of their questions; one waits in the pool for as long as it waits here."""

    def __init__(self, pool: AlbumPool) -> None:
        self._pool = pool
        self._waiting: dict[str, Waiting] = {}
        self._coming: dict[str, asyncio.Future[None]] = {}

    def __len__(self) -> int:
        return len(self._waiting)

    def __getitem__(self, key: str) -> Waiting:
        """What waits under the key of an album in the pool."""
        return self._waiting[key]

    def get(self, key: str) -> Waiting | None:
        """What waits under `key`, if anything does."""
        return self._waiting.get(key)

    def comes(self, key: str, plays: int) -> None:
        """A song of an album: one that waits, or that may do so soon."""
        if want := self._pool.get(key):
            want.plays += plays
        elif key not in self._coming:
            self._coming[key] = asyncio.get_running_loop().create_future()

    def has_come(self, key: str) -> None:
        """It waits, or does not need to."""
        if coming := self._coming.pop(key, None):
            coming.set_result(None)

    async def gather(self) -> None:
        """Returns when those that come have come, or after a moment: they are planned for together."""
        if self._coming:
            await asyncio.wait(self._coming.values(), timeout=_MOMENT)

    def enter(self, wanted: Wanted, want: AlbumWant, held: Sequence[AotyAlbum]) -> "asyncio.Future[Answer | None]":
        """An album waits from now on."""
        waiting = self._waiting[want.key] = Waiting(wanted, held, asyncio.get_running_loop().create_future())
        self._pool.add(want)
        self.has_come(want.key)
        return waiting.reply

    def tell(self, key: str, told: Answer | Exception | None) -> None:
        """The end of an album's waiting."""
        waiting = self._waiting.pop(key, None)
        if waiting is None:
            return
        self._pool.remove(key, found=isinstance(told, Answer) and told.outcome is Outcome.FOUND)
        if waiting.reply.done():
            return
        if isinstance(told, Exception):
            waiting.reply.set_exception(told)
        else:
            waiting.reply.set_result(told)

    def tell_all(self, told: Exception) -> None:
        """The end for all."""
        for key in list(self._waiting):
            self.tell(key, told)
