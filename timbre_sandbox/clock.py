"""The sandbox's clock, which a drill can advance, and the windows of time in which services count."""

import time
from collections import deque


class Clock:
    """The machine's clock and what it was advanced by."""

    def __init__(self) -> None:
        self._advanced = 0.0

    def now(self) -> float:
        """Seconds since 1970."""
        return time.time() + self._advanced

    def advance(self, seconds: float) -> None:
        """Let `seconds` go by at once."""
        self._advanced += seconds


class Window:
    """The requests of the last `seconds`, whenever that is."""

    def __init__(self, clock: Clock, seconds: float) -> None:
        self._clock = clock
        self._seconds = seconds
        self._taken: deque[float] = deque()

    def take(self, limit: int | None) -> bool:
        """Whether one more request is within `limit` (None: no limit); it counts if it is."""
        if limit is None:
            return True
        if self.count() >= limit:
            return False
        self._taken.append(self._clock.now())
        return True

    def count(self) -> int:
        """How many requests were taken in the window that ends now."""
        past = self._clock.now() - self._seconds
        while self._taken and self._taken[0] <= past:
            self._taken.popleft()
        return len(self._taken)

    def seconds_left(self) -> float:
        """Until the oldest request of the window no longer counts; 0 where there is none."""
        return self._taken[0] + self._seconds - self._clock.now() if self.count() else 0.0
