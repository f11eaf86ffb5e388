"""Load writes in one transaction; when a row among them is poison, find it and set it aside."""

import logging
from collections import Counter
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from uuid import UUID

import psycopg

from timbre_spider.storage.failure import ERRORS, FailureKind, RestFailure, kind_of
from timbre_spider.storage.hot_answers import HotAnswers
from timbre_spider.storage.link import Link
from timbre_spider.storage.pending_write import PendingWrite, Receipt, Status
from timbre_spider.storage.spool import spool

logger = logging.getLogger(__name__)


class Loader:
    """Loads through `link`; poisonous writes go into files of `aside`, and their chart rows into `rejects`. Answers
    are `hot` no more."""

    def __init__(self, link: Link, aside: Path, hot: HotAnswers | None = None) -> None:
        self._link = link
        self._aside = aside
        self._hot = hot
        self.set_aside: Counter[str] = Counter()
        """Rows by the kind of their write."""

    async def load(self, writes: Sequence[PendingWrite]) -> None:
        """Settle every write that is not settled yet. Raises what the link raises when the database is gone: the
        writes not settled by then are not stored, as far as anybody knows."""
        writes = [write for write in writes if not write.settled]
        answers = [(row[0], row[1]) for write in writes if write.kind == "answers" for row in write.rows]
        if self._hot is not None and answers:
            # Before and not after: killed in between, nobody would say so.
            self._hot.change(answers)
        while writes:
            try:
                report = await self._link.load(writes)
            except ERRORS as error:
                await self._part(writes, error)
                return
            writes = self._settle(writes, report)

    async def close(self) -> None:
        """Hang up."""
        await self._link.close()

    async def _part(self, writes: Sequence[PendingWrite], error: Exception) -> None:
        """A batch was refused: halve it until what is refused stands alone."""
        failure = kind_of(error)
        if failure is FailureKind.GONE:
            raise error
        if len(writes) > 1:
            middle = len(writes) // 2
            await self.load(writes[:middle])
            await self.load(writes[middle:])
        elif failure is FailureKind.SLOW:
            raise error
        elif writes[0].kind != "songs" and writes[0].size > 1:
            await self.load([PendingWrite(writes[0].kind, [row]) for row in writes[0].rows])
            writes[0].settle(Receipt(Status.STORED))
        else:
            await self._put_aside(writes[0], error)

    async def _put_aside(self, write: PendingWrite, error: Exception) -> None:
        reason = _reason(error)
        logger.warning("One of the %s is set aside: %s", write.kind, reason)
        spool(self._aside, [{**write.as_json(), "reason": reason}])
        self.set_aside[write.kind] += write.size
        if write.kind == "songs":
            # listener, artist, title, name_key, playcount, rank
            rejected = [(*row[:3], min(max(row[4], 0), 2**62), f"database: {reason}") for row in write.aliases]
            with suppress(*ERRORS):
                await self._link.load([PendingWrite("rejects", rejected)])
        write.settle(Receipt(Status.SET_ASIDE, write.song_id, reason=reason))

    def _settle(self, writes: Sequence[PendingWrite], report: dict[str, object]) -> list[PendingWrite]:
        """Receipts for a committed batch; the writes to be loaded once more."""
        new, contested, again = (set(_numbers(report.get(name))) for name in ("new", "contested", "again"))
        moved = report.get("moved")
        ids = {int(n): UUID(song_id) for n, song_id in moved.items()} if isinstance(moved, dict) else {}
        told = report.get("gone")
        gone = {UUID(old): UUID(new) for old, new in told.items()} if isinstance(told, dict) else {}
        for n, write in enumerate(writes):
            if n in again:
                continue
            song_id = ids.get(n, write.song_id)
            while song_id in gone:
                song_id = gone[song_id]
            merged = song_id != write.song_id
            status = Status.CONTESTED if n in contested else Status.MERGED if merged else Status.STORED
            write.settle(Receipt(status, song_id, n in new, gone=tuple(gone)))
        return [writes[n] for n in sorted(again)]


def _numbers(value: object) -> list[int]:
    return value if isinstance(value, list) else []


def _reason(error: Exception) -> str:
    told: str | None = None
    if isinstance(error, psycopg.Error):
        told = error.diag.message_primary
    elif isinstance(error, RestFailure):
        told = error.told
    return (told or str(error) or type(error).__name__)[:300]
