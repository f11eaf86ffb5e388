"""Pending writes that wait for a line to the database, handed out in batches."""

import asyncio
import time
from contextlib import suppress

from timbre_spider.storage.pending_write import PendingWrite


class Waiting:
    """A batch is due when `batch_size` rows wait, when the first of them has waited `max_wait` s, or at the end.

    Several lines may take from it.
    """

    def __init__(self, batch_size: int, max_wait: float) -> None:
        self.writes: list[PendingWrite] = []
        self._batch_size = batch_size
        self._max_wait = max_wait
        self._rows = 0
        self._first_at = 0.0
        self._some = asyncio.Event()
        self._enough = asyncio.Event()
        self._room = asyncio.Event()
        self._room.set()
        self._closing = False

    def add(self, write: PendingWrite) -> None:
        """Let `write` wait."""
        if not self.writes:
            self._first_at = time.monotonic()
        self.writes.append(write)
        self._rows += write.size
        self._some.set()
        if self._rows >= self._batch_size:
            self._enough.set()
        if self._rows >= 10 * self._batch_size:
            self._room.clear()

    async def room(self) -> None:
        """Returns when few enough wait that more may come."""
        await self._room.wait()

    def hurry(self) -> None:
        """What waits now waits no longer."""
        self._enough.set()

    def close(self) -> None:
        """Nothing waits any more; who takes is told when there is nothing left."""
        self._closing = True
        self._some.set()
        self._enough.set()

    async def take(self) -> list[PendingWrite] | None:
        """The next batch, once it is due; None when it was the last."""
        while self.writes or not self._closing:
            await self._some.wait()
            left = self._first_at + self._max_wait - time.monotonic()
            if left > 0 and not self._enough.is_set():
                with suppress(TimeoutError):
                    await asyncio.wait_for(self._enough.wait(), left)
            # Another line may have taken what this one waited for.
            if self._enough.is_set() or (self.writes and time.monotonic() >= self._first_at + self._max_wait):
                return self._batch()
        return None

    def _batch(self) -> list[PendingWrite]:
        rows = taken = 0
        while taken < len(self.writes) and rows < self._batch_size:
            rows += self.writes[taken].size
            taken += 1
        batch, self.writes = self.writes[:taken], self.writes[taken:]
        self._rows -= rows
        self._room.set()
        self._first_at = time.monotonic()
        if not self._closing:
            if not self.writes:
                self._some.clear()
            if self._rows < self._batch_size:
                self._enough.clear()
        return batch
