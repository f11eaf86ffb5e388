"""The pace of a service shared across processes. Imported only where REDIS_URL is set: needs the extra `redis`."""

from collections.abc import Awaitable
from typing import cast

from redis.asyncio import Redis
from redis.exceptions import RedisError

from timbre_spider.errors import Unusable
from timbre_spider.sources.pace import interval, jittered


class RedisPace:
    """The pace shared by every process that names the same Redis and service, by the server's clock.

    Raises Unusable when Redis does not answer: without it nobody knows what the others ask.
    """

    # Times in microseconds; "%.0f" because Lua would write such numbers as 1.7e+15.
    _TAKE = """
        local time = redis.call('TIME')
        local now = time[1] * 1000000 + time[2]
        local next_start = tonumber(redis.call('GET', KEYS[1]) or '0')
        local interval = tonumber(ARGV[1])
        if now < next_start then return next_start - now end
        local ttl = math.ceil(interval / 1000) + 1000
        redis.call('SET', KEYS[1], string.format('%.0f', now + interval), 'PX', ttl)
        return 0
    """

    def __init__(self, redis_url: str, service: str, limit: int) -> None:
        self._redis = Redis.from_url(redis_url, socket_timeout=5, socket_connect_timeout=5)
        self._take = self._redis.register_script(self._TAKE)
        self._key = f"timbre:pace:{service}"
        self._interval = interval(limit)

    async def take(self) -> float:
        try:
            microseconds = round(jittered(self._interval) * 1e6)
            wait = await cast("Awaitable[int]", self._take(keys=[self._key], args=[microseconds]))
        except (RedisError, OSError) as error:
            raise Unusable(
                f"Redis does not answer ({type(error).__name__}), so the workers' common pace is unknown: "
                "check REDIS_URL and the server."
            ) from None
        return wait / 1e6

    async def aclose(self) -> None:
        await self._redis.aclose()
