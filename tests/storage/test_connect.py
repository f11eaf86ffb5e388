"""DATABASE_URL: what is understood, and that no message ever holds the password."""

from typing import Any

import pytest

from timbre_spider.config import load_config
from timbre_spider.errors import ConfigError, DatabaseUnreachable, TimbreError
from timbre_spider.storage.connect import EmbeddedDatabase, database_at, open_database
from timbre_spider.storage.database import Database
from timbre_spider.storage.embedded import EmbeddedServer

pytestmark = pytest.mark.integration


@pytest.mark.parametrize("scheme", ["postgres", "postgresql"])
def test_both_schemes_open(postgres_server: EmbeddedServer, scheme: str) -> None:
    folder = str(postgres_server.socket_folder).replace("/", "%2F")
    config = load_config(database_url=f"{scheme}://postgres:hunter2@{folder}/postgres?sslmode=prefer")
    with open_database(config) as database, database.connect() as connection:
        assert connection.execute("SELECT 1").fetchone() == (1,)
        assert "hunter2" not in database.description
        assert not isinstance(database, EmbeddedDatabase)


WRONG = [
    ("postgresql://u:hunter2@127.0.0.1:1/db", DatabaseUnreachable),
    ("postgresql://u@127.0.0.1:1/db?password=hunter2", DatabaseUnreachable),
    ("postgresql://u:hunter2@nowhere.invalid/db", DatabaseUnreachable),
    ("postgresql://u:hunter2@127.0.0.1:1/db?sslmode=hunter2", DatabaseUnreachable),
    ("postgresql://u:hunter2@127.0.0.1:1/db?hunter2=1", ConfigError),
    ("postgresql://u:h@hunter2@127.0.0.1:1/db", ConfigError),
    ("postgresql://u:p#hunter2@127.0.0.1:1/db", DatabaseUnreachable),
    ("postgresql://u:p/hunter2@127.0.0.1:1/db", ConfigError),
    ("postgresql://u:hunter2%zz@127.0.0.1:1/db", ConfigError),
    ("postgresql://u:hunter2@127.0.0.1:port/db", ConfigError),
    ("mysql://u:hunter2@127.0.0.1/db", ConfigError),
    ("hunter2", ConfigError),
    ("host=127.0.0.1 password=hunter2", ConfigError),
]


@pytest.mark.parametrize(("url", "error"), WRONG)
def test_a_wrong_address_is_one_line_without_the_password(url: str, error: type[TimbreError]) -> None:
    with pytest.raises(error) as caught:
        open_database(load_config(database_url=url))
    said = str(caught.value)
    assert "hunter2" not in said
    assert "DATABASE_URL" in said
    assert "\n" not in said
    assert caught.value.__context__ is None or caught.value.__suppress_context__


def test_an_attribute_dump_does_not_show_the_password() -> None:
    database = database_at("postgresql://u:hunter2@127.0.0.1:1/db")
    assert "hunter2" not in repr(database) + database.description


def test_connections_prepare_nothing(database: Database) -> None:
    with database.connect() as connection:
        for _ in range(20):
            connection.execute("SELECT %s::int", [1])
        prepared: Any = connection.execute("SELECT count(*) FROM pg_prepared_statements").fetchone()
    assert prepared == (0,)
