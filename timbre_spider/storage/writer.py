"""The one way in: songs, answers and rejects, gathered into batches and committed together."""

import asyncio
import logging
import time
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import Self

from timbre_spider.config import Config
from timbre_spider.items import Answer, Reject, Song
from timbre_spider.storage.database import Database
from timbre_spider.storage.failure import ERRORS
from timbre_spider.storage.loader import Loader
from timbre_spider.storage.spool import spool
from timbre_spider.storage.unit import Receipt, Status, Unit

logger = logging.getLogger(__name__)

LONGEST_DELAY = 60.0
# While spooling, the database is tried again this often, in seconds; a server behind a silent firewall costs a
# whole connect timeout each time.
PROBE_EVERY = 30.0
CLOSE_SECONDS = 5.0
_LINES = 2


class Writer:
    """Flushes when `batch_size` rows wait or the first of them has waited `max_wait` s.

    It has two lines to the database, so that one can be filled while the other commits. When the database stays away
    through `retry_attempts` (`retry_delay` s before the first, doubling), batches go into files of `spool_dir` for
    `storage.replay`. `spooled`, `set_aside` and `lost` (no room for a spool either)
    count the songs that are not stored.
    """

    def __init__(
        self,
        database: Database,
        *,
        spool_dir: Path,
        batch_size: int = 500,
        max_wait: float = 0.2,
        retry_attempts: int = 5,
        retry_delay: float = 1.0,
    ) -> None:
        self.spool_dir = spool_dir
        self.spooled = 0
        self.lost = 0
        self._loaders = [Loader(database.link(), spool_dir / "set_aside") for _ in range(_LINES)]
        self._batch_size = batch_size
        self._max_wait = max_wait
        self._retry_attempts = retry_attempts
        self._retry_delay = retry_delay
        self._waiting: list[Unit] = []
        self._rows_waiting = 0
        self._writing: list[list[Unit]] = [[] for _ in self._loaders]
        self._first_at = 0.0
        self._some = asyncio.Event()
        self._enough = asyncio.Event()
        self._room = asyncio.Event()
        self._room.set()
        self._closing = asyncio.Event()
        self._probe_at: float | None = None
        self._tasks: list[asyncio.Task[None]] = []

    @classmethod
    def from_config(cls, database: Database, config: Config) -> Self:
        """The writer as DB_BATCH_SIZE, DB_RETRY_ATTEMPTS, DB_RETRY_DELAY and DATA_DIR say."""
        return cls(
            database,
            spool_dir=config.data_dir / "spool",
            batch_size=config.db_batch_size,
            retry_attempts=config.db_retry_attempts,
            retry_delay=config.db_retry_delay,
        )

    @property
    def set_aside(self) -> int:
        """Songs a row of which the database would not take."""
        return sum(loader.set_aside for loader in self._loaders)

    async def open(self) -> None:
        """Start the tasks that write."""
        if not self._tasks:
            self._tasks = [asyncio.create_task(self._own(line)) for line in range(_LINES)]

    async def store(self, song: Song) -> Receipt:
        """Load `song`; returns when the batch that holds it is committed, or when it cannot be. Never raises for
        what the database does: the receipt tells."""
        unit = Unit.of_song(song)
        self._add(unit)
        return await unit.receipt

    async def record(self, answers: Sequence[Answer]) -> None:
        """Remember `answers`, all or none of them, within a second; returns once queued."""
        if answers:
            await self._room.wait()
            self._add(Unit.of_answers(answers))

    async def reject(self, rejects: Sequence[Reject]) -> None:
        """Remember chart rows that cannot become songs; returns once queued."""
        if rejects:
            await self._room.wait()
            self._add(Unit.of_rejects(rejects))

    async def flush(self) -> None:
        """Returns when all that was given so far is committed, spooled or set aside."""
        receipts = [unit.receipt for unit in self._unsettled() if not unit.receipt.done()]
        self._enough.set()
        if receipts:
            await asyncio.wait(receipts)

    async def close(self, within: float = CLOSE_SECONDS) -> None:
        """Flush and hang up `within` about so many seconds; what the database cannot take by then is spooled."""
        self._closing.set()
        self._some.set()
        self._enough.set()
        if self._tasks:
            _, late = await asyncio.wait(self._tasks, timeout=within)
            for task in late:
                task.cancel()
            if late:
                await asyncio.wait(late, timeout=1)
            self._tasks = []
        self._spool(self._unsettled())
        self._waiting, self._writing = [], [[] for _ in self._loaders]
        for loader in self._loaders:
            with suppress(TimeoutError):
                await asyncio.wait_for(loader.close(), 1)

    def _unsettled(self) -> list[Unit]:
        return [unit for batch in (*self._writing, self._waiting) for unit in batch if not unit.settled]

    def _add(self, unit: Unit) -> None:
        if not self._tasks or self._closing.is_set():
            raise RuntimeError("the writer takes work between open() and close() only")
        if not self._waiting:
            self._first_at = time.monotonic()
        self._waiting.append(unit)
        self._rows_waiting += unit.size
        self._some.set()
        if self._rows_waiting >= self._batch_size:
            self._enough.set()
        if self._rows_waiting >= 10 * self._batch_size:
            self._room.clear()

    def _take(self) -> list[Unit]:
        rows = taken = 0
        while taken < len(self._waiting) and rows < self._batch_size:
            rows += self._waiting[taken].size
            taken += 1
        units, self._waiting = self._waiting[:taken], self._waiting[taken:]
        self._rows_waiting -= rows
        self._room.set()
        self._first_at = time.monotonic()
        if not self._waiting and not self._closing.is_set():
            self._some.clear()
        if self._rows_waiting < self._batch_size and not self._closing.is_set():
            self._enough.clear()
        return units

    async def _own(self, line: int) -> None:
        while self._waiting or not self._closing.is_set():
            await self._some.wait()
            left = self._first_at + self._max_wait - time.monotonic()
            if left > 0 and not self._enough.is_set():
                with suppress(TimeoutError):
                    await asyncio.wait_for(self._enough.wait(), left)
            # The other line may have taken what this one waited for.
            if not self._closing.is_set() and not self._enough.is_set() and not self._due():
                continue
            self._writing[line] = self._take()
            await self._write(self._writing[line], self._loaders[line])
            self._writing[line] = []

    def _due(self) -> bool:
        return bool(self._waiting) and time.monotonic() >= self._first_at + self._max_wait

    async def _write(self, units: list[Unit], loader: Loader) -> None:
        """Load `units`, again and again while the database is away, and spool them in the end."""
        if not units:
            return
        if self._probe_at is not None and time.monotonic() < self._probe_at:
            self._spool(units)
            return
        delay = self._retry_delay
        attempts = 0 if self._probe_at is not None else self._retry_attempts
        for attempt in range(attempts + 1):
            try:
                await loader.load(units)
            except ERRORS as error:
                reason = str(error) or type(error).__name__
            except Exception as error:
                logger.exception("The writer met an error of its own.")
                reason = type(error).__name__
            else:
                self._probe_at = None
                return
            if attempt == attempts or self._closing.is_set():
                break
            logger.warning("The database did not take a batch (%s); trying again in %g s.", _line(reason), delay)
            with suppress(TimeoutError):
                await asyncio.wait_for(self._closing.wait(), delay)
            delay = min(delay * 2, LONGEST_DELAY)
        if self._probe_at is None:
            logger.error(
                "The database is gone (%s). What comes is kept in %s; when it is back: timbre replay",
                _line(reason),
                self.spool_dir,
            )
        self._probe_at = time.monotonic() + PROBE_EVERY
        self._spool(units)

    def _spool(self, units: list[Unit]) -> None:
        left = [unit for unit in units if not unit.settled]
        if not left:
            return
        receipt = Receipt(Status.SPOOLED)
        try:
            spool(self.spool_dir, (unit.as_json() for unit in left))
        except OSError as error:
            logger.error("Neither the database nor %s takes what comes (%s): it is lost.", self.spool_dir, error)
            receipt = Receipt(Status.SET_ASIDE, reason=f"the spool cannot be written: {error}")
        for unit in left:
            if receipt.status is Status.SPOOLED:
                self.spooled += unit.kind == "songs"
            else:
                self.lost += unit.kind == "songs"
            unit.settle(replace(receipt, song_id=unit.song_id))


def _line(text: str) -> str:
    return " ".join(text.split())[:300]
