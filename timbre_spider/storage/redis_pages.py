"""Pages in Redis, for workers that share no disk. Imported only where REDIS_URL is set: needs the extra `redis`."""

import logging
from collections.abc import Iterator
from typing import cast

from redis.exceptions import RedisError

from timbre_spider.sharing import connect_redis
from timbre_spider.storage.pages import Page

logger = logging.getLogger(__name__)

_PREFIX = "timbre:page:"


class RedisPages:
    """A key a page. Where Redis does not answer there is no page, and none is kept: the site is asked instead."""

    def __init__(self, url: str) -> None:
        self._redis = connect_redis(url)

    def get(self, key: str) -> Page | None:
        try:
            packed = self._redis.get(_PREFIX + key)
        except RedisError as error:
            logger.warning("Redis gives no page (%s).", type(error).__name__)
            return None
        return Page.unpacked(cast("bytes", packed)) if packed else None

    def put(self, key: str, page: Page) -> None:
        try:
            self._redis.set(_PREFIX + key, page.packed())
        except RedisError as error:
            logger.warning("Redis keeps no page (%s).", type(error).__name__)

    def all(self) -> Iterator[Page]:
        for key in self._redis.scan_iter(f"{_PREFIX}*", count=100):
            packed = self._redis.get(key)
            if packed and (page := Page.unpacked(cast("bytes", packed))):
                yield page
