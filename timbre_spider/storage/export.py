"""The songs out of the database: streamed, so that a million of them need no more memory than ten."""

import csv
import importlib
import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import datetime
from pathlib import Path
from typing import IO, Any, Literal

import psycopg

from timbre_spider.errors import ConfigError, UsageError
from timbre_spider.storage.database import Database

Format = Literal["jsonl", "csv", "parquet"]

_AT_ONCE = 2000
_RELEASE = """CASE p.release_precision WHEN 'year' THEN to_char(p.release_date, 'YYYY')
    WHEN 'month' THEN to_char(p.release_date, 'YYYY-MM') ELSE to_char(p.release_date, 'YYYY-MM-DD') END"""

# Column → (SQL, Arrow type). The nested ones of a jsonl line, in the order a feed shows them.
_NESTED = {
    "id": "s.id",
    "canonical_id": "s.canonical_id",
    "artist": "s.artist",
    "title": "s.title",
    "isrc": "s.isrc",
    "isrc_source": "s.isrc_source",
    "spotify_id": "s.spotify_id",
    "playcount": "l.playcount",
    "spotify": f"""CASE WHEN p.song_id IS NOT NULL THEN jsonb_build_object('duration_ms', p.duration_ms,
        'popularity', p.popularity, 'album_id', p.album_id, 'artist_id', p.artist_id, 'album_name', p.album_name,
        'release_date', {_RELEASE}, 'explicit', p.explicit, 'track_number', p.track_number) END""",
    "lastfm": "jsonb_build_object('playcount', l.playcount, 'tags', l.tags)",
    "aoty": """CASE WHEN a.song_id IS NOT NULL THEN jsonb_build_object('url', a.url, 'user_score', a.user_score,
        'rating_count', a.rating_count, 'critic_score', a.critic_score, 'critic_count', a.critic_count,
        'genres', a.genres, 'tags', a.tags) END""",
    "aliases": """(SELECT jsonb_agg(jsonb_build_object('artist', x.artist, 'title', x.title, 'playcount', x.playcount)
        ORDER BY x.playcount DESC, x.rank, x.artist, x.title) FROM aliases x WHERE x.song_id = s.id)""",
}
_FLAT = {
    "id": ("s.id::text", "string"),
    "canonical_id": ("s.canonical_id", "string"),
    "artist": ("s.artist", "string"),
    "title": ("s.title", "string"),
    "isrc": ("s.isrc", "string"),
    "isrc_source": ("s.isrc_source", "string"),
    "spotify_id": ("s.spotify_id", "string"),
    "playcount": ("l.playcount", "int64"),
    "spotify_duration_ms": ("p.duration_ms", "int32"),
    "spotify_popularity": ("p.popularity", "int16"),
    "spotify_album_id": ("p.album_id", "string"),
    "spotify_artist_id": ("p.artist_id", "string"),
    "spotify_album_name": ("p.album_name", "string"),
    "spotify_release_date": (_RELEASE, "string"),
    "spotify_explicit": ("p.explicit", "bool_"),
    "spotify_track_number": ("p.track_number", "int16"),
    "lastfm_tags": ("l.tags::text", "string"),
    "aoty_url": ("a.url", "string"),
    "aoty_user_score": ("a.user_score::float8", "float64"),
    "aoty_rating_count": ("a.rating_count", "int32"),
    "aoty_critic_score": ("a.critic_score::float8", "float64"),
    "aoty_critic_count": ("a.critic_count", "int32"),
    "aoty_genres": ("a.genres::text", "string"),
    "aoty_tags": ("a.tags::text", "string"),
    "aliases": (f"({_NESTED['aliases']})::text", "string"),
}
_FROM = """FROM songs s
    LEFT JOIN lastfm_stats l ON l.song_id = s.id
    LEFT JOIN spotify_attrs p ON p.song_id = s.id
    LEFT JOIN aoty_attrs a ON a.song_id = s.id
    WHERE %(since)s::timestamptz IS NULL
        OR greatest(s.updated_at, l.updated_at, p.updated_at, a.updated_at) >= %(since)s"""


def columns_of(format: Format) -> tuple[str, ...]:
    """The columns an export of this format can have, in their order."""
    return tuple(_NESTED if format == "jsonl" else _FLAT)


