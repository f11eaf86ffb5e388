"""Parquet with its own types: lists, maps, dates and times. pyarrow is loaded when it is needed."""

import importlib
from collections.abc import Callable, Sequence
from typing import IO, Any

from timbre_spider.errors import ConfigError
from timbre_spider.storage.columns import Column

Row = Sequence[Any]


class ParquetFile:
    """Writes chunks of rows whose values are as psycopg reads them. Raises ConfigError where pyarrow is missing."""

    def __init__(self, file: IO[bytes], columns: Sequence[Column]) -> None:
        try:
            self._arrow = importlib.import_module("pyarrow")
            parquet = importlib.import_module("pyarrow.parquet")
        except ImportError:
            raise ConfigError(
                "Parquet needs pyarrow, which is not installed: pip install 'timbre-spider[parquet]', or export as "
                "jsonl."
            ) from None
        types = _types(self._arrow)
        self._schema = self._arrow.schema(
            [
                self._arrow.field(
                    each.name,
                    types.get(each.name) or types[each.sql_type],
                    metadata={"description": each.meaning},
                )
                for each in columns
            ]
        )
        self._plain = [_PLAIN.get(each.name) or _PLAIN.get(each.sql_type) for each in columns]
        self._writer = parquet.ParquetWriter(file, self._schema, compression="zstd")

    def write(self, rows: Sequence[Row]) -> None:
        """Adds rows."""
        values = [
            [plain(value) if plain and value is not None else value for value in column]
            for plain, column in zip(self._plain, zip(*rows, strict=True), strict=True)
        ]
        self._writer.write_batch(self._arrow.record_batch(values, schema=self._schema))

    def close(self) -> None:
        """Ends the file; without it, it is none."""
        self._writer.close()


_PLAIN: dict[str, Callable[[Any], Any]] = {"uuid": str, "lastfm_tags": lambda tags: list(tags.items())}


def _types(arrow: Any) -> dict[str, Any]:
    """Arrow's types, by SQL type, and by column for those within json."""
    text = arrow.string()
    return {
        "uuid": text,
        "text": text,
        "bigint": arrow.int64(),
        "integer": arrow.int32(),
        "smallint": arrow.int16(),
        "real": arrow.float64(),
        "double precision": arrow.float64(),
        "boolean": arrow.bool_(),
        "date": arrow.date32(),
        "timestamp with time zone": arrow.timestamp("us", tz="UTC"),
        "lastfm_tags": arrow.map_(text, arrow.int32()),
        "isrcs": arrow.list_(text),
        "genres": arrow.list_(text),
        "aoty_tags": arrow.list_(text),
        "styles": arrow.list_(
            arrow.struct({"name": text, "kind": text, "weight": arrow.float64(), "sources": arrow.list_(text)})
        ),
        "aliases": arrow.list_(arrow.struct({"artist": text, "title": text, "playcount": arrow.int64()})),
    }
