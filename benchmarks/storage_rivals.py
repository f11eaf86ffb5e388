"""What the loader is measured against: a bare COPY, and upserts row by row."""

import time
from collections.abc import Callable
from contextlib import nullcontext
from pathlib import Path

import psycopg
from psycopg import sql

from timbre_spider.storage.database import Database

# In the order their foreign keys ask for.
TABLES = (
    "songs", "song_keys", "spotify_attrs", "lastfm_stats", "aoty_attrs", "ratings_history", "aliases", "answers",
)  # fmt: skip
# Where a row is known again; ratings_history is only ever added to.
KEYS = {
    "songs": "(id)",
    "song_keys": "(key)",
    "spotify_attrs": "(song_id)",
    "lastfm_stats": "(song_id)",
    "aoty_attrs": "(song_id)",
    "aliases": "(id)",
    "answers": "(timbre_digest(source, key))",
}


def dump(database: Database, folder: Path) -> None:
    """The tables' rows as COPY's text, a file each."""
    with database.connect() as connection:
        for table in TABLES:
            query = sql.SQL("COPY {} TO STDOUT").format(sql.Identifier(table))
            with (folder / table).open("wb") as file, connection.cursor().copy(query) as copy:
                for piece in copy:
                    file.write(piece)


def bare_copy(database: Database, folder: Path) -> float:
    """Seconds to COPY the dumped rows into the same tables with their keys and indexes, in one transaction."""
    texts = {table: (folder / table).read_bytes() for table in TABLES}
    with database.connect() as connection:
        started = time.perf_counter()
        with connection.transaction():
            for table in TABLES:
                query = sql.SQL("COPY {} FROM STDIN").format(sql.Identifier(table))
                with connection.cursor().copy(query) as copy:
                    copy.write(texts[table])
        return time.perf_counter() - started


Rows = list[dict[str, list[tuple[object, ...]]]]
"""A song each: its rows by table."""


def rows_of(source: Database, count: int) -> Rows:
    """The rows of some songs of `source`, as text values, which Postgres reads as the columns' types."""
    return _rows_by_song(source, count)


def upserts(database: Database, rows: Rows, way: str, batch: int) -> float:
    """Seconds to upsert the songs' rows.

    `way`: "execute" commits each row, "execute a song" each song; "executemany" is called for each song and table,
    and commits each; "executemany a batch" is called for each table of `batch` songs, pipelined, with one commit.
    """
    with database.connect() as connection, connection.cursor() as cursor:
        statements = {table: _statement(connection, table) for table in TABLES}
        started = time.perf_counter()
        if way == "executemany a batch":
            for start in range(0, len(rows), batch):
                songs = rows[start : start + batch]
                with connection.transaction():
                    for table in TABLES:
                        cursor.executemany(statements[table], [row for song in songs for row in song.get(table, ())])
            return time.perf_counter() - started
        for song in rows:
            with connection.transaction() if way == "execute a song" else nullcontext():
                for table in TABLES:
                    if way == "executemany":
                        cursor.executemany(statements[table], song.get(table, ()))
                        continue
                    for row in song.get(table, ()):
                        cursor.execute(statements[table], row)
        return time.perf_counter() - started


def _statement(connection: psycopg.Connection, table: str) -> sql.Composed:
    names = [column.name for column in connection.execute(sql.SQL("SELECT * FROM {} LIMIT 0").format(
        sql.Identifier(table))).description or ()]  # fmt: skip
    insert = sql.SQL("INSERT INTO {} ({}) VALUES ({})").format(
        sql.Identifier(table),
        sql.SQL(", ").join(map(sql.Identifier, names)),
        sql.SQL(", ").join(sql.Placeholder() * len(names)),
    )
    if table not in KEYS:
        return insert
    changes = sql.SQL(", ").join(sql.SQL("{0} = excluded.{0}").format(sql.Identifier(name)) for name in names)
    return insert + sql.SQL(" ON CONFLICT ") + sql.SQL(KEYS[table]) + sql.SQL(" DO UPDATE SET ") + changes


def _rows_by_song(source: Database, count: int) -> Rows:
    """The rows of some songs as text values, which Postgres reads as the columns' types."""
    owner: dict[str, Callable[[str], str]] = {
        "songs": lambda t: "t.id",
        "answers": lambda t: "(SELECT song_id FROM song_keys k WHERE k.key = t.key)",
        "ratings_history": lambda t: "(SELECT song_id FROM aoty_attrs a WHERE a.url = t.url LIMIT 1)",
    }
    found: dict[str, dict[str, list[tuple[object, ...]]]] = {}
    with source.connect() as connection:
        connection.execute("CREATE INDEX IF NOT EXISTS bench_url ON aoty_attrs (url)")
        chosen = [row[0] for row in connection.execute("SELECT id FROM songs ORDER BY id LIMIT %s", [count])]
        for table in TABLES:
            whose = owner.get(table, lambda _: "t.song_id")(table)
            columns = [column.name for column in connection.execute(sql.SQL("SELECT * FROM {} LIMIT 0").format(
                sql.Identifier(table))).description or ()]  # fmt: skip
            texts = ", ".join(f't."{name}"::text' for name in columns)
            query = f"SELECT o.id::text, {texts} FROM (SELECT t.*, {whose} AS whose FROM {table} t) t JOIN songs o ON o.id = t.whose WHERE o.id = ANY (%s)"  # noqa: S608, E501
            for song_id, *row in connection.execute(query, [chosen]):
                found.setdefault(song_id, {}).setdefault(table, []).append(tuple(row))
        connection.execute("DROP INDEX bench_url")
    return list(found.values())
