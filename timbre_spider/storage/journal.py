"""Answers on their way to the database, in a file that outlives the process that was told them.

What is written into a file stays there whoever is killed, so nothing waits for the disk (fsync): a power cut costs what
was not committed. Rejected rows, which tell of a listener, are not written here: the next run meets them again.
"""

import errno
import fcntl
import hashlib
import json
import logging
import os
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager, suppress
from io import FileIO
from pathlib import Path
from typing import Self
from uuid import uuid4

from timbre_spider.storage.database import Database
from timbre_spider.storage.pending_write import PendingWrite

logger = logging.getLogger(__name__)

# A file that has grown so large is written anew, without what is committed by then.
_MOST_BYTES = 2**20
# In seconds: who has not come for a file by then has another ledger, or no database any more.
_KEPT_FOR_OTHERS = 30 * 86_400
_as_json = json.JSONEncoder(separators=(",", ":")).encode


class Journal:
    """What one process was told and has not committed yet, in a file of `folder`, on which it holds a lock while it
    lives. `ledger` tells for which database: another's are left alone for a month."""

    def __init__(self, folder: Path, ledger: str) -> None:
        self._folder = folder
        self._ledger = ledger
        self._file: FileIO | None = None
        self._is_full = False

    @classmethod
    def of(cls, database: Database, folder: Path) -> Self:
        """The journal of what is on its way to `database`. Raises DatabaseUnreachable."""
        seal = bytes.fromhex(database.call("timbre_ledger_seal", {}))
        return cls(folder, hashlib.blake2b(seal, digest_size=8).hexdigest())

    def add(self, writes: Sequence[PendingWrite]) -> None:
        """Keep `writes`. Where the disk takes no more the run goes on without, and says so once."""
        if self._is_full:
            return
        lines = b"".join(_line(write) for write in writes if write.kind != "rejects")
        try:
            self._file = self._file or self._begun()
            if self._file.write(lines) < len(lines):
                raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        except OSError as error:
            self._is_full = True
            logger.warning("%s takes no more (%s): a kill may cost the last answers.", self._folder, error.strerror)

    def keep(self, unsettled: Sequence[PendingWrite]) -> None:
        """Of all that was added only `unsettled` is on its way any more."""
        if self._file is None:
            return
        if not unsettled:
            self._file.truncate(0)
        elif os.fstat(self._file.fileno()).st_size > _MOST_BYTES:
            before, self._file = self._file, None
            self.add(unsettled)
            _remove(before)

    @contextmanager
    def left(self) -> Iterator[list[PendingWrite]]:
        """What others that are gone had on its way; when the block has ended well it is forgotten."""
        with ExitStack() as taken:
            files: list[FileIO] = []
            nobodys: list[FileIO] = []
            for path in sorted(self._folder.glob("*.jsonl*")):
                is_ours = path.match(f"{self._ledger}-*.jsonl")
                try:
                    if not is_ours and time.time() - path.stat().st_mtime < _KEPT_FOR_OTHERS:
                        continue
                    file = taken.enter_context(FileIO(path, "r+"))
                    fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
                except OSError:
                    # Its process lives, or somebody else has taken it.
                    continue
                (files if is_ours else nobodys).append(file)
            yield [write for file in files for line in file.readall().splitlines() for write in _read(line)]
            for file in (*files, *nobodys):
                _remove(file)

    def close(self) -> None:
        """Nothing is on its way any more, and nothing comes."""
        if self._file is not None:
            _remove(self._file)
            self._file = None

    def _begun(self) -> FileIO:
        self._folder.mkdir(parents=True, exist_ok=True)
        return FileIO(str(self._folder / f"{self._ledger}-{uuid4().hex}.jsonl"), "a", opener=_locked)


def _locked(path: str, flags: int) -> int:
    """Opens a new file; who sees it under its name finds it locked."""
    beside = f"{path}.new"
    handle = os.open(beside, flags, 0o600)
    fcntl.flock(handle, fcntl.LOCK_EX)
    os.rename(beside, path)
    return handle


def _remove(file: FileIO) -> None:
    Path(str(file.name)).unlink(missing_ok=True)
    file.close()


def _line(write: PendingWrite) -> bytes:
    return _as_json([write.kind, write.rows]).encode() + b"\n"


def _read(line: bytes) -> Iterator[PendingWrite]:
    """The write of a line; none where a kill cut it off."""
    with suppress(ValueError, KeyError, TypeError):
        kind, rows = json.loads(line)
        yield PendingWrite(kind, rows)
