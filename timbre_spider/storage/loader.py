"""Load units in one transaction; when a row among them is poison, find it and set it aside."""

import logging
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from uuid import UUID

import psycopg

from timbre_spider.storage.failure import ERRORS, Failure, RestFailure, kind_of
from timbre_spider.storage.link import Link
from timbre_spider.storage.spool import spool
from timbre_spider.storage.unit import Receipt, Status, Unit

logger = logging.getLogger(__name__)


class Loader:
    """Loads through `link`; poisonous units go into files of `aside`, and their chart rows into `rejects`."""

    def __init__(self, link: Link, aside: Path) -> None:
        self._link = link
        self._aside = aside
        self.set_aside = 0

    async def load(self, units: Sequence[Unit]) -> None:
        """Settle every unit that is not settled yet. Raises what the link raises when the database is gone: the
        units not settled by then are not stored, as far as anybody knows."""
        units = [unit for unit in units if not unit.settled]
        while units:
            try:
                report = await self._link.load(units)
            except ERRORS as error:
                await self._part(units, error)
                return
            units = self._settle(units, report)

    async def close(self) -> None:
        """Hang up."""
        await self._link.close()

    async def _part(self, units: Sequence[Unit], error: Exception) -> None:
        """A batch was refused: halve it until what is refused stands alone."""
        failure = kind_of(error)
        if failure is Failure.GONE:
            raise error
        if len(units) > 1:
            middle = len(units) // 2
            await self.load(units[:middle])
            await self.load(units[middle:])
        elif failure is Failure.SLOW:
            raise error
        elif units[0].kind != "songs" and units[0].size > 1:
            await self.load([Unit(units[0].kind, [row]) for row in units[0].rows])
            units[0].settle(Receipt(Status.STORED))
        else:
            await self._put_aside(units[0], error)

    async def _put_aside(self, unit: Unit, error: Exception) -> None:
        reason = _reason(error)
        logger.warning("One of the %s is set aside: %s", unit.kind, reason)
        spool(self._aside, [{**unit.as_json(), "reason": reason}])
        self.set_aside += unit.kind == "songs"
        if unit.kind == "songs":
            # listener, artist, title, name_key, playcount, rank
            rejected = [(*row[:3], min(max(row[4], 0), 2**62), f"database: {reason}") for row in unit.aliases]
            with suppress(*ERRORS):
                await self._link.load([Unit("rejects", rejected)])
        unit.settle(Receipt(Status.SET_ASIDE, unit.song_id, reason=reason))

    def _settle(self, units: Sequence[Unit], report: dict[str, object]) -> list[Unit]:
        """Receipts for a committed batch; the units to be loaded once more."""
        new, contested, again = (set(_numbers(report.get(name))) for name in ("new", "contested", "again"))
        moved = report.get("moved")
        ids = {int(n): UUID(song_id) for n, song_id in moved.items()} if isinstance(moved, dict) else {}
        told = report.get("gone")
        gone = {UUID(old): UUID(new) for old, new in told.items()} if isinstance(told, dict) else {}
        for n, unit in enumerate(units):
            if n in again:
                continue
            song_id = ids.get(n, unit.song_id)
            while song_id in gone:
                song_id = gone[song_id]
            merged = song_id != unit.song_id
            status = Status.CONTESTED if n in contested else Status.MERGED if merged else Status.STORED
            unit.settle(Receipt(status, song_id, n in new, gone=tuple(gone)))
        return [units[n] for n in sorted(again)]


def _numbers(value: object) -> list[int]:
    return value if isinstance(value, list) else []


def _reason(error: Exception) -> str:
    told: str | None = None
    if isinstance(error, psycopg.Error):
        told = error.diag.message_primary
    elif isinstance(error, RestFailure):
        told = error.told
    return (told or str(error) or type(error).__name__)[:300]
