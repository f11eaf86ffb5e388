"""Load what was spooled while the database was away. Doing it twice does no harm."""

import asyncio
import json
import logging
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from timbre_spider.errors import DatabaseUnreachable
from timbre_spider.items import KnownSong
from timbre_spider.storage.database import Database
from timbre_spider.storage.failure import ERRORS
from timbre_spider.storage.hot_answers import HotAnswers
from timbre_spider.storage.link import Link
from timbre_spider.storage.loader import Loader
from timbre_spider.storage.pending_write import PendingWrite, Status
from timbre_spider.storage.recall import recall
from timbre_spider.storage.spool import lines_of, remove, spooled_files

logger = logging.getLogger(__name__)

# Somebody else may load the same songs meanwhile; each round settles with what is there by then.
_ROUNDS = 5
_BATCH = 500
_STRENGTH = ("isrc:", "spotify:", "hash:")


@dataclass(slots=True)
class ReplayReport:
    """`files` read and removed; `songs`, `answers`, `albums`, `rejects` in them that are in the database now;
    `set_aside` songs it would not take; `damaged` lines that are no write."""

    files: int = 0
    songs: int = 0
    answers: int = 0
    albums: int = 0
    rejects: int = 0
    set_aside: int = 0
    damaged: int = 0


def replay(database: Database, spool_dir: Path, hot: HotAnswers | None = None) -> ReplayReport:
    """Load every file in `spool_dir`, removing each that is in; its answers are `hot` no more. Raises
    DatabaseUnreachable; what is left stays."""
    return asyncio.run(_replay(database, spool_dir, hot))


async def _replay(database: Database, spool_dir: Path, hot: HotAnswers | None) -> ReplayReport:
    report = ReplayReport()
    link = database.link()
    loader = Loader(link, spool_dir / "set_aside", hot)
    try:
        for path in spooled_files(spool_dir):
            writes = _read(path, report)
            for start in range(0, len(writes), _BATCH):
                await _load(writes[start : start + _BATCH], loader, link)
            remove(path)
            report.files += 1
            for write in writes:
                setattr(report, write.kind, getattr(report, write.kind) + write.size)
    except DatabaseUnreachable:
        raise
    except ERRORS as error:
        raise DatabaseUnreachable(
            f"The database did not take the spool ({' '.join(str(error).split())[:200]}). "
            f"What is not in yet stays in {spool_dir}; mend the database and repeat `timbre replay`."
        ) from None
    finally:
        await loader.close()
    for kind, rows in loader.set_aside.items():
        setattr(report, kind, getattr(report, kind) - rows)
    report.set_aside = loader.set_aside["songs"]
    return report


def _read(path: Path, report: ReplayReport) -> list[PendingWrite]:
    writes = []
    for line in lines_of(path):
        try:
            writes.append(PendingWrite.from_json(json.loads(line)))
        except (ValueError, KeyError, TypeError, IndexError):
            report.damaged += 1
            logger.warning("A line of %s is damaged and left out: %s", path, line[:200])
    return writes


async def _load(writes: Sequence[PendingWrite], loader: Loader, link: Link) -> None:
    waiting = list(writes)
    for _ in range(_ROUNDS):
        await loader.load(waiting)
        contested = [write for write in waiting if write.receipt.result().status is Status.CONTESTED]
        if not contested:
            return
        waiting = [_unsettled(write) for write in contested]
        known = await recall(link, {key for write in waiting for key in _keys(write)})
        for write in waiting:
            _settle_identity(write, known.songs)
    raise DatabaseUnreachable("Songs of the spool are contested without end: stop the other workers and repeat.")


def _settle_identity(write: PendingWrite, owners: dict[str, KnownSong]) -> None:
    """Identity as it is now, without judging names: the holder of the song's name key is the song; keys that others
    hold by now stay with them; nothing is absorbed or taken."""
    song_id, canonical_id, keys, _, _, *rest = write.rows[0]
    holder = next((owners[key] for key in keys if key.startswith("hash:") and key in owners), None)
    own = str(holder.song_id) if holder else song_id
    keys = [key for key in keys if key not in owners or str(owners[key].song_id) == own]
    if canonical_id not in keys:
        canonical_id = min(keys, key=_strength)
    write.rows = [(own, canonical_id, keys, [], [], *rest)]


def _keys(write: PendingWrite) -> list[str]:
    keys: list[str] = write.rows[0][2]
    return keys


def _strength(key: str) -> int:
    return next(at for at, kind in enumerate(_STRENGTH) if key.startswith(kind))


def _unsettled(write: PendingWrite) -> PendingWrite:
    return PendingWrite(write.kind, write.rows, write.aliases, write.questions, write.song_id)
