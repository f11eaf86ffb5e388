"""A file that takes another's place once it is whole, so that nobody ever reads half of one."""

import os
import shutil
from pathlib import Path
from typing import IO

# A file that loses more than this share of its lines has lost songs; fewer go when songs turn out to be the same.
_MOST_LOST = 0.1


class Replacement:
    """Written beside `target`; `commit` moves it there, `discard` leaves all as it was.

    `append` starts with what the target holds. A target that is no regular file (/dev/stdout, a pipe) is written as
    it is. Raises OSError where the disk does.
    """

    def __init__(self, target: Path, *, append: bool = False) -> None:
        self.target = Path(os.path.realpath(target))
        self._beside = self.target.with_name(f".{self.target.name}.{os.getpid()}.half")
        self._replaces = self.target.is_file()
        if self.target.exists() and not self._replaces:
            self._beside = self.target
        self.target.parent.mkdir(parents=True, exist_ok=True)
        if append and self._replaces:
            shutil.copyfile(self.target, self._beside)
        self.file: IO[bytes] = self._beside.open("ab" if append else "wb")

    def commit(self, *, may_shrink: bool = True) -> Path:
        """Where the file is now: at its target, or, when it would shrink that and may not, as NAME.smaller.EXT."""
        if not self.file.closed:
            self.file.flush()
            if self._beside is not self.target:
                os.fsync(self.file.fileno())
            self.file.close()
        place = self.target
        if self._replaces:
            shutil.copymode(self.target, self._beside)
            if not may_shrink and _lines(self._beside) < (1 - _MOST_LOST) * _lines(self.target):
                place = self.target.with_suffix(f".smaller{self.target.suffix}")
        if self._beside is not self.target:
            self._beside.replace(place)
        return place

    def discard(self) -> None:
        """Nothing was written."""
        self.file.close()
        if self._beside is not self.target:
            self._beside.unlink(missing_ok=True)


def _lines(path: Path) -> int:
    with path.open("rb") as file:
        return sum(chunk.count(b"\n") for chunk in iter(lambda: file.read(1 << 20), b""))
