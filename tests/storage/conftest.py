"""A real Postgres for the session, a fresh database for each test."""

from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from uuid import uuid4

import psycopg
import pytest
from psycopg import sql

from timbre_spider.storage.connect import EmbeddedDatabase
from timbre_spider.storage.embedded import EmbeddedServer
from timbre_spider.storage.migrate import migrate


@pytest.fixture
def data_dir() -> Iterator[Path]:
    """A folder for a server's data; not pytest's own, which is closed to the users some tests become."""
    with TemporaryDirectory(prefix="timbre-test-") as folder:
        yield Path(folder)


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[EmbeddedServer]:
    with TemporaryDirectory(prefix="timbre-test-") as folder:
        server = EmbeddedServer(Path(folder) / "postgres")
        yield server
        server.close()


class TestDatabase(EmbeddedDatabase):
    """A database of its own on the shared server, which outlives it."""

    __test__ = False

    def close(self) -> None:
        self._closing.detach()


@pytest.fixture
def empty_database(postgres_server: EmbeddedServer) -> Iterator[EmbeddedDatabase]:
    name = f"test_{uuid4().hex}"
    database = TestDatabase(postgres_server, name)
    yield database
    database.close()
    with psycopg.connect(
        host=str(postgres_server.socket_folder), user="postgres", dbname="postgres", autocommit=True
    ) as connection:
        connection.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))


@pytest.fixture
def database(empty_database: EmbeddedDatabase) -> EmbeddedDatabase:
    migrate(empty_database)
    return empty_database


@pytest.fixture
def spool_dir(tmp_path: Path) -> Path:
    return tmp_path / "spool"
