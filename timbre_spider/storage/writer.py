"""The one way in: songs, answers and rejects, gathered into batches and committed together."""

import asyncio
import logging
import time
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Self

from timbre_spider.config import Config
from timbre_spider.items import Answer, Reject, Sighting, Song
from timbre_spider.storage.database import Database
from timbre_spider.storage.failure import ERRORS
from timbre_spider.storage.hot_answers import HotAnswers
from timbre_spider.storage.journal import Journal
from timbre_spider.storage.loader import Loader
from timbre_spider.storage.pending_write import PendingWrite, Receipt, Status
from timbre_spider.storage.spool import spool
from timbre_spider.storage.waiting import Waiting

logger = logging.getLogger(__name__)

LONGEST_DELAY = 60.0
# While spooling, the database is tried again this often, in seconds; a server behind a silent firewall costs a
# whole connect timeout each time.
PROBE_EVERY = 30.0
CLOSE_SECONDS = 5.0
_SONG_LINES = 2
# Seconds an answer waits for others: what is not committed when a run is killed, the next run asks again.
_ANSWER_WAIT = 0.1


@dataclass(slots=True, eq=False)
class _Line:
    """One connection: takes from `waiting`, loads through `loader`; `writing` is on its way."""

    waiting: Waiting
    loader: Loader
    writing: list[PendingWrite] = field(default_factory=list)


