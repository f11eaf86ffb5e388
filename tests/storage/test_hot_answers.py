"""Copies of answers in Redis: what is there is what the ledger would tell, whatever else is written there."""

import asyncio
from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from redis import Redis

from tests.storage.making import NOW
from timbre_spider.config import Config, load_config
from timbre_spider.items import Answer, Outcome
from timbre_spider.storage.database import Database
from timbre_spider.storage.forget import forget
from timbre_spider.storage.hot_answers import HotAnswers
from timbre_spider.storage.link import PostgresLink
from timbre_spider.storage.recall import Reader
from timbre_spider.storage.redis_cache import RedisCache
from timbre_spider.storage.writer import Writer

pytestmark = pytest.mark.integration

DAY, WEEK = timedelta(days=1), timedelta(days=7)
FOUND = Answer("aoty", "album:x", Outcome.FOUND, NOW, NOW + 3 * DAY, {"a": [1, None, "❤"]}, 0.25, "low", "a reason")
ABSENT = Answer("aoty", "album:x", Outcome.ABSENT, NOW)


class Counting(PostgresLink):
    """Counts the answers that the database was asked for."""

    asked = 0

    async def call(self, function: str, arguments: Mapping[str, Any]) -> Any:
        type(self).asked += len(arguments.get("keys", ()))
        return await super().call(function, arguments)


@pytest.fixture
def config(redis: Redis, redis_server: str) -> Config:
    return load_config(_env_file=None, redis_url=redis_server)


@pytest.fixture
def hot(database: Database, config: Config, monkeypatch: pytest.MonkeyPatch) -> HotAnswers:
    monkeypatch.setattr(database, "link", lambda: Counting(database.connect_async))
    Counting.asked = 0
    told = HotAnswers.of(database, config)
    assert told is not None
    return told


@pytest.fixture
def alone(redis: Redis, redis_server: str) -> HotAnswers:
    """Without a database, of which only the seal is needed."""
    return HotAnswers(RedisCache(redis_server, 1), "ab" * 32)


def remember(database: Database, hot: HotAnswers | None, *answers: Answer) -> None:
    async def run() -> None:
        writer = Writer(database, spool_dir=Path("/nonexistent"), hot=hot, retry_attempts=0)
        await writer.open()
        await writer.record(answers)
        await writer.close()

    asyncio.run(run())


def read(database: Database, hot: HotAnswers | None, at: Any = NOW, key: str = "album:x") -> Answer | None:
    async def run() -> Answer | None:
        reader = Reader(database, hot=hot, clock=lambda: at)
        try:
            return await reader.answer("aoty", key)
        finally:
            await reader.close()

    return asyncio.run(run())


def settled(redis: Redis) -> None:
    """As a while after the last change."""
    for key in redis.keys("timbre:changing:*"):
        redis.delete(key)


def test_what_was_read_once_is_read_from_redis_as_the_ledger_told_it(
    database: Database, hot: HotAnswers, redis: Redis
) -> None:
    remember(database, hot, FOUND)
    settled(redis)
    assert [read(database, hot) for _ in range(3)] == [FOUND] * 3
    assert (Counting.asked, hot.hits, hot.misses, hot.damaged) == (1, 2, 1, 0)
    assert read(database, None) == FOUND
    assert Counting.asked == 2


def test_of_many_questions_the_database_is_asked_those_that_are_not_there(
    database: Database, hot: HotAnswers, redis: Redis
) -> None:
    keys = [f"album:{n}" for n in range(4)]
    remember(database, hot, *(replace(FOUND, key=key) for key in keys[:3]))
    settled(redis)
    read(database, hot, key=keys[0])

    async def run() -> Any:
        reader = Reader(database, hot=hot, clock=lambda: NOW)
        told = await reader.song("hash:x", [("aoty", key) for key in keys])
        await reader.close()
        return told

    known, answers = asyncio.run(run())
    assert (known, sorted(key for _, key in answers)) == (None, keys[:3])
    assert Counting.asked == 1 + 3


@pytest.mark.parametrize(
    ("answer", "kept_for"),
    [
        pytest.param(FOUND, 3 * DAY, id="until it is due"),
        pytest.param(replace(FOUND, next_check=NOW + DAY / 2), DAY / 2, id="until it is due, soon"),
        pytest.param(replace(FOUND, next_check=NOW + 30 * DAY), WEEK, id="a week at most"),
        pytest.param(replace(FOUND, next_check=None), WEEK, id="what is never asked again, too"),
        pytest.param(replace(ABSENT, next_check=NOW + 32 * DAY, misses=6), DAY, id="what was not there, a day"),
        pytest.param(replace(FOUND, next_check=NOW), None, id="what is due, not"),
        pytest.param(Answer("aoty", "album:x", Outcome.DEFERRED, NOW, NOW + DAY), None, id="what was put off, not"),
        pytest.param(Answer("aoty", "album:x", Outcome.REFUSED, NOW), None, id="what was refused, not"),
        pytest.param(Answer("aoty", "album:x", Outcome.FAILED, NOW), None, id="what failed, not"),
    ],
)
def test_how_long_an_answer_is_kept(
    alone: HotAnswers, redis: Redis, answer: Answer, kept_for: timedelta | None
) -> None:
    alone.keep([answer], NOW)
    seconds, _ = redis.time()
    left = [until / 1000 - seconds for _, until in redis.zrange("timbre:cache:until", 0, -1, withscores=True)]
    assert left == ([] if kept_for is None else [pytest.approx(kept_for.total_seconds(), abs=30)])


