"""The catalogue filled at once: all of it arrives, and how Python works meanwhile is as before afterwards."""

import asyncio
import gc
import sys
import threading
from collections.abc import Iterator, Sequence
from typing import Any

import pytest

from tests.storage.making import look
from tests.storage.test_albums import BARE, seen
from timbre_spider.errors import DatabaseUnreachable
from timbre_spider.items import Sighting
from timbre_spider.storage.catalogue import fill
from timbre_spider.storage.database import Database
from timbre_spider.storage.link import PostgresLink

pytestmark = pytest.mark.integration


def albums(first: int, count: int) -> list[Sighting]:
    return [seen(BARE, number=n, title=f"Album {n}") for n in range(first, first + count)]


@pytest.fixture
def loads(database: Database, monkeypatch: pytest.MonkeyPatch) -> list[list[int]]:
    """The rows of each write of each load."""
    told: list[list[int]] = []
    load = PostgresLink.load

    async def noted(link: PostgresLink, writes: Any) -> Any:
        told.append([write.size for write in writes])
        return await load(link, writes)

    monkeypatch.setattr(PostgresLink, "load", noted)
    return told


def test_all_parts_are_loaded_and_counted(database: Database, loads: list[list[int]]) -> None:
    parts = [albums(1, 1999), [], albums(2000, 1), albums(2001, 450)]
    assert fill(database, iter(parts)) == 2450
    assert loads == [[200] * 10, [200, 200, 50]]
    assert look(database, "SELECT count(*), min(number), max(number) FROM aoty_sightings") == [(2450, 1, 2450)]


def test_nothing_told_is_nothing_loaded(database: Database, loads: list[list[int]]) -> None:
    assert fill(database, iter([])) == 0
    assert loads == []


def test_the_next_part_is_read_while_one_is_loaded(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("timbre_spider.storage.catalogue._TOGETHER", 1)
    read, load = threading.Event(), PostgresLink.load

    async def slow(link: PostgresLink, writes: Any) -> Any:
        async with asyncio.timeout(30):
            while not read.is_set():
                await asyncio.sleep(0.001)
        return await load(link, writes)

    def told() -> Iterator[Sequence[Sighting]]:
        yield albums(1, 1)
        read.set()
        yield albums(2, 1)

    monkeypatch.setattr(PostgresLink, "load", slow)
    assert fill(database, told()) == 2
    assert look(database, "SELECT count(*) FROM aoty_sightings") == [2]


def test_what_reads_wrongly_is_told_with_what_came_before_loaded(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("timbre_spider.storage.catalogue._TOGETHER", 1)

    def told() -> Iterator[Sequence[Sighting]]:
        yield albums(1, 1)
        yield albums(2, 1)
        raise LookupError("a damaged file")

    with pytest.raises(LookupError, match="a damaged file"):
        fill(database, told())
    assert look(database, "SELECT number FROM aoty_sightings") == [1]


def test_a_database_that_refuses_is_named_in_a_line(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    async def refuses(link: PostgresLink, writes: Any) -> Any:
        raise OSError("no\n room " + "!" * 300)

    monkeypatch.setattr(PostgresLink, "load", refuses)
    with pytest.raises(DatabaseUnreachable) as caught:
        fill(database, iter([albums(1, 1)]))
    said = str(caught.value)
    assert f"{database.description} does not take the albums: no room {'!' * 192}. Mend it" in said

    async def is_away(link: PostgresLink, writes: Any) -> Any:
        raise DatabaseUnreachable("it is away")

    monkeypatch.setattr(PostgresLink, "load", is_away)
    with pytest.raises(DatabaseUnreachable, match=r"^it is away$"):
        fill(database, iter([albums(1, 1)]))


def how_python_works() -> tuple[Any, ...]:
    return gc.get_threshold(), sys.getswitchinterval()


@pytest.mark.parametrize("fails", [False, True])
def test_python_collects_seldom_and_takes_turns_often_only_meanwhile(database: Database, fails: bool) -> None:
    before = how_python_works()
    frozen = gc.get_freeze_count()
    meanwhile = []

    def told() -> Iterator[Sequence[Sighting]]:
        meanwhile.append((how_python_works(), gc.get_freeze_count() > 0))
        if fails:
            raise LookupError
        yield albums(1, 1)

    try:
        fill(database, told())
    except LookupError:
        assert fails
    assert meanwhile == [(((100_000, *before[0][1:]), pytest.approx(0.0005)), True)]
    assert how_python_works() == before
    assert gc.get_freeze_count() == 0
    if frozen:  # as after the collection of tests
        gc.freeze()


def test_it_hangs_up(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    closed, close = [], PostgresLink.close

    async def noted(link: PostgresLink) -> None:
        await close(link)
        closed.append(link._connection)

    monkeypatch.setattr(PostgresLink, "close", noted)
    fill(database, iter([albums(1, 1)]))
    assert closed == [None]
