"""What lies in Redis for a while: bounded, each thing with its time."""

from datetime import timedelta
from types import SimpleNamespace

import pytest
from redis import Redis

from timbre_spider.storage import redis_line
from timbre_spider.storage.redis_cache import RedisCache

pytestmark = pytest.mark.integration

HOUR = timedelta(hours=1)


@pytest.fixture
def cache(redis: Redis, redis_server: str) -> RedisCache:
    return RedisCache(redis_server, 1)


def test_a_thing_is_there_until_its_time_is_over(cache: RedisCache, redis: Redis) -> None:
    cache.keep([("a", b"1", HOUR), ("b", b"2", HOUR)])
    assert cache.get(["a", "c", "b"]) == [b"1", None, b"2"]
    redis.zadd("timbre:cache:until", {"a": 1})
    assert cache.get(["a", "b"]) == [None, b"2"]
    cache.keep([("c", b"3", HOUR)])
    assert sorted(redis.hkeys("timbre:cache")) == [b"b", b"c"]


def test_all_keys_have_our_prefix_and_are_gone_when_the_last_time_is_over(cache: RedisCache, redis: Redis) -> None:
    cache.keep([("a", b"1", HOUR), ("b", b"2", 2 * HOUR)])
    cache.change(["a"])
    assert all(key.startswith(b"timbre:") for key in redis.keys("*"))
    assert all(3600 < redis.ttl(key) <= 7200 for key in redis.keys("timbre:cache*"))
    assert 0 < redis.ttl("timbre:changing:a") <= 10


def test_what_is_changing_goes_and_is_not_kept(cache: RedisCache, redis: Redis) -> None:
    """Who read it before and keeps it after the change would keep what was."""
    cache.keep([("a", b"old", HOUR), ("b", b"old", HOUR)])
    cache.change(["a"])
    cache.keep([("a", b"old", HOUR), ("b", b"new", HOUR)])
    assert cache.get(["a", "b"]) == [None, b"new"]
    redis.delete("timbre:changing:a")
    cache.keep([("a", b"new", HOUR)])
    assert cache.get(["a"]) == [b"new"]


def test_it_takes_no_more_than_it_may_and_what_is_over_first_goes_first(cache: RedisCache, redis: Redis) -> None:
    before = redis.info("memory")["used_memory"]
    things = [(f"name {n}", bytes([n % 251]) * 700, HOUR * (n + 1)) for n in range(3000)]
    for at in range(0, 3000, 100):
        cache.keep(things[at : at + 100])
    # Where each is worth more than those before it the newest stay.
    kept = sum(each is not None for each in cache.get([name for name, _, _ in things]))
    assert 800 < kept < 1100
    assert [each for each in cache.get([name for name, _, _ in things[-kept:]]) if each is None] == []
    told = int(redis.get("timbre:cache:bytes"))
    assert told <= 1_000_000
    # What Redis itself counts, tables that grow by doubling included.
    assert redis.info("memory")["used_memory"] - before <= 1_300_000
    cache.change([name for name, _, _ in things])
    assert int(redis.get("timbre:cache:bytes")) == 0


def test_with_no_room_nothing_is_kept(redis: Redis, redis_server: str) -> None:
    cache = RedisCache(redis_server, 0)
    cache.keep([("a", b"1", HOUR)])
    assert cache.get(["a"]) == [None]


def test_the_same_again_takes_no_more(cache: RedisCache, redis: Redis) -> None:
    for thing in (b"1", b"22", b"1"):
        cache.keep([("a", thing, HOUR)])
    assert int(redis.get("timbre:cache:bytes")) == 2 * 1 + 1 + 250


@pytest.mark.parametrize("lost", ["timbre:cache", "timbre:cache:until", "timbre:cache:bytes"])
def test_a_server_short_of_memory_may_throw_any_of_it_away(cache: RedisCache, redis: Redis, lost: str) -> None:
    cache.keep([("a", b"1", HOUR)])
    redis.delete(lost)
    cache.get(["a"])
    cache.keep([("b", b"2", HOUR)])
    assert cache.get(["a", "b"]) == [None, b"2"]
    assert int(redis.get("timbre:cache:bytes")) == 2 * 1 + 1 + 250


def test_what_is_not_ours_under_our_names_stops_nobody(
    cache: RedisCache, redis: Redis, caplog: pytest.LogCaptureFixture
) -> None:
    redis.set("timbre:cache:until", "of another program")
    assert cache.get(["a"]) == [None]
    assert [record.levelname for record in caplog.records] == ["WARNING"]


def test_a_redis_that_is_away_has_nothing_and_hears_of_changes_when_it_is_back(
    cache: RedisCache, redis: Redis, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    cache.keep([("a", b"old", HOUR)])
    pool = cache._line.redis.connection_pool
    there = pool.connection_kwargs["port"]
    pool.disconnect()
    pool.reset()
    pool.connection_kwargs["port"] = 1
    now = [1000.0]
    monkeypatch.setattr(redis_line, "time", SimpleNamespace(monotonic=lambda: now[0]))
    cache.change(["a"])
    assert cache.get(["a", "b"]) == [None, None]
    assert len(caplog.records) == 1
    pool.disconnect()
    pool.reset()
    pool.connection_kwargs["port"] = there
    now[0] = 1029.9
    cache.keep([("b", b"new", HOUR)])
    assert redis.hkeys("timbre:cache") == [b"a"], "it is left alone for half a minute"
    now[0] = 1030.0
    assert cache.get(["a"]) == [None]
    assert redis.hkeys("timbre:cache") == []


def test_a_slow_redis_is_waited_for_a_second(cache: RedisCache) -> None:
    told = cache._line.redis.connection_pool.connection_kwargs
    assert (told["socket_timeout"], told["socket_connect_timeout"]) == (1, 1)


def test_many_at_once(cache: RedisCache) -> None:
    things = [(str(n), b"%d" % n, HOUR) for n in range(1201)]
    cache.keep(things)
    assert cache.get([name for name, _, _ in things]) == [thing for _, thing, _ in things]
    assert sorted(cache.names("12")) == sorted(name for name, _, _ in things if name.startswith("12"))
