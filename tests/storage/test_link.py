"""A line to the database: what goes over it, one at a time, and a new one when it broke."""

import asyncio
from collections.abc import Callable
from typing import Any

import psycopg
import pytest

from tests.storage.making import NOW, answer, look, song
from timbre_spider.items import Reject
from timbre_spider.storage.database import Database
from timbre_spider.storage.link import PostgresLink, function_call
from timbre_spider.storage.pending_write import PendingWrite


@pytest.mark.unit
@pytest.mark.parametrize(
    ("value", "type_", "sent"),
    [
        ("a", "text", "a"),
        (7, "integer", 7),
        (True, "boolean", True),
        (None, "text", None),
        ([], "text[]", []),
        (["a", "b\x00"], "text[]", ["a", "b\ufffd"]),
        (("a",), "text[]", ["a"]),
        ({"a": [1, None]}, "jsonb", '{"a": [1, null]}'),
        ({"ü": "\ud800"}, "jsonb", '{"\\u00fc": "\\ufffd"}'),
    ],
)
def test_an_argument_goes_by_its_name_and_type(value: Any, type_: str, sent: Any) -> None:
    query, values = function_call("a function", {"a name": value, "second": 1})
    assert query.decode() == f'SELECT "a function"("a name" => %s::{type_}, "second" => %s::integer)'
    assert values == [sent, 1]


@pytest.mark.unit
def test_a_function_without_arguments_is_called_so() -> None:
    assert function_call("f", {}) == (b'SELECT "f"()', [])


def over(database: Database, work: Callable[[PostgresLink, list[int]], Any]) -> Any:
    """`work` with a link, and the backends that it was connected to."""
    backends: list[int] = []

    async def connect() -> psycopg.AsyncConnection:
        connection = await database.connect_async()
        backends.append(connection.info.backend_pid)
        return connection

    async def run() -> Any:
        link = PostgresLink(connect)
        try:
            return await work(link, backends)
        finally:
            await link.close()

    return asyncio.run(run())


@pytest.mark.integration
def test_a_batch_is_copied_and_merged_and_the_same_connection_serves_again(database: Database) -> None:
    async def work(link: PostgresLink, backends: list[int]) -> tuple[Any, ...]:
        told = await link.load([PendingWrite.of_answers([answer("hash:1")]), PendingWrite.of_song(song())])
        seal = await link.call("timbre_ledger_seal", {})
        assert await link.load([]) == {}
        return told["new"], seal == database.call("timbre_ledger_seal", {}), len(backends)

    assert over(database, work) == ([1], True, 1)
    assert look(database, "SELECT key FROM answers") == ["hash:1"]


@pytest.mark.integration
def test_many_at_once_wait_for_each_other(database: Database) -> None:
    async def work(link: PostgresLink, backends: list[int]) -> int:
        rejects = [PendingWrite.of_rejects([Reject("me", "A", str(n), 1, "x")]) for n in range(5)]
        await asyncio.gather(
            *(link.load([write]) for write in rejects), *(link.call("timbre_overrides", {}) for _ in range(5))
        )
        return len(backends)

    assert over(database, work) == 1
    assert look(database, "SELECT count(*) FROM rejects") == [5]


@pytest.mark.integration
@pytest.mark.parametrize("refused", ["call", "load"])
def test_what_is_refused_costs_no_connection(database: Database, refused: str) -> None:
    async def work(link: PostgresLink, backends: list[int]) -> int:
        bad = answer("hash:1")
        object.__setattr__(bad, "score", 2.0)
        with pytest.raises(psycopg.Error):
            await (link.call("no_such", {}) if refused == "call" else link.load([PendingWrite.of_answers([bad])]))
        await link.load([PendingWrite.of_answers([answer("hash:2")])])
        return len(backends)

    assert over(database, work) == 1
    assert look(database, "SELECT key FROM answers") == ["hash:2"]


@pytest.mark.integration
@pytest.mark.parametrize("asked", ["call", "load"])
def test_after_it_broke_the_next_is_asked_over_a_new_one(database: Database, asked: str) -> None:
    async def ask(link: PostgresLink) -> None:
        await (
            link.call("timbre_overrides", {})
            if asked == "call"
            else link.load([PendingWrite.of_answers([answer("hash:1")])])
        )

    async def work(link: PostgresLink, backends: list[int]) -> int:
        await ask(link)
        await asyncio.to_thread(look, database, "SELECT pg_terminate_backend(%s, 5000)", backends[0])
        with pytest.raises(psycopg.OperationalError):
            await ask(link)
        await ask(link)
        return len(backends)

    assert over(database, work) == 2


@pytest.mark.integration
@pytest.mark.parametrize("asked", ["call", "load"])
def test_who_gives_up_half_way_leaves_nothing_behind_for_the_next(database: Database, asked: str) -> None:
    async def work(link: PostgresLink, backends: list[int]) -> Any:
        with database.connect() as other, other.transaction():
            other.execute("LOCK TABLE answers IN ACCESS EXCLUSIVE MODE")
            question = {"source": "spotify", "keys": ["hash:1"], "at": NOW.isoformat()}
            waits = asyncio.create_task(
                link.load([PendingWrite.of_answers([answer("hash:1")])])
                if asked == "load"
                else link.call("timbre_stale", question)
            )
            async with asyncio.timeout(30):
                while not await asyncio.to_thread(look, database, BLOCKED):
                    await asyncio.sleep(0.01)
            waits.cancel()
            await asyncio.gather(waits, return_exceptions=True)
        await link.load([PendingWrite.of_answers([answer("hash:2")])])
        return waits.cancelled()

    assert over(database, work)
    assert look(database, "SELECT key FROM answers") == ["hash:2"]


BLOCKED = "SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"


@pytest.mark.integration
def test_it_hangs_up_and_once_is_enough(database: Database) -> None:
    async def work(link: PostgresLink, backends: list[int]) -> int:
        await link.close()  # nothing was asked yet
        await link.call("timbre_overrides", {})
        for _ in range(2):
            await link.close()
        async with asyncio.timeout(30):
            while backends[0] in await asyncio.to_thread(look, database, "SELECT pid FROM pg_stat_activity"):
                await asyncio.sleep(0.01)
        await link.call("timbre_overrides", {})
        return len(backends)

    assert over(database, work) == 2
