"""What the files a person has tell of albums, whatever kind of file each is."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path

from timbre_spider.albums.pages import LARGEST_PAGE, is_page, read_page
from timbre_spider.albums.saved import is_mhtml, page_of_mhtml, pages_of_warc
from timbre_spider.albums.tables import read_csv, read_parquet
from timbre_spider.albums.told import Read, Unread
from timbre_spider.errors import HistoryUnreadable
from timbre_spider.histories.files import HistoryFile, files_of

_BEGINNING = 4096
_WARC, _GZIP, _PARQUET = b"WARC/", b"\x1f\x8b", b"PAR1"
_TABLES = (".csv", ".tsv", ".txt")


def read_files(
    paths: Sequence[Path], columns: Mapping[str, str] | None = None, seen_at: datetime | None = None
) -> Iterator[Read | Unread]:
    """Page after page, and a data set in parts. `columns` names a data set's column by the field it tells; `seen_at`
    is when what files hold was seen, where they do not say themselves: else, when they were written.

    Raises HistoryUnreadable for what is not there or dangerous to open, UsageError for columns that are not there.
    """
    for file in files_of(paths):
        if _is_asset(file.name):
            continue
        try:
            yield from _read(file, columns or {}, seen_at or _written_at(file.name))
        except HistoryUnreadable as error:
            yield Unread(file.name, str(error))


def _read(file: HistoryFile, columns: Mapping[str, str], seen_at: datetime) -> Iterator[Read | Unread]:
    with file.open() as stream:
        beginning = stream.read(_BEGINNING)
        stream.seek(0)
        if is_page(beginning) or is_mhtml(beginning):
            body = stream.read(LARGEST_PAGE + 1)
            if len(body) > LARGEST_PAGE:
                yield Unread(file.name, f"a page of more than {LARGEST_PAGE:,} bytes is none of AOTY's")
            elif is_page(beginning):
                yield read_page(body, file.name, seen_at)
            else:
                yield page_of_mhtml(body, file.name, seen_at)
        elif beginning.startswith(_WARC) or (beginning.startswith(_GZIP) and ".warc" in file.name.lower()):
            yield from pages_of_warc(stream, file.name)
        elif beginning.startswith(_PARQUET):
            yield from read_parquet(stream, file.name, columns, seen_at)
        elif file.name.lower().endswith(_TABLES) and b"\0" not in beginning:
            yield from read_csv(stream, file.name, columns, seen_at)
        else:
            yield Unread(file.name, "no page (HTML, MHTML, WARC) and no data set (CSV, Parquet)")


def _is_asset(name: str) -> bool:
    """Whether a browser put the file beside a page that it saved whole, in a folder named by its language."""
    parents = Path(name).parts[:-1]
    return any(parent.lower().endswith(_BESIDE) for parent in parents)


_BESIDE = (
    "_files", ".files", "-dateien", "_fichiers", "_archivos", "_ficheros", "_arquivos", "_bestanden", "_file", "_pliki",
    "_filer", "_soubory", "_tiedostot",
)  # fmt: skip


def _written_at(name: str) -> datetime:
    """When a file was written; for one in an archive, the archive."""
    path = next(path for path in (Path(name), *Path(name).parents) if path.exists())
    return min(datetime.fromtimestamp(path.stat().st_mtime, UTC), datetime.now(UTC))


__all__ = ["Read", "Unread", "read_files"]
