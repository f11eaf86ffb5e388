"""Pages in Redis, among whatever else lies there."""

from datetime import UTC, datetime, timedelta

import pytest
from redis import Redis

from timbre_spider.storage.pages import Page
from timbre_spider.storage.redis_cache import RedisCache
from timbre_spider.storage.redis_pages import RedisPages

pytestmark = pytest.mark.integration

NOW = datetime(2026, 11, 28, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)
ONE, OTHER = (Page(f"https://example.test/album/{n}", NOW, "text/html", b"%d" % n) for n in (1, 2))


@pytest.fixture
def cache(redis: Redis, redis_server: str) -> RedisCache:
    return RedisCache(redis_server, 1)


def test_the_newest_is_under_its_key(cache: RedisCache) -> None:
    pages = RedisPages(cache)
    assert pages.get("a") is None
    for key, page in (("a", OTHER), ("a", ONE), ("b", OTHER)):
        pages.put(key, page, HOUR)
    assert [pages.get(key) for key in ("a", "b", "c")] == [ONE, OTHER, None]


def test_all_are_the_pages_alone_and_the_damaged_are_none(cache: RedisCache, redis: Redis) -> None:
    pages = RedisPages(cache)
    for key in ("a", "b"):
        pages.put(key, ONE if key == "a" else OTHER, HOUR)
    cache.keep([("answer:a", OTHER.packed(), HOUR), ("page:c", b"damaged", HOUR)])
    assert sorted(page.url for page in pages.all()) == [ONE.url, OTHER.url]
    assert pages.get("c") is None
    redis.zadd("timbre:cache:until", {"page:a": 1})  # its time is over
    assert [page.url for page in pages.all()] == [OTHER.url]


def test_a_page_is_kept_as_long_as_it_is_good(cache: RedisCache, redis: Redis) -> None:
    RedisPages(cache).put("a", ONE, 3 * HOUR)
    [(name, until)] = redis.zrange("timbre:cache:until", 0, -1, withscores=True)
    assert name == b"page:a"
    assert until / 1000 - redis.time()[0] == pytest.approx(3 * 3600, abs=30)
