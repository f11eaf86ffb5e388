"""What a run or worker is asking just now, told to all that share its Redis, so that none asks the same meanwhile.

timbre:asking:NAME        string  who asks about it; gone when it is answered, or its asker is
timbre:asked:NAME         set     who has looked up, or given, the last answer
"""

import asyncio
from collections import Counter
from enum import IntEnum
from functools import partial
from typing import TYPE_CHECKING, Self
from uuid import uuid4

from timbre_spider.config import Config
from timbre_spider.storage.staging import short_key

if TYPE_CHECKING:
    from timbre_spider.storage.redis_line import RedisLine

# An asker that is not heard of for so long asks no more, and says so often that it does; in seconds.
_LEASE, _BEAT = 15.0, 3.0
# Who knows the last answer is known for so long; in milliseconds.
_REMEMBERED = 3_600_000


class Begun(IntEnum):
    """What came of beginning to ask: another asks now; it may be asked; look up another's answer first."""

    ELSEWHERE = 0
    HERE = 1
    AFTER_ANOTHER = 2


class UnderWay:
    """Where Redis is away everything may be asked."""

    def __init__(self, line: "RedisLine") -> None:
        self._line = line
        self._begin, self._end = line.script("begin"), line.script("end")
        self._me = uuid4().hex
        self._asking: Counter[str] = Counter()
        self._beating: asyncio.Task[None] | None = None

    @classmethod
    def of(cls, config: Config) -> Self | None:
        """With the Redis of REDIS_URL; None without."""
        if config.redis_url is None:
            return None
        from timbre_spider.storage.redis_line import RedisLine

        return cls(RedisLine(config.redis_url.get_secret_value()))

    def begin(self, about: str) -> Begun:
        """Whether to ask about it. HERE: then nobody else does before `end`. AFTER_ANOTHER: only once; the next time it
        is HERE, unless others asked again."""
        name = short_key(about)
        told = self._line.ask(partial(self._begin, args=[name, self._me, round(_LEASE * 1000), _REMEMBERED]))
        begun = Begun.HERE if told is None else Begun(told)
        if begun is Begun.HERE:
            self._asking[name] += 1
            if self._beating is None or self._beating.done():
                self._beating = asyncio.create_task(self._beat())
        return begun

    def end(self, about: str) -> None:
        """It was answered, as often as it was begun."""
        name = short_key(about)
        if name not in self._asking:
            return
        self._asking[name] -= 1
        if not self._asking[name]:
            del self._asking[name]
            self._line.ask(partial(self._end, args=[name, self._me]))

    def renew(self) -> None:
        """Whoever asks here still does."""
        for name in self._asking:
            self._line.ask(partial(self._line.redis.pexpire, f"timbre:asking:{name}", round(_LEASE * 1000)))

    def close(self) -> None:
        """Nothing is asked here any more."""
        if self._beating is not None:
            self._beating.cancel()
        for name in list(self._asking):
            self._line.ask(partial(self._end, args=[name, self._me]))
        self._asking.clear()

    async def _beat(self) -> None:
        while self._asking:
            await asyncio.sleep(_BEAT)
            self.renew()
