"""The sandbox's lines in a file of settings, which may be a person's own `.env`: nothing else of it is touched."""

import os
import re
from contextlib import suppress
from io import StringIO
from pathlib import Path

from dotenv import dotenv_values

from timbre_spider.errors import UsageError

BEGIN = "# >>> timbre sandbox: these lines point the pipeline at it; delete them to leave it >>>"
END = "# <<< timbre sandbox <<<"
_BLOCK = re.compile(rf"{re.escape(BEGIN)}.*?{re.escape(END)}\r?\n?", re.S)


def write_env(path: Path, settings: dict[str, str]) -> None:
    """Writes `settings` to `path`, at once and whole, as a block at its end; readable by its owner alone.

    A block written before is replaced; every other byte stays. Raises UsageError when the file holds values of its own
    for any of these names, or cannot be written.
    """
    path = path.resolve()
    try:
        _replace(path, with_block(_text_of(path), settings))
    except _OwnValues as own:
        raise UsageError(
            f"{path} has {own} of its own, and stays as it is: give --write-env another file, "
            "or take these lines out first."
        ) from None
    except OSError as error:
        raise UsageError(
            f"Cannot write {path} ({error.strerror}); give --write-env a file that can be written."
        ) from None


def with_block(text: str, settings: dict[str, str]) -> str:
    """`text` with the sandbox's block at its end, in place of the one before. Raises _OwnValues."""
    kept = _BLOCK.sub("", text)
    values = dotenv_values(stream=StringIO(kept))
    own = [name for name, value in settings.items() if values.get(name) not in (None, "", value)]
    if own:
        raise _OwnValues(", ".join(own))
    if kept and not kept.endswith("\n"):
        kept += "\n"
    lines = [BEGIN, *(f"{name}={value}" for name, value in settings.items()), END]
    return kept + "\n".join(lines) + "\n"


class _OwnValues(Exception):
    """A person's values for the names given."""


def _text_of(path: Path) -> str:
    if not path.exists():
        return ""
    with path.open(encoding="utf-8", errors="surrogateescape", newline="") as file:
        return file.read()


def _replace(path: Path, text: str) -> None:
    """Writes the file beside itself and moves it into place, for its owner's eyes only."""
    beside = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        with open(os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", newline="",
                  encoding="utf-8", errors="surrogateescape") as file:  # fmt: skip
            file.write(text)
        with suppress(FileNotFoundError, PermissionError):
            # Root must not take a person's file away.
            owner = path.stat()
            os.chown(beside, owner.st_uid, owner.st_gid)
        beside.replace(path)
    finally:
        beside.unlink(missing_ok=True)
