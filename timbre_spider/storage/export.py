"""The songs out of the database: streamed, so that a million of them need no more memory than ten."""

import csv
import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import IO, Any, Literal, Protocol

import psycopg
from psycopg import sql

from timbre_spider.cells import cell, harmless
from timbre_spider.errors import UsageError
from timbre_spider.storage.columns import MERGED, Column, columns_of
from timbre_spider.storage.database import Database
from timbre_spider.storage.parquet import ParquetFile
from timbre_spider.storage.quality import judge_due
from timbre_spider.storage.replacement import Replacement

Format = Literal["jsonl", "csv", "parquet"]
Row = Sequence[Any]

_AT_ONCE = 2000
_ENDINGS: dict[str, Format] = {".jsonl": "jsonl", ".jl": "jsonl", ".csv": "csv", ".parquet": "parquet", "": "jsonl"}


@dataclass(frozen=True, slots=True)
class Exported:
    """How many songs were written, and how many ids that were merged into another's."""

    songs: int
    merged: int


def format_of(name: str) -> Format:
    """The format a file's name asks for. Raises UsageError for one that asks for none we know."""
    ending = Path(name).suffix.lower()
    if ending not in _ENDINGS:
        raise UsageError(f"{name} ends in no format: end it in .jsonl, .csv or .parquet, or add --format.")
    return _ENDINGS[ending]


def export(
    database: Database,
    format: Format,
    write_to: Path | IO[bytes],
    *,
    since: datetime | None = None,
    columns: Sequence[str] | None = None,
    spreadsheet: bool = False,
    progress: Callable[[int, int], None] | None = None,
) -> Exported:
    """Write the songs changed `since` (all, when None), most played first; with `since`, then the ids merged since.

    A merged id is a line of `id`, `merged_into` and `merged_at`, in CSV and Parquet a row with nothing else in it;
    none is told where `columns` leave `id` out. `spreadsheet`: no cell of a CSV is a formula. A path is replaced when
    the new file is whole. `progress` is told (written, all) now and then. Raises UsageError for an unknown column,
    ConfigError when Parquet is asked for and pyarrow is missing, OSError.
    """
    judge_due(database)
    with database.connect() as connection, connection.transaction():
        # Songs and merged ids of one moment.
        connection.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
        connection.execute("SET LOCAL timezone = 'UTC'")
        songs = _Songs(connection, _chosen(connection, format, columns), since, progress, typed=format == "parquet")
        if not isinstance(write_to, Path):
            return _write(write_to, format, songs, spreadsheet)
        replacement = Replacement(write_to)
        try:
            exported = _write(replacement.file, format, songs, spreadsheet)
            replacement.commit()
        except BaseException:
            replacement.discard()
            raise
        return exported


def _chosen(connection: psycopg.Connection, format: Format, names: Sequence[str] | None) -> list[Column]:
    known = {column.name: column for column in columns_of(connection)}
    unknown = [name for name in names or () if name not in known]
    if unknown:
        raise UsageError(
            f"There is no column {', '.join(unknown)} in an export as {format}. Choose from: {', '.join(known)}."
        )
    return [known[name] for name in dict.fromkeys(names or known)]


class _Songs:
    """What is exported, in chunks of rows from a server-side cursor.

    Values are as psycopg reads them where `typed`, else as Postgres writes them as JSON: as in a feed, to the digit.
    """

    def __init__(
        self,
        connection: psycopg.Connection,
        columns: list[Column],
        since: datetime | None,
        progress: Callable[[int, int], None] | None,
        *,
        typed: bool,
    ) -> None:
        self.columns = columns
        self.tells_merged = since is not None and any(column.name == "id" for column in columns)
        self._connection = connection
        self._since = since
        self._progress = progress
        self._typed = typed

    def chunks(self) -> Iterator[list[Row]]:
        """Rows of the columns, most played first."""
        names = sql.SQL(", ").join(sql.Identifier(column.name) for column in self.columns)
        changed = sql.SQL("WHERE updated_at >= %(since)s" if self._since else "")
        query = sql.SQL("SELECT {} FROM song_features {} ORDER BY playcount DESC NULLS LAST, id").format(names, changed)
        # Nobody but a progress bar needs to know how many there are before they are there.
        total, written = (self._count(changed), 0) if self._progress else (0, 0)
        with self._connection.cursor("timbre_export") as cursor:
            cursor.itersize = _AT_ONCE
            cursor.execute(self._told(query), {"since": self._since})
            while rows := cursor.fetchmany(_AT_ONCE):
                yield self._values(rows)
                written += len(rows)
                if self._progress:
                    self._progress(written, total)

    def merged(self) -> list[Row]:
        """(id, merged_into, merged_at) of the ids merged since, where they are told."""
        if not self.tells_merged:
            return []
        query = sql.SQL(
            "SELECT old_id AS id, song_id AS merged_into, merged_at FROM song_redirects WHERE merged_at >= %(since)s "
            "ORDER BY merged_at, old_id"
        ).format()
        return self._values(self._connection.execute(self._told(query), {"since": self._since}).fetchall())

    def _told(self, query: sql.Composed) -> sql.Composed:
        return query if self._typed else sql.SQL("SELECT row_to_json(told) FROM ({}) told").format(query)

    def _values(self, rows: list[tuple[Any, ...]]) -> list[Row]:
        return [*rows] if self._typed else [tuple(row.values()) for (row,) in rows]

    def _count(self, changed: sql.SQL) -> int:
        query = sql.SQL("SELECT count(*) FROM song_features {}").format(changed)
        row = self._connection.execute(query, {"since": self._since}).fetchone()
        return int(row[0]) if row else 0


