"""DATABASE_URL: what is understood, and that no message ever holds the password."""

import asyncio
from pathlib import Path
from types import SimpleNamespace
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


class StartedError(Exception):
    """In place of an embedded server: the folder it would be in."""


@pytest.fixture
def none_started(monkeypatch: pytest.MonkeyPatch) -> None:
    def start(folder: Path) -> None:
        raise StartedError(folder)

    monkeypatch.setattr("timbre_spider.storage.connect.EmbeddedServer", start)


SUPABASE = {"supabase_url": "https://x.supabase.co", "supabase_service_role_key": "hunter2"}


@pytest.mark.usefixtures("none_started")
@pytest.mark.parametrize(
    ("given", "opened"),
    [
        (SUPABASE, "https://x.supabase.co (Supabase over REST)"),
        ({**SUPABASE, "database_url": "postgresql://u@127.0.0.1:1/db"}, "postgresql://u@127.0.0.1:1/db"),
        ({"supabase_url": "https://x.supabase.co"}, "postgres"),
        ({"supabase_service_role_key": "hunter2"}, "postgres"),
        ({}, "postgres"),
    ],
)
def test_the_address_comes_first_then_supabase_then_one_under_the_data(
    given: dict[str, str], opened: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Database, "connect", lambda database: SimpleNamespace(close=lambda: None))
    config = load_config(_env_file=None, data_dir=tmp_path, **given)
    if opened == "postgres":
        with pytest.raises(StartedError) as started:
            open_database(config)
        assert started.value.args == (tmp_path / "postgres",)
    else:
        assert open_database(config).description == opened


def test_a_connection_for_the_crawl_starts_a_server_again_that_has_crashed(tmp_path: Path) -> None:
    """As one for commands does (test_embedded.py, with a server that is killed)."""
    tried = []

    class Crashed(EmbeddedDatabase):
        def __init__(self) -> None:
            Database.__init__(self, "host=127.0.0.1 port=1 dbname=x", "one that has crashed")
            self.server = SimpleNamespace(ensure_running=lambda: tried.append("started"))  # type: ignore[assignment]

    with pytest.raises(DatabaseUnreachable):
        asyncio.run(Crashed().connect_async())
    with pytest.raises(DatabaseUnreachable):
        Crashed().connect()
    assert tried == ["started"] * 2


def test_connections_prepare_nothing(database: Database) -> None:
    with database.connect() as connection:
        for _ in range(20):
            connection.execute("SELECT %s::int", [1])
        prepared: Any = connection.execute("SELECT count(*) FROM pg_prepared_statements").fetchone()
    assert prepared == (0,)
