"""A real Postgres for the session, a fresh database for each test."""

import os
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import LiteralString
from uuid import uuid4

import psycopg
import pytest
from psycopg import sql

from timbre_spider.storage.connect import EmbeddedDatabase
from timbre_spider.storage.embedded import EmbeddedServer
from timbre_spider.storage.migrate import SQL, migrate


@pytest.fixture
def data_dir() -> Iterator[Path]:
    """A folder for a server's data; not pytest's own, which is closed to the users some tests become."""
    with TemporaryDirectory(prefix="timbre-test-") as folder:
        yield Path(folder)


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[EmbeddedServer]:
    with TemporaryDirectory(prefix="timbre-test-") as folder:
        # Whoever runs the tests again and again, as tests/mutants does, keeps a server for all of them.
        server = EmbeddedServer(Path(os.environ.get("TIMBRE_TEST_POSTGRES", Path(folder) / "postgres")))
        yield server
        server.close()


@pytest.fixture(scope="session")
def migrated(postgres_server: EmbeddedServer) -> Iterator[str]:
    """The name of a database with the schema (of TIMBRE_TEST_SQL, else of sql/) to copy."""
    database = TestDatabase(postgres_server, f"migrated_{uuid4().hex}")
    migrate(database, Path(os.environ.get("TIMBRE_TEST_SQL", SQL)))
    yield database.name
    database.close()
    _drop(postgres_server, database.name)


class TestDatabase(EmbeddedDatabase):
    """A database of its own on the shared server, which outlives it."""

    __test__ = False

    def __init__(self, server: EmbeddedServer, name: str) -> None:
        super().__init__(server, name)
        self.name = name

    def close(self) -> None:
        self._closing.detach()


@pytest.fixture
def empty_database(postgres_server: EmbeddedServer) -> Iterator[EmbeddedDatabase]:
    database = TestDatabase(postgres_server, f"test_{uuid4().hex}")
    yield database
    database.close()
    _drop(postgres_server, database.name)


@pytest.fixture
def database(postgres_server: EmbeddedServer, migrated: str) -> Iterator[EmbeddedDatabase]:
    if "TIMBRE_TEST_POSTGRES" in os.environ:  # emptied, which is quicker than copied
        database = TestDatabase(postgres_server, migrated)
        with database.connect() as connection:
            connection.execute(
                "DO $$ BEGIN EXECUTE (SELECT 'TRUNCATE ' || string_agg(format('%I', relname), ', ') ||"
                " ' RESTART IDENTITY CASCADE' FROM pg_class WHERE relkind = 'r'"
                " AND relnamespace = 'public'::regnamespace AND relname <> 'schema_migrations'); END $$"
            )
        yield database
        database.close()
        return
    name = f"test_{uuid4().hex}"
    _ask(postgres_server, "CREATE DATABASE {} TEMPLATE {}", name, migrated)
    database = TestDatabase(postgres_server, name)
    yield database
    database.close()
    _drop(postgres_server, name)


def _drop(server: EmbeddedServer, name: str) -> None:
    _ask(server, "DROP DATABASE IF EXISTS {} WITH (FORCE)", name)


def _ask(server: EmbeddedServer, query: LiteralString, *names: str) -> None:
    with psycopg.connect(
        host=str(server.socket_folder), user="postgres", dbname="postgres", autocommit=True
    ) as connection:
        connection.execute(sql.SQL(query).format(*map(sql.Identifier, names)))


@pytest.fixture
def spool_dir(tmp_path: Path) -> Path:
    return tmp_path / "spool"
