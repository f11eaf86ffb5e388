"""Databases for tests: one real Postgres for the session, and on it a fresh one for each test, copied from one with the
schema."""

import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from copy import copy
from pathlib import Path
from subprocess import PIPE
from tempfile import mkdtemp
from typing import LiteralString
from urllib.parse import quote
from uuid import uuid4

import psycopg
import pytest
from psycopg import sql
from psycopg.conninfo import make_conninfo

from timbre_spider.storage.connect import EmbeddedDatabase
from timbre_spider.storage.embedded import SUPERUSER, EmbeddedServer
from timbre_spider.storage.migrate import SQL, migrate

# All rows of all tables but those the schema fills, without the triggers and references that would look at each; what
# numbers them begins anew.
EMPTY = """
DO $$
BEGIN
    SET LOCAL session_replication_role = replica;
    EXECUTE (SELECT string_agg(format('DELETE FROM %I;', relname), ' ') FROM pg_class
        WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace
            AND relname NOT IN ('schema_migrations', 'genre_names'));
    PERFORM setval(oid::regclass, 1, false) FROM pg_class
        WHERE relkind = 'S' AND relnamespace = 'public'::regnamespace;
END $$"""


# Whoever is still connected was of the test before.
ALONE = """
SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity
    WHERE datname = current_database() AND pid <> pg_backend_pid() AND backend_type = 'client backend'"""
# What a test may change of a database of its own alone.
SHAPE = """
SELECT (SELECT (count(*), max(oid)) FROM pg_class WHERE relnamespace = 'public'::regnamespace)::text,
    (SELECT (count(*), max(xmin::text::bigint)) FROM pg_proc WHERE pronamespace = 'public'::regnamespace)::text,
    (SELECT (count(*), max(oid)) FROM pg_trigger)::text,
    (SELECT md5(string_agg(m::text, ' ' ORDER BY version)) FROM schema_migrations m)"""


@contextmanager
def passing_folder() -> Iterator[Path]:
    """A folder that is removed at the end, also when this process is killed: a Postgres in it then ends by itself
    within a minute."""
    folder = mkdtemp(prefix="timbre-test-")
    # Waits for a line, or until nobody holds the other end of its pipe any more.
    remover = subprocess.Popen(["sh", "-c", 'read _; rm -rf "$1"', "sh", folder], stdin=PIPE, start_new_session=True)
    try:
        yield Path(folder)
    finally:
        remover.communicate(b"\n")


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[EmbeddedServer]:
    with passing_folder() as folder:
        # Whoever runs the tests again and again, as tests/mutation/sql.py does, keeps a server for all of them.
        server = EmbeddedServer(Path(os.environ.get("TIMBRE_TEST_POSTGRES", folder / "postgres")))
        hurry(server)
        yield server
        server.close()


@pytest.fixture(scope="session")
def schema() -> Path:
    """The files of sql/, or a mutant of them."""
    return Path(os.environ.get("TIMBRE_TEST_SQL", SQL))


@pytest.fixture(scope="session")
def migrated(postgres_server: EmbeddedServer, schema: Path) -> Iterator[str]:
    """The name of a database with the schema, to copy."""
    database = TestDatabase(postgres_server, f"migrated_{uuid4().hex}")
    migrate(database, schema)
    yield database.name
    database.close()
    drop(postgres_server, database.name)


class TestDatabase(EmbeddedDatabase):
    """A database of its own on the shared server, which outlives it."""

    __test__ = False

    def __init__(self, server: EmbeddedServer, name: str) -> None:
        super().__init__(server, name)
        self.name = name
        self.process = os.getpid()
        if "TIMBRE_TEST_SOCKETS" in os.environ:  # of a pooler before the server
            self._conninfo = make_conninfo(self._conninfo, host=os.environ["TIMBRE_TEST_SOCKETS"])

    def close(self) -> None:
        self._closing.detach()


@pytest.fixture
def empty_database(postgres_server: EmbeddedServer) -> Iterator[EmbeddedDatabase]:
    """A database without the schema."""
    database = TestDatabase(postgres_server, f"test_{uuid4().hex}")
    yield database
    database.close()
    drop(postgres_server, database.name)


@pytest.fixture(scope="session")
def emptied(postgres_server: EmbeddedServer, migrated: str) -> Iterator[TestDatabase]:
    """What one test after the other has for itself, with its connections."""
    # Whoever tries one schema after the other on one server, as tests/mutation/sql.py does, needs no copy beside it.
    name = migrated if "TIMBRE_TEST_POSTGRES" in os.environ else copied(postgres_server, migrated)
    database = TestDatabase(postgres_server, name)
    database.keep_connections()
    yield database
    database.hang_up()
    database.close()
    if name != migrated:
        drop(postgres_server, name)


@pytest.fixture
def database(request: pytest.FixtureRequest, emptied: TestDatabase) -> Iterator[EmbeddedDatabase]:
    """A database with the schema and no row: the one the test before had, emptied, less work than a copy."""
    if emptied.process != os.getpid():  # forks, as of tests/mutation/tried.py, would get into each other's way
        yield request.getfixturevalue("new_database")
        return
    with emptied.connect() as connection:
        if "TIMBRE_TEST_SOCKETS" not in os.environ:  # a pooler's connections are of no test
            connection.execute(ALONE)
        connection.execute(EMPTY)
        found = connection.execute(SHAPE).fetchone()
    yield copy(emptied)  # what a test makes of it is its own
    with emptied.connect() as connection:
        assert connection.execute(SHAPE).fetchone() == found, (
            "this test changes more than rows: let it take new_database"
        )


@pytest.fixture
def new_database(postgres_server: EmbeddedServer, migrated: str) -> Iterator[EmbeddedDatabase]:
    """One for a test that changes more than rows, or asks about more."""
    if "TIMBRE_TEST_SOCKETS" in os.environ:  # the pooler's connections to `migrated` stay, so nobody can copy it
        pytest.skip("not behind a pooler")
    database = TestDatabase(postgres_server, copied(postgres_server, migrated))
    yield database
    database.close()
    drop(postgres_server, database.name)


def hurry(server: EmbeddedServer) -> None:
    """Lets the server wait for no disk: what a machine's crash would lose is lost with the test. Takes seconds from
    each database dropped, for that writes all that the others have not written yet."""
    for name in ("fsync", "full_page_writes", "synchronous_commit"):
        _ask(server, "ALTER SYSTEM SET {} = off", name)
    _ask(server, "SELECT pg_reload_conf()")


def copied(server: EmbeddedServer, name: str) -> str:
    """The name of a new copy of the database `name`."""
    copy = f"test_{uuid4().hex}"
    _ask(server, "CREATE DATABASE {} TEMPLATE {}", copy, name)
    return copy


def drop(server: EmbeddedServer, name: str) -> None:
    _ask(server, "DROP DATABASE IF EXISTS {} WITH (FORCE)", name)


def url_of(server: EmbeddedServer, name: str) -> str:
    """What DATABASE_URL holds for a database of the server's."""
    return f"postgresql:///{name}?host={quote(str(server.socket_folder), safe='')}&user={SUPERUSER}"


def _ask(server: EmbeddedServer, query: LiteralString, *names: str) -> None:
    with psycopg.connect(
        host=str(server.socket_folder), user=SUPERUSER, dbname="postgres", autocommit=True
    ) as connection:
        connection.execute(sql.SQL(query).format(*map(sql.Identifier, names)))
