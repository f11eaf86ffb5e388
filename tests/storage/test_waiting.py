"""When a batch is due, how much of what waits is in it, and who is let in."""

import asyncio
from functools import partial
from types import SimpleNamespace
from typing import Any

import pytest

from tests.sources.fake_time import run
from tests.storage.making import answer
from timbre_spider.storage import waiting as module
from timbre_spider.storage.pending_write import PendingWrite
from timbre_spider.storage.waiting import Waiting

pytestmark = pytest.mark.unit


@pytest.fixture(autouse=True)
def fake_time(monkeypatch: pytest.MonkeyPatch) -> None:
    def now() -> float:
        return asyncio.get_running_loop().time()

    monkeypatch.setattr(module, "time", SimpleNamespace(monotonic=now))


def add_to(waiting: Waiting, *sizes: int) -> None:
    """Writes of so many rows each; one of one row unless told."""
    for rows in sizes or [1]:
        waiting.add(PendingWrite.of_answers([answer(f"hash:{n}") for n in range(rows)]))


async def taking(waiting: Waiting, taken: list[Any]) -> None:
    """Takes until the last; notes when, and the rows of each write."""
    while (batch := await waiting.take()) is not None:
        if batch:  # at the end there may be none in it
            taken.append((asyncio.get_running_loop().time(), [each.size for each in batch]))
    taken.append("over")


async def taken_of(waiting: Waiting, *steps: tuple[float, Any]) -> list[Any]:
    """What is taken while each step is done so many seconds after the one before."""
    taken: list[Any] = []
    task = asyncio.create_task(taking(waiting, taken))
    for seconds, step in steps:
        await asyncio.sleep(seconds)
        step()
    await asyncio.sleep(100)
    task.cancel()
    return taken


def test_a_batch_is_due_when_the_first_has_waited() -> None:
    async def work() -> list[Any]:
        waiting = Waiting(10, 5)
        add = partial(add_to, waiting)
        return await taken_of(waiting, (1, add), (4, add), (2, add))

    assert run(work()) == [(6, [1, 1]), (12, [1])]


@pytest.mark.parametrize(
    ("sizes", "batches"),
    [
        ([4, 5], [(5, [4, 5])]),
        ([4, 6], [(0, [4, 6])]),
        ([11], [(0, [11])]),
        ([9, 9, 9], [(0, [9, 9]), (5, [9])]),
        ([10, 10, 1], [(0, [10]), (0, [10]), (5, [1])]),
    ],
)
def test_a_batch_is_due_at_once_when_enough_rows_wait(sizes: list[int], batches: list[Any]) -> None:
    async def work() -> list[Any]:
        waiting = Waiting(10, 5)
        return await taken_of(waiting, (0, partial(add_to, waiting, *sizes)))

    assert run(work()) == batches


def test_what_waits_when_it_is_told_to_hurry_waits_no_longer_and_what_comes_then_does() -> None:
    async def work() -> list[Any]:
        waiting = Waiting(10, 50)
        add = partial(add_to, waiting)
        return await taken_of(waiting, (0, add), (1, waiting.hurry), (1, add))

    assert run(work()) == [(1, [1]), (52, [1])]


def test_at_the_end_all_is_handed_out_and_who_takes_is_told() -> None:
    async def work() -> list[Any]:
        waiting = Waiting(2, 50)
        return await taken_of(waiting, (0, partial(add_to, waiting, 1, 1, 1)), (1, waiting.close))

    assert run(work()) == [(0, [1, 1]), (1, [1]), "over"]


def test_who_takes_when_nothing_ever_came_is_told_of_the_end() -> None:
    async def work() -> list[Any]:
        waiting = Waiting(2, 5)
        return await taken_of(waiting, (1, waiting.close))

    assert run(work()) == ["over"]


def test_of_two_lines_each_takes_what_the_other_left() -> None:
    async def work() -> list[Any]:
        waiting = Waiting(2, 5)
        other: list[Any] = []
        task = asyncio.create_task(taking(waiting, other))
        mine = await taken_of(waiting, (1, partial(add_to, waiting, 1, 1, 1, 1, 1)), (10, waiting.close))
        await task
        return [sorted(each for each in mine + other if each != "over"), mine[-1], other[-1]]

    assert run(work()) == [[(1, [1, 1]), (1, [1, 1]), (6, [1])], "over", "over"]


def test_ten_batches_of_rows_wait_at_most_before_more_may_come() -> None:
    async def work() -> list[bool]:
        waiting = Waiting(3, 5)
        told = []

        async def is_full() -> bool:
            try:
                async with asyncio.timeout(1):
                    await waiting.room()
            except TimeoutError:
                return True
            return False

        for size in (29, 1):
            add_to(waiting, size)
            told.append(await is_full())
        await waiting.take()
        return [*told, await is_full()]

    assert run(work()) == [False, True, False]
