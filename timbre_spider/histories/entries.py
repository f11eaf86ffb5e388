"""The entries of a file, one after the other, whatever holds them. Memory stays flat however long the file is."""

import csv
import io
import json
import re
import warnings
from collections.abc import Callable, Iterator
from typing import IO, Any, cast

import ijson

from timbre_spider.errors import HistoryUnreadable
from timbre_spider.histories.files import HistoryFile, archive, damaged
from timbre_spider.histories.formats.lastfm import WITHOUT_HEADER
from timbre_spider.histories.formats.scrobbler_log import COLUMNS, FIRST_LINE
from timbre_spider.histories.play import Entry

# Longer ones are no entry of a history; most have less than 1,000 bytes.
LONGEST_ENTRY = 2**20
# So deep is none. ijson's memory grows with the square of the depth, so a part it is given is small, too: what opens
# and closes within one cannot be seen from outside.
DEEPEST_ENTRY = 1000
_PART = 2**13
_BUFFER = 2**18
_WORKBOOK_UNPACKED = 2**30

Entries = Iterator[tuple[str, Entry | str]]
"""(where, entry); of a broken one only what is wrong with it."""
Progress = Callable[[int], None]
"""Told how many bytes were read more."""


def unseen(read: int) -> None:
    """Nobody looks on."""


class _Bounded:
    """A stream that tells how far it is read, and does not let one entry fill the memory."""

    def __init__(self, stream: IO[bytes], name: str, progress: Progress) -> None:
        self._stream = stream
        self._name = name
        self._progress = progress
        self._since = self._deep = 0

    def read(self, size: int = -1) -> bytes:
        part = self._stream.read(size)
        self._progress(len(part))
        self._since += len(part)
        self._deep += part.count(b"[") + part.count(b"{") - part.count(b"]") - part.count(b"}")
        if self._since > LONGEST_ENTRY:
            raise HistoryUnreadable(f"{self._name} has an entry of over {LONGEST_ENTRY:,} bytes: no history does.")
        if self._deep > DEEPEST_ENTRY:
            raise HistoryUnreadable(f"{self._name} is nested over {DEEPEST_ENTRY:,} levels deep: no history is.")
        return part

    def entry_done(self) -> None:
        self._since = self._deep = 0


def json_entries(file: HistoryFile, inside: str, progress: Progress = unseen) -> Entries:
    """Those at the prefix `inside` of a JSON document. Raises HistoryUnreadable where it breaks off."""
    with file.open() as opened:
        _skip_mark(opened)
        stream = _Bounded(opened, file.name, progress)
        number = 0
        try:
            for entry in _items(stream, inside):
                number += 1
                stream.entry_done()
                yield f"entry {number:,}", entry if isinstance(entry, dict) else "no object"
        except (ijson.JSONError, UnicodeDecodeError) as error:
            raise damaged(file.name, f"after entry {number:,}: {_plainly(error)}") from None


def _items(stream: _Bounded, inside: str) -> Iterator[Any]:
    if not inside.endswith("track.item"):
        yield from ijson.items(stream, inside, use_float=True, buf_size=_PART)
        return
    # Last.fm's JSON was XML: a page of one track has an object in the place of a list.
    alone, at, builder = inside.removesuffix(".item"), "", None
    for prefix, event, value in ijson.parse(stream, use_float=True, buf_size=_PART):
        if builder is None:
            if event == "start_map" and prefix in (inside, alone):
                at, builder = prefix, ijson.ObjectBuilder()
                builder.event(event, value)
            elif prefix == inside and event in ("null", "boolean", "number", "string"):
                yield value
            continue
        builder.event(event, value)
        if event == "end_map" and prefix == at:
            yield builder.value
            builder = None


def line_entries(file: HistoryFile, progress: Progress = unseen) -> Entries:
    """The objects of a file that has one a line."""
    for number, line in _lines(file, progress):
        if isinstance(line, bytes):
            yield f"line {number:,}", "not UTF-8"
            continue
        if not line.strip():
            continue
        try:
            entry = json.loads(line)
        except (ValueError, RecursionError):
            entry = None
        yield f"line {number:,}", entry if isinstance(entry, dict) else "no JSON object"


