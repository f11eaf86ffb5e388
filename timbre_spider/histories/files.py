"""The files that are imported: those named, those in a folder, those in an archive, and in an archive within it.

Nothing is unpacked onto the disk under a name of the archive's, and what is dangerous to open is refused before it is.
"""

import io
import lzma
import stat
import struct
import tempfile
import zipfile
import zlib
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import dataclass
from pathlib import Path, PureWindowsPath
from typing import IO, cast

from timbre_spider.errors import HistoryUnreadable
from timbre_spider.how_many import how_many

# Histories and pages pack to a tenth, at most a hundredth; a bomb to a thousandth.
MOST_RATIO = 200
# What so small an archive holds can do no harm whatever its ratio.
HARMLESS = 16 * 2**20
MOST_UNPACKED = 50 * 2**30
MOST_MEMBERS = 100_000
# Apple's is an archive in an archive in an archive.
DEEPEST = 4
# An archive in an archive is kept in memory up to this size, above it in a temporary file without a name.
_IN_MEMORY = 16 * 2**20

# What zipfile raises over bytes that are none of an archive's.
_BROKEN = (
    zipfile.BadZipFile, zlib.error, lzma.LZMAError, struct.error, EOFError, NotImplementedError, OSError, OverflowError,
)  # fmt: skip

_ARCHIVES = (b"PK\x03\x04", b"PK\x05\x06")


@dataclass(frozen=True, slots=True)
class HistoryFile:
    """A file to be read. `name` shows the way to it; `named`: the user named it itself, not what it is in."""

    name: str
    size: int
    open: Callable[[], AbstractContextManager[IO[bytes]]]
    named: bool = False


def files_of(paths: Sequence[Path]) -> Iterator[HistoryFile]:
    """The files at `paths`; folders and archives are looked into. Each is to be read before the next is taken.

    Raises HistoryUnreadable for what is not there, cannot be read or is dangerous to open.
    """
    for path in paths:
        for each in _plain_files(path):
            named = each == path
            yield from _looked_into(HistoryFile(str(each), each.stat().st_size, _opener(each), named), 1)


def damaged(name: str, error: object) -> HistoryUnreadable:
    """What to say of a file that breaks off, or is not what it should be."""
    told = " ".join(str(error).split())[:120] or type(error).__name__
    return HistoryUnreadable(f"{name} is damaged or was cut off ({told}): download or save it again.")


@contextmanager
def archive(opened: IO[bytes], name: str) -> Iterator[zipfile.ZipFile]:
    """An archive, harmless as far as its directory tells. Raises HistoryUnreadable."""
    try:
        members = zipfile.ZipFile(opened)
    except (*_BROKEN, ValueError) as error:
        raise damaged(name, error) from None
    with members:
        _check(members.infolist(), name, opened.seek(0, io.SEEK_END))
        yield members


def _plain_files(path: Path) -> Iterator[Path]:
    if not path.exists():
        raise HistoryUnreadable(f"There is no file {path}.")
    for each in sorted(path.rglob("*")) if path.is_dir() else [path]:
        if each != path and each.is_symlink():
            raise HistoryUnreadable(f"{each} is a link: put the file itself into the folder.")
        if each.is_dir():
            continue
        if not each.is_file():
            raise HistoryUnreadable(f"{each} is no plain file: name the file as you got it.")
        yield each


def _opener(path: Path) -> Callable[[], AbstractContextManager[IO[bytes]]]:
    def opened() -> IO[bytes]:
        try:
            return path.open("rb")
        except OSError as error:
            raise HistoryUnreadable(f"{path} cannot be read: {error.strerror or error}.") from None

    return opened


def _looked_into(file: HistoryFile, depth: int) -> Iterator[HistoryFile]:
    """The file itself, or, where it is an archive and no workbook, what is in it."""
    with file.open() as opened:
        if opened.read(4) not in _ARCHIVES:
            is_archive = False
        else:
            opened.seek(0)
            with archive(opened, file.name) as members:
                infos = sorted(members.infolist(), key=lambda info: info.filename)
                is_archive = all(info.filename != "xl/workbook.xml" for info in infos)
                if is_archive and depth == DEEPEST:
                    raise HistoryUnreadable(f"{file.name} is an archive in too many archives: unpack it first.")
                for info in infos if is_archive else ():
                    if not info.is_dir():
                        yield from _member(members, info, file.name, depth)
    if not is_archive:
        yield file


def _member(members: zipfile.ZipFile, info: zipfile.ZipInfo, within: str, depth: int) -> Iterator[HistoryFile]:
    name = f"{within}/{info.filename}"

    @contextmanager
    def opened() -> Iterator[IO[bytes]]:
        try:
            stream = members.open(info)
        except RuntimeError:
            raise HistoryUnreadable(f"{name} is encrypted: unpack it first.") from None
        except (*_BROKEN, ValueError) as error:
            raise damaged(name, error) from None
        try:
            with stream:
                yield stream
        except _BROKEN as error:
            raise damaged(name, error) from None

    with opened() as stream:
        is_archive = stream.read(4) in _ARCHIVES
    if not is_archive:
        yield HistoryFile(name, info.file_size, opened)
        return
    with tempfile.SpooledTemporaryFile(_IN_MEMORY) as copy:
        with opened() as stream:
            while part := stream.read(2**20):
                copy.write(part)

        def kept() -> AbstractContextManager[IO[bytes]]:
            copy.seek(0)
            return nullcontext(cast("IO[bytes]", copy))

        yield from _looked_into(HistoryFile(name, info.file_size, kept), depth + 1)


def _check(infos: list[zipfile.ZipInfo], name: str, size: int) -> None:
    # Members that lie over each other are packed once, however often the directory tells of them.
    packed, unpacked = min(size, sum(info.compress_size for info in infos)), sum(info.file_size for info in infos)
    is_bomb = unpacked > MOST_UNPACKED or unpacked > max(MOST_RATIO * packed, HARMLESS)
    if is_bomb or len(infos) > MOST_MEMBERS:
        raise HistoryUnreadable(
            f"{name} would unpack to {unpacked:,} bytes in {how_many(len(infos), 'file')}: nothing to be "
            "imported does, so it stays shut."
        )
    for info in infos:
        path = PureWindowsPath(info.filename)
        if path.anchor or ".." in path.parts or "\0" in info.orig_filename:
            raise HistoryUnreadable(f"{name} holds a file that leads out of it ({info.filename!r}), so it stays shut.")
        if stat.S_ISLNK(info.external_attr >> 16):
            raise HistoryUnreadable(f"{name} holds a link ({info.filename!r}), so it stays shut.")
