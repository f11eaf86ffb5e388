"""Whose turn it is, over all who share a database."""

import asyncio
from typing import Any

import pytest

from tests.storage.making import look
from timbre_spider.storage.database import Database
from timbre_spider.storage.runs import Runs
from timbre_spider.storage.turns import Turns

pytestmark = pytest.mark.integration


def with_turns(database: Database, work: Any) -> Any:
    async def run() -> Any:
        turns = Turns(database.link())
        try:
            return await work(turns)
        finally:
            await turns.close()

    return asyncio.run(run())


def test_a_turn_taken_puts_the_next_off_for_its_service(database: Database) -> None:
    async def work(turns: Turns) -> list[tuple[float, int]]:
        return [await turns.take(service, 60.5) for service in ("one", "other", "one", "other")]

    first, other, *waits = with_turns(database, work)
    assert first == other == (0.0, 1)
    assert [55 < wait <= 60.5 for wait, _ in waits] == [True, True]
    assert [sharers for _, sharers in waits] == [0, 0]


def test_who_shares_a_service_is_counted(database: Database) -> None:
    runs = Runs(database)
    for _ in range(3):
        runs.start("lastfm_top", sandbox=True)
    assert with_turns(database, lambda turns: turns.take("one", 0.001)) == (0.0, 3)


def test_a_service_that_is_held_has_no_turn_and_the_others_have(database: Database) -> None:
    async def work(turns: Turns) -> list[tuple[float, int]]:
        await turns.hold("one", 100.5)
        return [await turns.take("one", 1), await turns.take("other", 1)]

    (wait, _), free = with_turns(database, work)
    assert 95 < wait <= 100.5
    assert free == (0.0, 1)


def test_it_hangs_up(database: Database) -> None:
    async def work() -> None:
        turns = Turns(database.link())
        await turns.take("one", 1)
        [pid] = look(database, OTHERS)
        await turns.close()
        async with asyncio.timeout(20):
            while pid in look(database, OTHERS):
                await asyncio.sleep(0.01)

    asyncio.run(work())


OTHERS = """
    SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()
        AND backend_type = 'client backend' AND query LIKE '%%timbre_take_turn%%'"""
