"""Who waits for Spotify, and who is told."""

import asyncio
from collections.abc import Awaitable
from datetime import UTC, datetime

import pytest

from tests.planning.making import want
from timbre_spider.errors import Parked
from timbre_spider.items import Answer, Outcome
from timbre_spider.pipelines.spotify.waiting import WaitingRoom
from timbre_spider.planning.pool import Pool

pytestmark = pytest.mark.unit

NOW = datetime(2026, 11, 29, tzinfo=UTC)
LANTERN, HARBOUR = want("Lantern"), want("Harbour")


def answer(key: str) -> Answer:
    return Answer("spotify", key, Outcome.FOUND, NOW)


def test_an_answer_that_came_before_its_item_is_taken_once() -> None:
    room = WaitingRoom(Pool())
    room.keep(answer(LANTERN.key))
    assert room.told_before(HARBOUR.key) is None
    assert room.told_before(LANTERN.key) == answer(LANTERN.key)
    assert room.told_before(LANTERN.key) is None


def test_a_song_waits_in_the_pool_as_long_as_its_item_waits() -> None:
    async def work() -> None:
        pool = Pool()
        room = WaitingRoom(pool)
        assert not room
        replies = [room.enter(each, known) for each, known in ((LANTERN, None), (HARBOUR, answer(HARBOUR.key)))]
        assert room
        assert [room.get(each.key) for each in (LANTERN, HARBOUR)] == [waiting for _, waiting in room]
        assert [waiting.known for _, waiting in room] == [None, answer(HARBOUR.key)]
        assert [each.key for each in pool.all()] == [LANTERN.key, HARBOUR.key]
        # Whoever is told while all are gone through leaves the others in their places.
        for key, _ in room:
            room.tell(key, answer(key) if key == LANTERN.key else Parked(NOW, "tomorrow"))
        assert (bool(room), len(pool), room.get(LANTERN.key)) == (False, 0, None)
        assert await replies[0] == answer(LANTERN.key)
        with pytest.raises(Parked, match="tomorrow"):
            await replies[1]

    asyncio.run(work())


def test_who_no_longer_waits_is_told_nothing_and_waits_in_the_pool_no_more() -> None:
    async def work() -> None:
        pool = Pool()
        room = WaitingRoom(pool)
        reply: Awaitable[Answer] = room.enter(LANTERN, None)
        assert isinstance(reply, asyncio.Future)
        reply.cancel()
        for _ in range(2):
            room.tell(LANTERN.key, answer(LANTERN.key))
        assert (len(pool), bool(room)) == (0, False)

    asyncio.run(work())
