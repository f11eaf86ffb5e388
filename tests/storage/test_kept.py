"""Connections that are used again."""

import time
from concurrent.futures import ThreadPoolExecutor

import psycopg
import pytest

from timbre_spider.errors import DatabaseUnreachable
from timbre_spider.storage.database import Database

pytestmark = pytest.mark.integration


def backend(database: Database) -> int:
    with database.connect() as connection:
        return connection.info.backend_pid


@pytest.fixture
def keeping(new_database: Database) -> Database:
    new_database.keep_connections()
    return new_database


def test_a_connection_left_in_good_order_is_used_again(keeping: Database) -> None:
    assert backend(keeping) == backend(keeping)
    with keeping.connect() as one, keeping.connect() as other:
        both = {one.info.backend_pid, other.info.backend_pid}
    assert len(both) == 2
    assert {backend(keeping), backend(keeping)} < both
    keeping.hang_up()


def test_at_the_end_nobody_waits_for_connections_that_were_left(keeping: Database) -> None:
    left, thrown = keeping.connect(), keeping.connect()
    left.__exit__(None, None, None)
    thrown.__exit__(ZeroDivisionError, ZeroDivisionError(), None)
    began = time.monotonic()
    keeping.hang_up()
    assert time.monotonic() - began < 1
    assert left.closed


def test_one_that_an_error_was_met_on_or_that_is_in_a_transaction_is_not(keeping: Database) -> None:
    first = backend(keeping)
    with pytest.raises(ZeroDivisionError), keeping.connect():
        raise ZeroDivisionError
    second = backend(keeping)
    assert second != first
    with keeping.connect() as connection:
        connection.execute("BEGIN")
    assert backend(keeping) != second
    keeping.hang_up()


def test_one_that_the_server_has_ended_is_not(keeping: Database) -> None:
    first = backend(keeping)
    with psycopg.connect(keeping._conninfo, autocommit=True) as other:
        other.execute("SELECT pg_terminate_backend(%s, 5000)", [first])
    assert backend(keeping) != first
    keeping.hang_up()


def test_only_some_wait_and_none_after_the_end(keeping: Database) -> None:
    opened = [keeping.connect() for _ in range(6)]
    for connection in opened:
        connection.__exit__(None, None, None)
    assert [connection.closed for connection in opened] == [False] * 4 + [True] * 2
    keeping.hang_up()
    assert all(connection.closed for connection in opened)


def test_what_is_under_way_at_the_end_is_cancelled(keeping: Database) -> None:
    asked = "SELECT FROM pg_stat_activity WHERE query = 'SELECT pg_sleep(20)'"

    def wait_for_long() -> None:
        with keeping.connect() as connection:
            connection.execute("SELECT pg_sleep(20)")

    with ThreadPoolExecutor() as threads, psycopg.connect(keeping._conninfo, autocommit=True) as looking:
        waiting = [threads.submit(wait_for_long) for _ in range(2)]
        while len(looking.execute(asked).fetchall()) < 2:
            assert not any(each.done() for each in waiting)
        keeping.hang_up()
        for each in waiting:
            with pytest.raises(DatabaseUnreachable, match="cancel"):
                each.result()


def test_without_being_told_to_none_is_kept(new_database: Database) -> None:
    with new_database.connect() as connection:
        pass
    assert connection.closed


def test_a_server_that_is_away_is_told_as_ever(keeping: Database) -> None:
    keeping._conninfo = "host=/nowhere dbname=x"
    with pytest.raises(DatabaseUnreachable):
        Database.connect(keeping)
