"""The items that wait for an answer of Spotify's, and answers that came before their item."""

import asyncio
from collections.abc import Iterator
from dataclasses import dataclass

from timbre_spider.items import Answer
from timbre_spider.planning.pool import Pool
from timbre_spider.planning.want import Want


@dataclass(slots=True)
class Waiting:
    """An item that waits; `known` is what was known of its song before, `found` what still lacks its ISRC."""

    reply: "asyncio.Future[Answer]"
    known: Answer | None = None
    found: Answer | None = None


class WaitingRoom:
    """Items by their songs' keys; a song waits in the pool for as long as its item waits here."""

    def __init__(self, pool: Pool) -> None:
        self._pool = pool
        self._waiting: dict[str, Waiting] = {}
        # What was found for songs whose items are still to come.
        self._early: dict[str, Answer] = {}

    def __bool__(self) -> bool:
        return bool(self._waiting)

    def __iter__(self) -> Iterator[tuple[str, Waiting]]:
        """All that wait now; who is told meanwhile does no harm."""
        return iter(list(self._waiting.items()))

    def get(self, key: str) -> Waiting | None:
        """The item that waits for a song."""
        return self._waiting.get(key)

    def told_before(self, key: str) -> Answer | None:
        """An answer that came before its item, which takes it away."""
        return self._early.pop(key, None)

    def enter(self, want: Want, known: Answer | None) -> "asyncio.Future[Answer]":
        """An item waits from now on."""
        waiting = self._waiting[want.key] = Waiting(asyncio.get_running_loop().create_future(), known)
        self._pool.add(want)
        return waiting.reply

    def keep(self, answer: Answer) -> None:
        """An answer whose item is still to come."""
        self._early[answer.key] = answer

    def tell(self, key: str, told: Answer | Exception) -> None:
        """The end of a song's waiting."""
        self._pool.remove(key)
        waiting = self._waiting.pop(key, None)
        if waiting is None or waiting.reply.done():
            return
        if isinstance(told, Answer):
            waiting.reply.set_result(told)
        else:
            waiting.reply.set_exception(told)