class _Writer(Protocol):
    def songs(self, rows: list[Row]) -> None: ...
    def merged(self, rows: list[Row]) -> None: ...
    def close(self) -> None: ...


def _write(file: IO[bytes], format: Format, songs: _Songs, spreadsheet: bool) -> Exported:
    writer: _Writer
    if format == "jsonl":
        writer = _Lines(file, songs)
    elif format == "csv":
        writer = _Csv(file, songs, spreadsheet)
    else:
        writer = _Parquet(file, songs)
    count = 0
    for rows in songs.chunks():
        writer.songs(rows)
        count += len(rows)
    merged = songs.merged()
    writer.merged(merged)
    writer.close()
    return Exported(count, len(merged))


class _Lines:
    """JSON Lines, as a feed's."""

    def __init__(self, file: IO[bytes], songs: _Songs) -> None:
        self._file = file
        self._names = [column.name for column in songs.columns]

    def songs(self, rows: list[Row]) -> None:
        self._write(self._names, rows)

    def merged(self, rows: list[Row]) -> None:
        self._write(["id", *(column.name for column in MERGED)], rows)

    def close(self) -> None:
        pass

    def _write(self, names: list[str], rows: list[Row]) -> None:
        for row in rows:
            line = json.dumps(dict(zip(names, row, strict=True)), ensure_ascii=False)
            self._file.write(f"{line}\n".encode())


class _Flat:
    """Rows that all have the same columns, `merged_into` and `merged_at` among them where merged ids are told."""

    def __init__(self, songs: _Songs) -> None:
        self.columns = [*songs.columns, *(MERGED if songs.tells_merged else ())]
        self._no_merge = (None,) * (len(self.columns) - len(songs.columns))
        self._no_song = [None] * len(songs.columns)

    def song(self, row: Row) -> Row:
        return (*row, *self._no_merge)

    def merged(self, row: Row) -> Row:
        (song_id, *merge), empty = row, list(self._no_song)
        empty[[column.name for column in self.columns].index("id")] = song_id
        return (*empty, *merge)


class _Csv:
    def __init__(self, file: IO[bytes], songs: _Songs, spreadsheet: bool) -> None:
        class Encoded:
            def write(self, text: str) -> int:
                return file.write(text.encode())

        self._flat = _Flat(songs)
        self._spreadsheet = spreadsheet
        self._csv = csv.writer(Encoded())
        self._csv.writerow([column.name for column in self._flat.columns])

    def songs(self, rows: list[Row]) -> None:
        self._write(self._flat.song(row) for row in rows)

    def merged(self, rows: list[Row]) -> None:
        self._write(self._flat.merged(row) for row in rows)

    def close(self) -> None:
        pass

    def _write(self, rows: Iterator[Row]) -> None:
        for row in rows:
            cells = (cell(value) for value in row)
            self._csv.writerow([harmless(each) for each in cells] if self._spreadsheet else cells)


class _Parquet:
    def __init__(self, file: IO[bytes], songs: _Songs) -> None:
        self._flat = _Flat(songs)
        self._file = ParquetFile(file, self._flat.columns)

    def songs(self, rows: list[Row]) -> None:
        self._file.write([self._flat.song(row) for row in rows])

    def merged(self, rows: list[Row]) -> None:
        if rows:
            self._file.write([self._flat.merged(row) for row in rows])

    def close(self) -> None:
        self._file.close()
