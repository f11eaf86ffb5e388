"""A cache in Redis that all runs and workers share: things by name, each with its time, together within a bound.
Imported only where REDIS_URL is set: needs the extra `redis`.

    timbre:cache              hash    what is kept, by name
    timbre:cache:until        zset    names by the moment (ms) their time is over
    timbre:cache:bytes        string  what all of it takes, about
    timbre:changing:NAME      string  nothing is kept under the name as long as this is there
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import timedelta
from functools import partial
from typing import Any, cast

from timbre_spider.storage.redis_line import RedisLine

# Names in one step: Redis does nothing else meanwhile.
_TOGETHER = 500
# Longer than a change of the database takes, and the reading of what was before; in milliseconds.
_CHANGING = 10_000


class RedisCache:
    """Where Redis does not answer nothing is there, and nothing is kept."""

    def __init__(self, url: str, megabytes: int) -> None:
        self._line = RedisLine(url)
        self._most = megabytes * 1_000_000
        self._give, self._keep, self._change = (
            self._line.script("common", name) for name in ("give", "keep", "change")
        )
        self._changed: dict[str, None] = {}

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
        self._line.ask(self._tell_changes)

    def names(self, prefix: str) -> Iterator[str]:
        """The names that begin so. Raises redis' errors."""
        for name, _ in self._line.redis.hscan_iter("timbre:cache", f"{prefix}*", count=100):
            yield cast("bytes", name).decode()

    def _asked(self, question: Callable[[], Any]) -> Any:
        """What Redis answers, once it knows what has changed; None where it is away."""

        def after_changes() -> Any:
            self._tell_changes()
            return question()

        return self._line.ask(after_changes)

    def _tell_changes(self) -> None:
        while self._changed:
            names = list(self._changed)[:_TOGETHER]
            self._change(args=[_CHANGING, *names])
            for name in names:
                del self._changed[name]
