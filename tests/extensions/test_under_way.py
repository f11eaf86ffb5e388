"""What is asked just now is known to all who share a Redis, and held up by nobody who is gone."""

import asyncio
from collections.abc import Callable

import pytest
from redis import Redis

from timbre_spider.extensions import under_way
from timbre_spider.extensions.under_way import Begun, UnderWay
from timbre_spider.storage.redis_line import RedisLine

pytestmark = pytest.mark.integration

ELSEWHERE, HERE, AFTER_ANOTHER = Begun.ELSEWHERE, Begun.HERE, Begun.AFTER_ANOTHER


def two(redis_url: str, work: Callable[[UnderWay, UnderWay], None]) -> None:
    """Two workers."""

    async def inside() -> None:
        ann, bob = (UnderWay(RedisLine(redis_url)) for _ in range(2))
        work(ann, bob)
        ann.close()
        bob.close()

    asyncio.run(inside())


def test_one_asks_and_the_others_look_what_it_was_told_before_they_ask_on(redis: Redis, redis_server: str) -> None:
    def work(ann: UnderWay, bob: UnderWay) -> None:
        assert (ann.begin("x"), bob.begin("x"), bob.begin("y")) == (HERE, ELSEWHERE, HERE)
        ann.end("x")
        assert [bob.begin("x"), bob.begin("x")] == [AFTER_ANOTHER, HERE]
        assert ann.begin("x") == ELSEWHERE
        assert all(key.startswith(b"timbre:") for key in redis.keys("*"))
        assert all(0 < redis.ttl(key) <= 3600 for key in redis.keys("*"))
        assert redis.ttl("timbre:asked:x") > 3500

    two(redis_server, work)
    assert redis.keys("timbre:asking:*") == []


def test_who_only_looked_an_answer_up_sends_nobody_to_look_again(redis: Redis, redis_server: str) -> None:
    def work(ann: UnderWay, bob: UnderWay) -> None:
        cat = UnderWay(RedisLine(redis_server))
        ann.begin("x")
        ann.end("x")
        assert [bob.begin("x"), cat.begin("x"), bob.begin("x")] == [AFTER_ANOTHER, AFTER_ANOTHER, HERE]
        bob.end("x")
        assert [cat.begin("x"), ann.begin("x"), cat.begin("x")] == [AFTER_ANOTHER, AFTER_ANOTHER, HERE]
        cat.close()

    two(redis_server, work)


def test_an_asker_says_five_times_in_its_lease_that_it_asks_on() -> None:
    assert (under_way._LEASE, under_way._BEAT) == (15.0, 3.0)


def test_who_asks_twice_ends_twice(redis: Redis, redis_server: str) -> None:
    def work(ann: UnderWay, bob: UnderWay) -> None:
        assert [ann.begin("x"), ann.begin("x")] == [HERE, HERE]
        ann.end("x")
        assert bob.begin("x") == ELSEWHERE
        ann.end("x")
        ann.end("x")
        assert bob.begin("x") == AFTER_ANOTHER

    two(redis_server, work)


def test_who_is_not_heard_of_any_more_asks_no_more(redis: Redis, redis_server: str) -> None:
    def work(ann: UnderWay, bob: UnderWay) -> None:
        ann.begin("x")
        redis.pexpire("timbre:asking:x", 10_000)
        ann.renew()
        assert 10_000 < redis.pttl("timbre:asking:x") <= 15_000
        redis.delete("timbre:asking:x")
        assert [bob.begin("x"), bob.begin("x")] == [AFTER_ANOTHER, HERE]
        # It comes late, and ends what is another's by now.
        ann.end("x")
        assert redis.exists("timbre:asking:x")

    two(redis_server, work)


def test_while_something_is_asked_a_sign_of_life_is_given(
    redis: Redis, redis_server: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(under_way, "_BEAT", 0)

    async def work() -> None:
        ann = UnderWay(RedisLine(redis_server))
        for _ in range(2):
            ann.begin("x")
            redis.pexpire("timbre:asking:x", 5_000)
            while redis.pttl("timbre:asking:x") <= 5_000:
                await asyncio.sleep(0)
            ann.end("x")
            beating = ann._beating
            assert beating is not None
            await beating

    asyncio.run(asyncio.wait_for(work(), 20))


@pytest.mark.parametrize("for_ever", [True, False])
def test_what_is_not_ours_holds_nobody_up(redis: Redis, redis_server: str, for_ever: bool) -> None:
    redis.set("timbre:asking:x", "somebody", ex=None if for_ever else 16)
    redis.hset("timbre:asked:y", "of another", "program")
    two(redis_server, lambda ann, bob: [ann.begin("x"), ann.begin("y")] == [HERE, HERE] or pytest.fail("held up"))


def test_without_redis_everything_may_be_asked() -> None:
    def work(ann: UnderWay, bob: UnderWay) -> None:
        assert [ann.begin("x"), bob.begin("x"), ann.begin("x")] == [HERE, HERE, HERE]
        ann.end("x")

    two("redis://127.0.0.1:1/0", work)
