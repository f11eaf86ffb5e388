"""How a database is reached, and what is said where it is not."""

import asyncio
from collections.abc import Callable
from typing import Any

import psycopg
import pytest
from psycopg.conninfo import conninfo_to_dict

from tests.conftest import free_port
from timbre_spider.errors import DatabaseUnreachable
from timbre_spider.storage.connect import database_at
from timbre_spider.storage.database import Database

pytestmark = pytest.mark.integration

LONG = "host=127.0.0.1 port={port} user=u password=hunter2 sslpassword=secret dbname=db"


def settings_of(connection: psycopg.Connection | psycopg.AsyncConnection) -> tuple[Any, ...]:
    given = connection.info.get_parameters()
    return given["application_name"], given["connect_timeout"], connection.autocommit, connection.prepare_threshold


def test_every_connection_says_who_it_is_waits_ten_seconds_and_commits_by_itself(new_database: Database) -> None:
    async def asked() -> tuple[Any, ...]:
        connection = await new_database.connect_async()
        try:
            return settings_of(connection)
        finally:
            await connection.close()

    told = [asyncio.run(asked())]
    with new_database.connect() as connection:
        told.append(settings_of(connection))
    new_database.keep_connections()
    with new_database.connect() as connection:
        told.append(settings_of(connection))
    new_database.keep_connections()  # once more is no harm
    with new_database.connect() as again:
        assert again is connection
    new_database.hang_up()
    assert told == [("timbre_spider", "10", True, None)] * 3


def test_with_nothing_kept_there_is_nothing_to_hang_up(database: Database) -> None:
    other = Database(database._conninfo, "x")
    other.hang_up()
    with other as opened:
        assert opened is other


WAYS: dict[str, Callable[[Database], Any]] = {
    "connect": Database.connect,
    "connect_async": lambda database: asyncio.run(database.connect_async()),
    "call": lambda database: database.call("timbre_overrides", {}),
}


@pytest.mark.parametrize("way", WAYS)
def test_where_nobody_listens_that_is_said_in_a_line_without_the_password(way: str) -> None:
    database = Database(LONG.format(port=free_port()), "a database")
    with pytest.raises(DatabaseUnreachable) as caught:
        WAYS[way](database)
    said = str(caught.value)
    assert said.startswith("The database a database cannot be reached: connection")
    assert said.endswith(". Check DATABASE_URL and that the server runs.")
    assert "\n" not in said
    assert "  " not in said
    assert "hunter2" not in said
    assert caught.value.__suppress_context__


def test_a_password_in_what_the_server_says_is_starred() -> None:
    database = Database(LONG.format(port=1), "a database")
    assert "wrong *** for *** at" in str(database._unreachable(Exception("wrong hunter2 for\n hunter2  at")))
    without = Database("host=127.0.0.1 port=1 dbname=db", "a database")
    assert "said None and so" in str(without._unreachable(Exception("said None and so")))


def test_a_function_answers_or_what_is_wrong_is_named(database: Database, empty_database: Database) -> None:
    assert database.call("timbre_still_songs", {"ids": []}) == 0
    assert database.call("timbre_overrides", {}) == []
    with pytest.raises(DatabaseUnreachable) as caught:
        empty_database.call("timbre_overrides", {})
    said = str(caught.value)
    place = empty_database.description
    why = "function timbre_overrides() does not exist"
    assert said.startswith(f"The database {place} refuses timbre_overrides: {why}. Is its schema up to date? ")
    assert said.endswith("`timbre db status` tells, `timbre db migrate` brings it there.")


def test_a_server_that_ends_the_call_is_one_that_is_away(new_database: Database) -> None:
    with new_database.connect() as connection:
        connection.execute(
            "CREATE FUNCTION ends() RETURNS jsonb LANGUAGE sql AS"
            " $$ SELECT to_jsonb(pg_terminate_backend(pg_backend_pid())) $$"
        )
    with pytest.raises(DatabaseUnreachable, match="cannot be reached"):
        new_database.call("ends", {})


def test_psql_is_given_all_but_what_is_secret() -> None:
    place, secret = Database(LONG.format(port=5433), "x").conninfo_for_psql()
    assert secret == {"password": "hunter2", "sslpassword": "secret"}
    assert conninfo_to_dict(place) == {
        "host": "127.0.0.1", "port": "5433", "user": "u", "dbname": "db", "connect_timeout": "10",
        "application_name": "timbre_spider",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("url", "description"),
    [
        ("postgresql://me:hunter2@db.example.test:6432/music", "postgresql://me@db.example.test:6432/music"),
        ("postgres://me:hunter2@db.example.test/music?sslmode=require", "postgresql://me@db.example.test:5432/music"),
        ("postgresql:///music?user=me", "postgresql://me@localhost:5432/music"),
        ("postgresql://me@%2Frun%2Fpg/music", "postgresql://me@/run/pg:5432/music"),
        ("postgresql://db.example.test", "postgresql://@db.example.test:5432/"),
    ],
)
def test_a_database_is_described_by_its_place(url: str, description: str) -> None:
    assert database_at(url).description == description
