"""A database of many songs, at rest, for what is asked of one: made once, and kept where the benchmark is told to."""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from bench_storage import loaded
from psycopg import sql

from timbre_spider.storage.connect import EmbeddedDatabase
from timbre_spider.storage.embedded import SUPERUSER, EmbeddedServer
from timbre_spider.storage.migrate import migrate

# Songs made by the program itself; the others are copies of them under other names and ids.
MADE = 10_000

# Table → what is another in a copy: `{}` is the column, `{n}` the number of the copy.
HASH = "'hash:' || md5({} || {n}::text) || '00000000'"
KEY = f"CASE WHEN {{}} LIKE 'hash:%' THEN {HASH} ELSE {{}} || ' ' || {{n}}::text END"
ID = "md5({}::text || {n}::text)::uuid"
COPIES: dict[str, dict[str, str]] = {
    "songs": {
        "id": ID, "canonical_id": HASH, "artist": "{} || ' ' || {n}", "updated_at": "{} - {n} * interval '1 s'",
        "isrc": "left({}, 5) || lpad((10 * {n} + right({}, 1)::int)::text, 7, '0')",
        "spotify_id": "left(md5({} || {n}::text), 22)",
    },
    "song_keys": {"key": HASH, "song_id": ID},
    "spotify_attrs": {"song_id": ID},
    "open_attrs": {"song_id": ID},
    "lastfm_stats": {"song_id": ID, "playcount": "{} + {n} % 7"},
    "song_quality": {"song_id": ID, "completeness": "greatest({} - {n} % 10 / 100.0, 0)"},
    "songs_unrated": {"song_id": ID},
    "aoty_attrs": {"song_id": ID, "user_score": "({} + {n}) % 100"},
    # The id as it is reckoned from the names: the schema, brought up to date, makes rows one that are one by it.
    "aliases": {
        "id": "timbre_alias_id(t.listener, t.artist || ' ' || {n}, t.title)", "song_id": ID, "name_key": HASH,
        "artist": "{} || ' ' || {n}",
    },
    "questions": {"song_key": HASH, "key": KEY},
    "answers": {"key": KEY},
}  # fmt: skip


@contextmanager
def large_database(songs: int, kept: Path | None) -> Iterator[EmbeddedDatabase]:
    """A database of so many songs: the one `kept` there, made where there is none yet; without `kept` a passing one."""
    with tempfile.TemporaryDirectory(prefix="timbre-bench-") as passing:
        folder = kept or Path(passing)
        server = EmbeddedServer(folder / "postgres")
        with EmbeddedDatabase(server, f"songs_{songs}") as database:
            migrate(database)
            with database.connect() as connection:
                filled = connection.execute("SELECT EXISTS (SELECT FROM songs)").fetchone()
            if filled == (False,):
                fill(database, folder, songs)
            yield database


def url_of(database: EmbeddedDatabase, name: str) -> str:
    """How another process reaches it."""
    folder = str(database.server.socket_folder).replace("/", "%2F")
    return f"postgresql:///{name}?host={folder}&user={SUPERUSER}"


def fill(database: EmbeddedDatabase, folder: Path, songs: int) -> None:
    """An empty one with so many songs."""
    loaded(folder, f"songs_{songs}", min(MADE, songs), 2000)
    with database.connect() as connection:
        connection.execute("SET session_replication_role = replica")
        indexes = connection.execute(
            "SELECT indexname, indexdef FROM pg_indexes JOIN pg_class ON relname = indexname"
            " JOIN pg_index ON indexrelid = pg_class.oid WHERE tablename = ANY (%s) AND NOT indisunique",
            [list(COPIES)],
        ).fetchall()
        for name, _ in indexes:
            connection.execute(sql.SQL("DROP INDEX {}").format(sql.Identifier(name)))
        for table, changed in COPIES.items():
            columns = [
                name
                for (name,) in connection.execute(
                    "SELECT column_name FROM information_schema.columns"
                    " WHERE table_name = %s AND is_generated = 'NEVER'",
                    [table],
                )
            ]
            values = ", ".join(changed.get(name, "{}").replace("{}", f't."{name}"') for name in columns)
            names = ", ".join(f'"{name}"' for name in columns)
            connection.execute(f"CREATE TEMP TABLE made AS SELECT * FROM {table}".encode())  # noqa: S608
            for number in range(1, songs // MADE):
                copied = values.replace("{n}", str(number))
                query = f"INSERT INTO {table} ({names}) SELECT {copied} FROM made t ON CONFLICT DO NOTHING"  # noqa: S608
                connection.execute(query.encode())
            connection.execute("DROP TABLE made")
        for _, definition in indexes:
            connection.execute(definition.encode())
        connection.execute("VACUUM ANALYZE")
