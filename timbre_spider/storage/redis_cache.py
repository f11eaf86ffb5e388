"""A cache in Redis that all runs and workers share: things by name, each with its time, together within a bound.
Imported only where REDIS_URL is set: needs the extra `redis`.

    timbre:cache              hash    what is kept, by name
    timbre:cache:until        zset    names by the moment (ms) their time is over
    timbre:cache:bytes        string  what all of it takes, about
    timbre:changing:NAME      string  nothing is kept under the name as long as this is there

What Redis does in one step is in `lua/` (Redis 6.2 and newer, one server, no cluster).
"""

import logging
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Any, cast

from redis.exceptions import RedisError

from timbre_spider.sharing import connect_redis

logger = logging.getLogger(__name__)

# A Redis that was away is left alone for so long, and one that is slow waited for as long; in seconds.
_REST = 30.0
_PATIENCE = 1.0
# Names in one step: Redis does nothing else meanwhile.
_TOGETHER = 500
# Longer than a change of the database takes, and the reading of what was before; in milliseconds.
_CHANGING = 10_000

_LUA = Path(__file__).parent / "lua"


class RedisCache:
    """Where Redis does not answer nothing is there, and nothing is kept."""

    def __init__(self, url: str, megabytes: int) -> None:
        self._redis = connect_redis(url, _PATIENCE)
        self._most = megabytes * 1_000_000
        common = (_LUA / "common.lua").read_text(encoding="utf-8")
        self._give, self._keep, self._change = (
            self._redis.register_script(common + (_LUA / f"{name}.lua").read_text(encoding="utf-8"))
            for name in ("give", "keep", "change")
        )
        self._changed: dict[str, None] = {}
        self._asked_again_at = float("-inf")

    def get(self, names: Sequence[str]) -> list[bytes | None]:
        """What is kept under each of `names`."""
        found: list[bytes | None] = []
        for at in range(0, len(names), _TOGETHER):
            part = names[at : at + _TOGETHER]
            found += self._asked(partial(self._give, args=part)) or [None] * len(part)
        return found

    def keep(self, things: Sequence[tuple[str, bytes, timedelta]]) -> None:
        """Keep things, each a name, what is to be kept under it, and for how long."""
        for at in range(0, len(things), _TOGETHER):
            part = [
                told
                for name, thing, lasts in things[at : at + _TOGETHER]
                for told in (name, thing, max(round(lasts.total_seconds() * 1000), 1))
            ]
            self._asked(partial(self._keep, args=[self._most, *part]))

    def change(self, names: Iterable[str]) -> None:
        """What is kept under `names` is about to change where it comes from: it goes, and for ten seconds nothing of it
        is kept. What cannot be told while Redis is away is told before anything else is asked of it."""
        self._changed |= dict.fromkeys(names)
        self._asked(self._tell_changes)

    def names(self, prefix: str) -> Iterator[str]:
        """The names that begin so. Raises redis' errors."""
        for name, _ in self._redis.hscan_iter("timbre:cache", f"{prefix}*", count=100):
            yield cast("bytes", name).decode()

    def _asked(self, question: Callable[[], Any]) -> Any:
        """What Redis answers; None where it is away."""
        if time.monotonic() < self._asked_again_at:
            return None
        try:
            self._tell_changes()
            return question()
        except RedisError as error:
            logger.warning("The cache in Redis is away (%s): what it holds is asked elsewhere.", type(error).__name__)
            self._asked_again_at = time.monotonic() + _REST
            return None

    def _tell_changes(self) -> None:
        while self._changed:
            names = list(self._changed)[:_TOGETHER]
            self._change(args=[_CHANGING, *names])
            for name in names:
                del self._changed[name]