class Writer:
    """Flushes songs when `batch_size` of them wait or the first has waited `max_wait` s.

    Songs have two lines to the database, so that one can be filled while the other commits. Answers and rejects have
    one of their own and hardly wait: behind a batch of songs, its merge would put them at risk too.

    Answers and what pages told of albums are in the `journal`, if there is one, until they are committed.

    When the database stays away through `retry_attempts` (`retry_delay` s before the first, doubling), batches go
    into files of `spool_dir` for `storage.replay`. `spooled`, `set_aside` and `lost` (no room for a spool either)
    count the songs that are not stored.
    """

    def __init__(
        self,
        database: Database,
        *,
        spool_dir: Path,
        hot: HotAnswers | None = None,
        journal: Journal | None = None,
        batch_size: int = 500,
        max_wait: float = 0.2,
        retry_attempts: int = 5,
        retry_delay: float = 1.0,
    ) -> None:
        self.spool_dir = spool_dir
        self.spooled = 0
        self.lost = 0
        self._retry_attempts = retry_attempts
        self._retry_delay = retry_delay
        self._songs = Waiting(batch_size, max_wait)
        self._answers = Waiting(batch_size, min(max_wait, _ANSWER_WAIT))
        self._lines = [
            _Line(waiting, Loader(database.link(), spool_dir / "set_aside", hot))
            for waiting in (*[self._songs] * _SONG_LINES, self._answers)
        ]
        self._journal = journal
        self._closing = asyncio.Event()
        self._probe_at: float | None = None
        self._tasks: list[asyncio.Task[None]] = []

    @classmethod
    def from_config(cls, database: Database, config: Config, hot: HotAnswers | None = None) -> Self:
        """The writer as DB_BATCH_SIZE, DB_RETRY_ATTEMPTS, DB_RETRY_DELAY and DATA_DIR say.

        Raises DatabaseUnreachable.
        """
        spool_dir = config.data_dir / "spool"
        return cls(
            database,
            spool_dir=spool_dir,
            hot=hot,
            journal=Journal.of(database, spool_dir / "uncommitted"),
            batch_size=config.db_batch_size,
            retry_attempts=config.db_retry_attempts,
            retry_delay=config.db_retry_delay,
        )

    @property
    def set_aside(self) -> int:
        """Songs a row of which the database would not take."""
        return sum(line.loader.set_aside["songs"] for line in self._lines)

    async def open(self) -> None:
        """Start the tasks that write; what a killed run had on its way is written first."""
        if self._tasks:
            return
        self._tasks = [asyncio.create_task(self._own(line)) for line in self._lines]
        if self._journal is not None:
            with self._journal.left() as left:
                for write in left:
                    self._answers.add(write)
                await self.flush(songs=False)

    async def store(self, song: Song) -> Receipt:
        """Load `song`; returns when the batch that holds it is committed, or when it cannot be. Never raises for
        what the database does: the receipt tells."""
        write = PendingWrite.of_song(song)
        self._add(self._songs, write)
        return await write.receipt

    async def record(self, answers: Sequence[Answer]) -> None:
        """Remember `answers`, all or none of them, within a moment; returns once queued."""
        if answers:
            await self._answers.room()
            self._add(self._answers, PendingWrite.of_answers(answers))

    async def catalogue(self, sightings: Sequence[Sighting]) -> None:
        """Put what pages told of albums into the catalogue, within a moment; returns once queued."""
        if sightings:
            await self._answers.room()
            self._add(self._answers, PendingWrite.of_albums(sightings))

    async def reject(self, rejects: Sequence[Reject]) -> None:
        """Remember chart rows that cannot become songs; returns once queued."""
        if rejects:
            await self._answers.room()
            self._add(self._answers, PendingWrite.of_rejects(rejects))

    async def flush(self, *, songs: bool = True) -> None:
        """Returns when all that was given so far is committed, spooled or set aside; `songs`: they too."""
        kinds = [self._songs, self._answers] if songs else [self._answers]
        receipts = [write.receipt for write in self._unsettled(kinds) if not write.receipt.done()]
        for waiting in kinds:
            waiting.hurry()
        if receipts:
            await asyncio.wait(receipts)

    async def close(self, within: float = CLOSE_SECONDS) -> None:
        """Flush and hang up `within` about so many seconds; what the database cannot take by then is spooled."""
        self._closing.set()
        self._songs.close()
        self._answers.close()
        if self._tasks:
            _, late = await asyncio.wait(self._tasks, timeout=within)
            for task in late:
                task.cancel()
            if late:
                await asyncio.wait(late, timeout=1)
            self._tasks = []
        self._spool(self._unsettled([self._songs, self._answers]))
        if self._journal is not None:
            self._journal.close()
        for line in self._lines:
            with suppress(TimeoutError):
                await asyncio.wait_for(line.loader.close(), 1)

    def _unsettled(self, kinds: Sequence[Waiting]) -> list[PendingWrite]:
        batches = [line.writing for line in self._lines if line.waiting in kinds] + [
            waiting.writes for waiting in kinds
        ]
        return [write for batch in batches for write in batch if not write.settled]

    def _add(self, waiting: Waiting, write: PendingWrite) -> None:
        if not self._tasks or self._closing.is_set():
            raise RuntimeError("the writer takes work between open() and close() only")
        if self._journal is not None and waiting is self._answers:
            self._journal.add([write])
        waiting.add(write)

    async def _own(self, line: _Line) -> None:
        while (batch := await line.waiting.take()) is not None:
            line.writing = batch
            await self._write(batch, line.loader)
            line.writing = []
            if self._journal is not None and line.waiting is self._answers:
                self._journal.keep(self._answers.writes)

    async def _write(self, writes: list[PendingWrite], loader: Loader) -> None:
        """Load `writes`, again and again while the database is away, and spool them in the end."""
        if not writes:
            return
        if self._probe_at is not None and time.monotonic() < self._probe_at:
            self._spool(writes)
            return
        delay = self._retry_delay
        attempts = 0 if self._probe_at is not None else self._retry_attempts
        for attempt in range(attempts + 1):
            try:
                await loader.load(writes)
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
        self._spool(writes)

    def _spool(self, writes: list[PendingWrite]) -> None:
        left = [write for write in writes if not write.settled]
        if not left:
            return
        receipt = Receipt(Status.SPOOLED)
        try:
            spool(self.spool_dir, (write.as_json() for write in left))
        except OSError as error:
            logger.error("Neither the database nor %s takes what comes (%s): it is lost.", self.spool_dir, error)
            receipt = Receipt(Status.SET_ASIDE, reason=f"the spool cannot be written: {error}")
        for write in left:
            if receipt.status is Status.SPOOLED:
                self.spooled += write.kind == "songs"
            else:
                self.lost += write.kind == "songs"
            write.settle(replace(receipt, song_id=write.song_id))


def _line(text: str) -> str:
    return " ".join(text.split())[:300]
