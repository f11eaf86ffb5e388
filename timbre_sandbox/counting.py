"""Counts of requests: how many, how many of them repeated others, how many at one time, how many in any one minute; per
service and endpoint."""

import time
from collections import deque
from collections.abc import Hashable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field


@dataclass(slots=True)
class Count:
    """The counts of one service or endpoint."""

    requests: int = 0
    repeated: int = 0
    now: int = 0
    most_at_once: int = 0
    most_in_a_minute: int = 0
    _last_minute: deque[float] = field(default_factory=deque)

    def enter(self, at: float, *, again: bool) -> None:
        self.requests += 1
        self.repeated += again
        self.now += 1
        self.most_at_once = max(self.most_at_once, self.now)
        self._last_minute.append(at)
        while self._last_minute[0] <= at - 60:
            self._last_minute.popleft()
        self.most_in_a_minute = max(self.most_in_a_minute, len(self._last_minute))

    def as_dict(self) -> dict[str, int]:
        return {
            "requests": self.requests,
            "repeated": self.repeated,
            "most_at_once": self.most_at_once,
            "most_in_a_minute": self.most_in_a_minute,
        }


class Counters:
    """The counts of all services."""

    def __init__(self) -> None:
        self._services: dict[str, Count] = {}
        self._endpoints: dict[tuple[str, str], Count] = {}
        # When each was asked, and answered.
        self._asked: dict[tuple[str, str, Hashable], list[list[float]]] = {}

    @contextmanager
    def counting(self, service: str, endpoint: str, question: Hashable) -> Iterator[None]:
        """Counts one request while the block runs; the same `question` is the same request."""
        at = time.monotonic()
        times = self._asked.setdefault((service, endpoint, question), [])
        this_time = [at]
        times.append(this_time)
        counts = (
            self._services.setdefault(service, Count()),
            self._endpoints.setdefault((service, endpoint), Count()),
        )
        for count in counts:
            count.enter(at, again=len(times) > 1)
        try:
            yield
        finally:
            this_time.append(time.monotonic())
            for count in counts:
                count.now -= 1

    def reset(self) -> None:
        """Forget all counts; requests under way are forgotten too."""
        self._services.clear()
        self._asked.clear()
        self._endpoints.clear()

    def asked(self) -> list[dict[str, object]]:
        """Every question, in the order first asked: {service, endpoint, question, seconds_ago: of each time, how long
        ago it was asked, and answered, once it is}."""
        now = time.monotonic()
        return [
            {
                "service": service,
                "endpoint": endpoint,
                "question": str(question),
                "seconds_ago": [[round(now - at, 3) for at in this_time] for this_time in times],
            }
            for (service, endpoint, question), times in self._asked.items()
        ]

    def as_dict(self) -> dict[str, dict[str, dict[str, int]]]:
        """{service: {endpoint: {requests, repeated, most_at_once, most_in_a_minute}}}, and under "totals"
        {service: the same}."""
        counts: dict[str, dict[str, dict[str, int]]] = {
            name: {end: each.as_dict() for (of, end), each in self._endpoints.items() if of == name}
            for name in self._services
        }
        return counts | {"totals": {name: count.as_dict() for name, count in self._services.items()}}
