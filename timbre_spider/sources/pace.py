"""When the next question to a service may start: spaced out, here or across processes (`extensions/shared_pace.py`)."""

import asyncio
import random
from typing import Protocol

# Seconds added to each minute: a question reaching the wire so late still leaves no minute over the limit.
_SLACK = 0.5
# The share by which a gap may be longer, so that several clients do not knock in step.
JITTER = 0.1


def interval(limit: int) -> float:
    """The least seconds between two starts, so that no minute holds more than `limit` of them."""
    return (60 + _SLACK) / limit


def jittered(least: float) -> float:
    """Seconds until the next start: `least`, or a little more."""
    return least * random.uniform(1, 1 + JITTER)


class Pace(Protocol):
    """Who may start now."""

    async def take(self) -> float:
        """0 when the caller may start now, and has; else the seconds until it is worth asking again."""

    def hold(self, seconds: float) -> None:
        """The service said to wait so long: whoever shares the pace is to know. The caller waits by itself."""

    async def aclose(self) -> None:
        """Let go of connections."""


class LocalPace:
    """The pace of one process."""

    def __init__(self, limit: int) -> None:
        self._interval = interval(limit)
        self._next = float("-inf")

    async def take(self) -> float:
        now = asyncio.get_running_loop().time()
        if now < self._next:
            return self._next - now
        self._next = now + jittered(self._interval)
        return 0

    def hold(self, seconds: float) -> None:
        """Nobody shares it."""

    async def aclose(self) -> None:
        """Nothing is held."""
