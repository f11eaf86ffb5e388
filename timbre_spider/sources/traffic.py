"""What went over the wire to one service, seen where it goes out."""

import threading
import time
from collections import Counter, deque
from collections.abc import Callable

_MINUTE = 60.0


class Traffic:
    """Counts of one service; threads may share it.

    `most_per_minute`: in any 60 seconds. `while_shut`: sent although the service had refused or parked us.
    `against_robots`: pages asked for without regard to robots.txt.
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self.requests = self.retries = self.most_per_minute = self.while_shut = self.against_robots = 0
        self.statuses: Counter[int] = Counter()
        self._clock = clock
        self._last_minute: deque[float] = deque()
        self._lock = threading.Lock()

    def sent(self, *, while_shut: bool = False, is_retry: bool = False, against_robots: bool = False) -> None:
        """A request goes out now."""
        with self._lock:
            now = self._clock()
            self.requests += 1
            self.retries += is_retry
            self.while_shut += while_shut
            self.against_robots += against_robots
            self._last_minute.append(now)
            while self._last_minute[0] <= now - _MINUTE:
                self._last_minute.popleft()
            self.most_per_minute = max(self.most_per_minute, len(self._last_minute))

    def answered(self, status: int) -> None:
        """An answer came, with this HTTP status."""
        with self._lock:
            self.statuses[status] += 1