def export(
    database: Database,
    format: Format,
    write_to: Path | IO[bytes],
    *,
    since: datetime | None = None,
    columns: Sequence[str] | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> int:
    """Write the songs changed `since` (all, when None), most played first, and return how many.

    A path is written beside itself and renamed when whole. `progress` is told (written, all) now and then. Raises
    UsageError for an unknown column, ConfigError when parquet is asked for and pyarrow is missing.
    """
    chosen = tuple(columns or columns_of(format))
    unknown = [name for name in chosen if name not in columns_of(format)]
    if unknown:
        raise UsageError(
            f"There is no column {', '.join(unknown)} in an export as {format}. "
            f"Choose from: {', '.join(columns_of(format))}."
        )
    write = {"jsonl": _write_jsonl, "csv": _write_csv, "parquet": _parquet_writer(format)}[format]
    with database.connect() as connection, connection.transaction():
        rows = _Rows(connection, format, chosen, since, progress)
        if not isinstance(write_to, Path):
            write(write_to, chosen, rows)
            return rows.written
        write_to.parent.mkdir(parents=True, exist_ok=True)
        half = write_to.with_name(f".{write_to.name}.half")
        try:
            with half.open("wb") as file:
                write(file, chosen, rows)
            half.replace(write_to)
        finally:
            half.unlink(missing_ok=True)
    return rows.written


class _Rows:
    """Chunks of rows from a server-side cursor."""

    def __init__(
        self,
        connection: psycopg.Connection,
        format: Format,
        columns: Sequence[str],
        since: datetime | None,
        progress: Callable[[int, int], None] | None,
    ) -> None:
        self._connection = connection
        chosen = (_NESTED[name] if format == "jsonl" else _FLAT[name][0] for name in columns)
        self._query = f"SELECT {', '.join(chosen)} {_FROM} ORDER BY l.playcount DESC NULLS LAST, s.id"
        self._arguments = {"since": since}
        self._progress = progress
        self.written = 0

    def __iter__(self) -> Iterator[list[tuple[Any, ...]]]:
        # Nobody but a progress bar needs to know how many there are before they are there.
        total = self._count() if self._progress else 0
        with self._connection.cursor("timbre_export") as cursor:
            cursor.itersize = _AT_ONCE
            cursor.execute(self._query, self._arguments)
            while rows := cursor.fetchmany(_AT_ONCE):
                yield rows
                self.written += len(rows)
                if self._progress:
                    self._progress(self.written, total)

    def _count(self) -> int:
        row = self._connection.execute(f"SELECT count(*) {_FROM}", self._arguments).fetchone()
        return int(row[0]) if row else 0


_Chunks = Iterable[list[tuple[Any, ...]]]


def _write_jsonl(file: IO[bytes], columns: Sequence[str], chunks: _Chunks) -> None:
    for rows in chunks:
        lines = (json.dumps(dict(zip(columns, row, strict=True)), ensure_ascii=False, default=str) for row in rows)
        file.write(("\n".join(lines) + "\n").encode())


def _write_csv(file: IO[bytes], columns: Sequence[str], chunks: _Chunks) -> None:
    class Encoded:
        def write(self, text: str) -> int:
            return file.write(text.encode())

    writer = csv.writer(Encoded())
    writer.writerow(columns)
    for rows in chunks:
        writer.writerows(rows)


def _parquet_writer(format: Format) -> Callable[[IO[bytes], Sequence[str], _Chunks], None]:
    if format != "parquet":
        return _write_csv
    try:
        arrow = importlib.import_module("pyarrow")
        parquet = importlib.import_module("pyarrow.parquet")
    except ImportError:
        raise ConfigError(
            "Parquet needs pyarrow, which is not installed: pip install 'timbre-spider[parquet]', or export as jsonl."
        ) from None

    def write(file: IO[bytes], columns: Sequence[str], chunks: _Chunks) -> None:
        schema = arrow.schema([(name, getattr(arrow, _FLAT[name][1])()) for name in columns])
        with parquet.ParquetWriter(file, schema, compression="zstd") as writer:
            for rows in chunks:
                values = list(zip(*rows, strict=True))
                writer.write_batch(arrow.record_batch([list(each) for each in values], schema=schema))

    return write
