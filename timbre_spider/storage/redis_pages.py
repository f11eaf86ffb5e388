"""Pages in Redis, for workers that share no disk. Imported only where REDIS_URL is set: needs the extra `redis`."""

from collections.abc import Iterator
from datetime import timedelta

from timbre_spider.storage.pages import Page
from timbre_spider.storage.redis_cache import RedisCache

_PREFIX = "page:"


class RedisPages:
    """Where Redis does not answer there is no page, and none is kept: the site is asked instead."""

    def __init__(self, cache: RedisCache) -> None:
        self._cache = cache

    def get(self, key: str) -> Page | None:
        [packed] = self._cache.get([_PREFIX + key])
        return Page.unpacked(packed or b"")

    def put(self, key: str, page: Page, good_for: timedelta) -> None:
        self._cache.keep([(_PREFIX + key, page.packed(), good_for)])

    def all(self) -> Iterator[Page]:
        for name in self._cache.names(_PREFIX):
            [packed] = self._cache.get([name])
            if page := Page.unpacked(packed or b""):
                yield page
