"""Data sets of albums: rows of CSV or Parquet, their columns found by name."""

import codecs
import csv
import importlib
import io
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from itertools import islice
from typing import IO, Any

from timbre_spider.albums.columns import ColumnError, album_of, columns_of
from timbre_spider.albums.told import Read, Unread
from timbre_spider.errors import ConfigError, UsageError
from timbre_spider.items import AotyAlbum, SeenOn
from timbre_spider.matching.albums.sightings import sightings

# Rows that are told of together.
_PART = 2000
_SAMPLE = 2**16
_LONGEST_FIELD = 2**20

Rows = Iterator[tuple[int, Sequence[Any] | ValueError]]
"""(number of its line or row, values); of a broken row what is wrong with it"""


def read_csv(stream: IO[bytes], place: str, asked: Mapping[str, str], seen_at: datetime) -> Iterator[Read | Unread]:
    """Of any delimiter; in UTF-8, or what Windows wrote before. The first line names the columns."""
    sample = stream.read(_SAMPLE)
    stream.seek(0)
    text = io.TextIOWrapper(stream, encoding=_encoding(sample), errors="replace", newline="")
    csv.field_size_limit(_LONGEST_FIELD)
    first = sample.split(b"\n", 1)[0].decode("utf-8", "replace")
    reader = csv.reader(text, delimiter=max(",;\t|", key=first.count))
    try:
        yield from _read(next(reader, []), _lines(reader), "line", place, asked, seen_at)
    except csv.Error as error:
        yield Unread(place, f"no table ({error})")
    finally:
        text.detach()


def read_parquet(stream: IO[bytes], place: str, asked: Mapping[str, str], seen_at: datetime) -> Iterator[Read | Unread]:
    """Raises ConfigError where pyarrow is missing."""
    try:
        arrow = importlib.import_module("pyarrow")
        parquet = importlib.import_module("pyarrow.parquet")
    except ImportError:
        raise ConfigError(
            f"{place} is a Parquet file, which needs pyarrow: pip install 'timbre-spider[parquet]', or give it as CSV."
        ) from None
    try:
        file = parquet.ParquetFile(stream)
        names = file.schema_arrow.names
        yield from _read(names, _records(file), "row", place, asked, seen_at)
    except (arrow.ArrowException, OSError, ValueError) as error:
        yield Unread(place, f"a damaged Parquet file ({' '.join(str(error).split())[:100]})")


def _read(
    header: Sequence[str], rows: Rows, unit: str, place: str, asked: Mapping[str, str], seen_at: datetime
) -> Iterator[Read | Unread]:
    try:
        columns = columns_of(header, asked)
    except ColumnError as error:
        if asked:
            raise UsageError(f"{place}: {error}") from None
        yield Unread(place, str(error))
        return
    while part := list(islice(rows, _PART)):
        albums: list[AotyAlbum] = []
        for number, values in part:
            try:
                if isinstance(values, ValueError):
                    raise values
                albums.append(album_of(values, columns))
            except ValueError as error:
                yield Unread(f"{place}, {unit} {number:,}", str(error), row=True)
        yield Read(place, "data", sightings(albums, SeenOn.DATA, place, seen_at))


def _lines(reader: Any) -> Rows:
    while True:
        try:
            for values in reader:
                if values:
                    yield reader.line_num, values
        except csv.Error as error:
            yield reader.line_num, ValueError(str(error))
        else:
            return


def _records(file: Any) -> Rows:
    number = 0
    for batch in file.iter_batches(_PART):
        columns = [column.to_pylist() for column in batch.columns]
        for values in zip(*columns, strict=True):
            number += 1
            yield number, [tuple(map(str, value)) if isinstance(value, list) else value for value in values]


def _encoding(sample: bytes) -> str:
    # What breaks off at the end of the sample is whole in the file.
    try:
        codecs.getincrementaldecoder("utf-8-sig")().decode(sample, final=len(sample) < _SAMPLE)
    except UnicodeDecodeError:
        return "cp1252"
    return "utf-8-sig"