@pytest.mark.parametrize("learned", [FOUND, replace(FOUND, values={"b": 2}, asked_at=NOW + DAY), ABSENT])
def test_what_the_ledger_learns_is_read_at_once(
    database: Database, hot: HotAnswers, redis: Redis, learned: Answer
) -> None:
    """What an absent one or an older one said before is nowhere any more; a weaker answer changes nothing."""
    for before in (ABSENT, FOUND):
        remember(database, hot, before)
        settled(redis)
        read(database, hot)
    remember(database, hot, learned)
    assert read(database, hot) == read(database, None)
    settled(redis)
    assert [read(database, hot) for _ in range(2)] == [read(database, None)] * 2


def test_who_read_before_a_change_keeps_nothing_after_it(database: Database, hot: HotAnswers) -> None:
    remember(database, None, ABSENT)
    before = read(database, None)
    assert before is not None
    remember(database, hot, FOUND)
    hot.keep([before], NOW)
    assert read(database, hot) == FOUND


def test_what_is_due_at_that_moment_is_none(alone: HotAnswers) -> None:
    alone.keep([FOUND], NOW)
    question, due = (FOUND.source, FOUND.key), NOW + 3 * DAY
    assert [list(alone.get([question], at)) for at in (due - timedelta(seconds=1), due)] == [[question], []]


def test_what_is_due_meanwhile_is_asked_of_the_ledger(database: Database, hot: HotAnswers) -> None:
    remember(database, None, FOUND)
    assert read(database, hot) == FOUND
    later = read(database, hot, NOW + 4 * DAY)
    assert later is not None
    assert (hot.hits, hot.damaged) == (0, 0)


def test_another_database_s_answers_are_none(database: Database, hot: HotAnswers, config: Config, redis: Redis) -> None:
    remember(database, None, FOUND)
    read(database, hot)
    seal = database.call("timbre_ledger_seal", {})
    assert HotAnswers(hot._cache, seal).get([("aoty", "album:x")], NOW)
    forget(database, "nobody")
    assert database.call("timbre_ledger_seal", {}) != seal, "copies of what was forgotten are nobody's"
    other = HotAnswers.of(database, config)
    assert other is not None
    assert other.get([("aoty", "album:x")], NOW) == {}
    assert (other.misses, other.damaged) == (1, 0)


def test_of_all_who_write_into_redis_only_this_ledger_is_believed(
    database: Database, hot: HotAnswers, redis: Redis
) -> None:
    remember(database, None, FOUND, replace(FOUND, key="album:y", values={"of": "y"}))
    read(database, hot, key="album:y")
    [(_, of_another)] = redis.hgetall("timbre:cache").items()
    read(database, hot)
    [name] = [name for name, thing in redis.hgetall("timbre:cache").items() if thing != of_another]
    whole = redis.hget("timbre:cache", name)
    false = [
        b"", b"\0", b"null", b"[]", b"\xff" * 100, b"cos\nsystem\n(S'x'\ntR.", b"[" * 100_000, whole[:-1], whole + b" ",
        whole.replace(b"low", b"hig"), bytes(16) + whole[16:], of_another, b"x" * 1_000_000,
    ]  # fmt: skip
    for thing in false:
        redis.hset("timbre:cache", name, thing)
        assert hot.get([("aoty", "album:x")], NOW) == {}, thing[:40]
    assert hot.damaged == len(false)
    assert read(database, hot) == FOUND
    assert read(database, hot) == FOUND
    assert hot.hits == 1


@pytest.mark.parametrize("told", [b"[]", b"{}", b"7", b'["found","yesterday",null,{},null,null,"",0]',
    b'["lost","2026-11-28T00:00:00+00:00",null,{},null,null,"",0]',
    b'["found","2026-11-28T00:00:00+00:00",null,{},null,null,"",0,false,1]'])  # fmt: skip
def test_what_a_program_of_another_version_kept_is_a_miss(alone: HotAnswers, told: bytes) -> None:
    name = alone._name("aoty", "album:x")
    alone._cache.keep([(name, alone._digest(name.encode() + told) + told, DAY)])
    assert alone.get([("aoty", "album:x")], NOW) == {}
    assert alone.damaged == 1


def test_without_redis_all_is_as_before(database: Database) -> None:
    assert HotAnswers.of(database, load_config(_env_file=None)) is None
    away = HotAnswers.of(database, load_config(_env_file=None, redis_url="redis://127.0.0.1:1/0"))
    assert away is not None
    remember(database, away, FOUND)
    assert read(database, away) == FOUND
    assert HotAnswers.of(database, load_config(_env_file=None, redis_url="redis://x/0", redis_cache_mb=0)) is None
