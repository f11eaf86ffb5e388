"""Batches that found no database: kept in files until `timbre replay` loads them."""

import json
import os
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from itertools import count
from pathlib import Path
from typing import Any

_NUMBERS = count()


def spool(folder: Path, writes: Iterable[dict[str, Any]]) -> Path:
    """Keep `writes`, a JSON line each, into a new file of `folder`; it is whole and on the disk, or not there."""
    folder.mkdir(parents=True, exist_ok=True)
    name = f"{datetime.now(UTC):%Y%m%dT%H%M%S%f}-{os.getpid()}-{next(_NUMBERS):06}.jsonl"
    half = folder / f".{name}.half"
    with half.open("w", encoding="utf-8") as file:
        file.writelines(json.dumps(write, ensure_ascii=False, separators=(",", ":")) + "\n" for write in writes)
        file.flush()
        os.fsync(file.fileno())
    path = half.rename(folder / name)
    _sync(folder)
    return path


def spooled_files(folder: Path) -> list[Path]:
    """The files waiting in `folder`, oldest first."""
    return sorted(folder.glob("*.jsonl"))


def lines_of(path: Path) -> Iterator[str]:
    """The lines of a spool file, a write each."""
    with path.open(encoding="utf-8", errors="replace") as file:
        yield from file


def remove(path: Path) -> None:
    """Forget a file that is loaded, for good."""
    path.unlink(missing_ok=True)
    _sync(path.parent)


def _sync(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
