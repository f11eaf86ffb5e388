"""Who waits for Album of the Year, and who is told."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from typing import Any

import pytest

from timbre_spider.errors import Parked
from timbre_spider.items import Answer, Outcome
from timbre_spider.pipelines.aoty import waiting
from timbre_spider.pipelines.aoty.waiting import WaitingRoom
from timbre_spider.pipelines.aoty.wanted import Wanted
from timbre_spider.planning.album_pages import AlbumPool
from timbre_spider.planning.album_want import AlbumWant

pytestmark = pytest.mark.unit

NOW = datetime(2026, 3, 1, tzinfo=UTC)
KEY = "album:harbour"


def in_room(work: Callable[[WaitingRoom, AlbumPool], Awaitable[Any]]) -> Any:
    async def begin() -> Any:
        pool = AlbumPool()
        return await work(WaitingRoom(pool), pool)

    return asyncio.run(begin())


def enter(room: WaitingRoom, key: str = KEY) -> "asyncio.Future[Answer | None]":
    return room.enter(Wanted(key, "Ann", "Harbour"), AlbumWant(key, "ann", "2004", 5), [])


def test_a_song_of_an_album_that_waits_adds_its_plays_and_one_to_come_none() -> None:
    async def work(room: WaitingRoom, pool: AlbumPool) -> None:
        room.comes(KEY, 7)
        enter(room)
        room.comes(KEY, 3)
        room.comes("another", 9)
        assert [(want.key, want.plays) for want in pool.wants()] == [(KEY, 8)]

    in_room(work)


@pytest.mark.parametrize(
    ("ends", "waits"),
    [
        (enter, False),
        (lambda room: room.has_come(KEY), False),
        (lambda room: room.has_come("another"), True),
        (lambda room: room.comes(KEY, 1), True),
    ],
)
def test_those_that_come_are_waited_for_a_moment_until_they_wait_or_need_not(
    monkeypatch: pytest.MonkeyPatch, ends: Callable[[WaitingRoom], object], waits: bool
) -> None:
    monkeypatch.setattr(waiting, "_MOMENT", 0.05)

    async def work(room: WaitingRoom, pool: AlbumPool) -> float:
        loop = asyncio.get_running_loop()
        await room.gather()  # nobody comes
        room.comes(KEY, 1)
        loop.call_soon(ends, room)
        started = loop.time()
        await room.gather()
        return loop.time() - started

    assert (in_room(work) >= 0.045) is waits


@pytest.mark.parametrize("told", [Answer("aoty", KEY, Outcome.FOUND, NOW), Parked(NOW, "later"), None])
def test_who_is_told_waits_no_more_and_nobody_is_told_twice(told: Answer | Exception | None) -> None:
    async def work(room: WaitingRoom, pool: AlbumPool) -> object:
        reply, gone = enter(room), enter(room, "gone")
        gone.cancel()
        for key in ("gone", KEY, KEY, "nobody"):
            room.tell(key, told)
        assert (len(room), room.get(KEY), pool.wants()) == (0, None, [])
        try:
            return await reply
        except Parked as parked:
            return parked

    assert in_room(work) is told


@pytest.mark.parametrize(("outcome", "found"), [(Outcome.FOUND, 1), (Outcome.ABSENT, 0), (None, 0)])
def test_the_pool_learns_how_many_were_found(
    monkeypatch: pytest.MonkeyPatch, outcome: Outcome | None, found: int
) -> None:
    learned: list[bool] = []
    remove = AlbumPool.remove

    def watched(pool: AlbumPool, key: str, *, found: bool) -> None:
        learned.append(found)
        remove(pool, key, found=found)

    monkeypatch.setattr(AlbumPool, "remove", watched)

    async def work(room: WaitingRoom, pool: AlbumPool) -> None:
        enter(room)
        room.tell(KEY, Answer("aoty", KEY, outcome, NOW) if outcome else None)

    in_room(work)
    assert learned == [bool(found)]


def test_all_may_be_told_the_same() -> None:
    async def work(room: WaitingRoom, pool: AlbumPool) -> None:
        replies = [enter(room, key) for key in "abc"]
        room.tell_all(error := Parked(NOW, "later"))
        assert [reply.exception() for reply in replies] == [error] * 3

    in_room(work)
