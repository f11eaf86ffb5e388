"""Which format a file has: told by what is in it, never by its name alone."""

import codecs
import io
import re
from collections.abc import Callable
from contextlib import nullcontext
from functools import partial
from importlib.util import find_spec
from itertools import islice

from timbre_spider.errors import HistoryUnreadable
from timbre_spider.histories.entries import (
    Entries,
    Progress,
    json_entries,
    line_entries,
    table_entries,
    workbook_entries,
)
from timbre_spider.histories.files import HistoryFile
from timbre_spider.histories.format import Container, Format
from timbre_spider.histories.formats import FORMATS
from timbre_spider.histories.play import Entry

# So much of a file tells its format: of a page of 1,000 scrobbles at least the first.
_HEAD = 2**20
_SAMPLE = 20
# gzip, 7z, RAR, bzip2, xz, zstd.
_PACKED = (b"\x1f\x8b", b"7z\xbc\xaf\x27\x1c", b"Rar!\x1a\x07", b"BZh", b"\xfd7zXZ\x00", b"\x28\xb5\x2f\xfd")
_PAGE = re.compile(rb"(?:\xef\xbb\xbf)?\s*<(?:!doctype\s+html|html)\b", re.I)

Read = Callable[[Progress], Entries]


def recognised(file: HistoryFile) -> tuple[Format, Read] | str:
    """The file's format and how to get at its entries; else what it is instead of a history.

    Raises HistoryUnreadable where nothing of it can be read.
    """
    with file.open() as opened:
        head = opened.read(_HEAD)
    if head.startswith(b"PK\x03\x04"):
        if find_spec("openpyxl") is None:
            return "is a workbook, which needs openpyxl: pip install 'timbre-spider[xlsx]'"
        return _one_of([(Container.WORKBOOK, "", partial(workbook_entries, file))], file)
    if what := _no_text(head):
        return what
    # Half a line tells nothing.
    lines = _start(file, head if len(head) < _HEAD else head[: head.rfind(b"\n") + 1] or head)
    if head.removeprefix(b"\xef\xbb\xbf").lstrip()[:1] not in (b"{", b"["):
        return _one_of([(Container.TABLE, "", partial(table_entries, lines))], file)
    prefixes = dict.fromkeys(prefix for each in FORMATS if Container.JSON in each.containers for prefix in each.inside)
    ways = [(Container.JSON, prefix, partial(json_entries, _start(file, head), prefix)) for prefix in prefixes]
    return _one_of([*ways, (Container.LINES, "", partial(line_entries, lines))], file)


def _start(file: HistoryFile, head: bytes) -> HistoryFile:
    return HistoryFile(file.name, len(head), lambda: nullcontext(io.BytesIO(head)), file.named)


def _one_of(ways: list[tuple[Container, str, Callable[[], Entries]]], file: HistoryFile) -> tuple[Format, Read] | str:
    empty, wrong = True, ""
    for container, prefix, entries in ways:
        sample: list[Entry] = []
        try:
            sample += islice((entry for _, entry in entries() if not isinstance(entry, str)), _SAMPLE)
        except HistoryUnreadable as error:
            wrong = wrong or str(error)
        empty = empty and not sample
        for each in FORMATS:
            fits = container in each.containers and (container is not Container.JSON or prefix in each.inside)
            if fits and (file.named or not each.only_named) and any(map(each.holds, sample)):
                return each, _reader(container, prefix, file)
    # Of what is only begun the end is missing, which is nobody's fault.
    if empty and wrong and file.named and file.size < _HEAD:
        raise HistoryUnreadable(wrong)
    return "holds no entries" if empty else "is no listening history of a known kind"


def _reader(container: Container, prefix: str, file: HistoryFile) -> Read:
    match container:
        case Container.JSON:
            return partial(json_entries, file, prefix)
        case Container.LINES:
            return partial(line_entries, file)
        case Container.TABLE:
            return partial(table_entries, file)
        case Container.WORKBOOK:
            return partial(workbook_entries, file)


def _no_text(head: bytes) -> str:
    """What a file is that is no text of ours; "" for one that is."""
    if not head.strip(b"\xef\xbb\xbf \t\r\n"):
        return "is empty"
    if head.startswith((b"\xff\xfe", b"\xfe\xff")):
        return "is text in UTF-16: save it as UTF-8"
    if head.startswith(_PACKED):
        return "is packed, and no zip: unpack it first"
    if _PAGE.match(head):
        return "is a web page: ask the service for the export once more, as JSON if it asks (Google Takeout does)"
    if b"\0" in head:
        return "is no text"
    # What breaks off at the end of the head is whole in the file.
    try:
        codecs.getincrementaldecoder("utf-8")().decode(head, final=len(head) < _HEAD)
    except UnicodeDecodeError:
        return "is not in UTF-8: save it as UTF-8"
    return ""