def table_entries(file: HistoryFile, progress: Progress = unseen) -> Entries:
    """The lines of a table, by the names of its columns in lower case."""
    numbered = _lines(file, progress)
    at = 0
    broken: list[int] = []

    def decoded() -> Iterator[str]:
        nonlocal at
        for number, line in numbered:
            at = number
            if isinstance(line, bytes):
                broken.append(number)
            else:
                yield line

    lines = decoded()
    first = next((line for line in lines if line.strip()), "")
    try:
        columns, reader = _columns(first, lines)
    except csv.Error:
        return
    while True:
        try:
            fields = next(reader, None)
        except csv.Error as error:
            yield f"line {at:,}", str(error)
            continue
        while broken:
            yield f"line {broken.pop(0):,}", "not UTF-8"
        if fields is None:
            return
        if not fields or (columns == COLUMNS and _OF_A_LOG.match(fields[0])):
            continue
        # A log without its last column is one all the same.
        if not len(columns) - 1 <= len(fields) <= len(columns) + 1:
            yield f"line {at:,}", f"{len(fields)} fields instead of {len(columns)}"
            continue
        yield f"line {at:,}", dict(zip(columns, [*fields, ""], strict=False))


_OF_A_LOG = re.compile(r"#[A-Z]+/")
_DATED = re.compile(r"\d{1,2} \w{3} \d{4},? \d\d:\d\d(:\d\d)?")


def _columns(first: str, lines: Iterator[str]) -> tuple[tuple[str, ...], Iterator[list[str]]]:
    """The names of the columns, and the lines below them. Raises csv.Error for what is no line of a table."""
    if first.startswith(FIRST_LINE):
        return COLUMNS, csv.reader(lines, delimiter="\t", quoting=csv.QUOTE_NONE)
    delimiter = max(",;\t", key=lambda each: len(next(csv.reader([first], delimiter=each), [])))
    fields = next(csv.reader([first], delimiter=delimiter), [])
    if len(fields) == len(WITHOUT_HEADER) and _DATED.fullmatch(fields[-1].strip()):
        return WITHOUT_HEADER, csv.reader(_again(first, lines), delimiter=delimiter)
    header = next((reader := csv.reader(_again(first, lines), delimiter=delimiter)), [])
    return tuple(name.strip().lower() for name in header), reader


def _again(first: str, rest: Iterator[str]) -> Iterator[str]:
    yield first
    yield from rest


def workbook_entries(file: HistoryFile, progress: Progress = unseen) -> Entries:
    """The rows of every sheet whose first rows name an artist, by the names of its columns in lower case."""
    # Nothing else needs its 180 modules.
    from openpyxl import load_workbook

    with file.open() as opened:
        with archive(opened, file.name) as members:
            if sum(info.file_size for info in members.infolist()) > _WORKBOOK_UNPACKED:
                raise HistoryUnreadable(
                    f"{file.name} would unpack to over {_WORKBOOK_UNPACKED:,} bytes: it stays shut."
                )
        opened.seek(0)
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")  # of styles it does without
                book = load_workbook(opened, read_only=True, data_only=True)
            for sheet in book.worksheets:
                columns: tuple[str, ...] = ()
                for number, row in enumerate(sheet.iter_rows(values_only=True), 1):
                    if not columns:
                        named = tuple(str(cell or "").strip().lower() for cell in row)
                        columns = named if "artist" in named else ()
                        if number > 20 and not columns:
                            break
                    elif any(cell is not None for cell in row):
                        yield f"{sheet.title}, row {number:,}", dict(zip(columns, row, strict=False))
        except HistoryUnreadable:
            raise
        except Exception as error:  # its readers raise what they like for what is no workbook
            raise damaged(file.name, f"{type(error).__name__}: {error}") from None
        progress(file.size)


def _lines(file: HistoryFile, progress: Progress) -> Iterator[tuple[int, str | bytes]]:
    """(number, line); one that is not UTF-8 as bytes."""
    with file.open() as opened:
        _skip_mark(opened)
        # The members of an archive have slow lines of their own.
        stream = io.BufferedReader(cast("io.RawIOBase", opened), _BUFFER)
        number = 0
        try:
            while line := stream.readline(LONGEST_ENTRY + 1):
                number += 1
                if len(line) > LONGEST_ENTRY:
                    raise HistoryUnreadable(
                        f"{file.name}, line {number:,} has over {LONGEST_ENTRY:,} bytes: no history does."
                    )
                progress(len(line))
                try:
                    yield number, line.decode()
                except UnicodeDecodeError:
                    yield number, line
        finally:
            stream.detach()


def _skip_mark(opened: IO[bytes]) -> None:
    """Some write a byte order mark."""
    if opened.read(3) != b"\xef\xbb\xbf":
        opened.seek(0)


def _plainly(error: Exception) -> str:
    return str(error).strip().splitlines()[0] if str(error).strip() else type(error).__name__
