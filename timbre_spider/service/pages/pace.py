"""How fast counts grow, from what was told of them in the last minute."""

from collections import deque
from collections.abc import Mapping
from datetime import datetime, timedelta

_WINDOW = timedelta(seconds=60)
# Less says too little.
_LEAST_SECONDS = 2.0


class Pace:
    """Of one run."""

    def __init__(self) -> None:
        self._told: deque[tuple[datetime, dict[str, int]]] = deque()

    def tell(self, at: datetime, counts: Mapping[str, int]) -> None:
        """What the counts were at a time; once more of the same time changes nothing."""
        if not self._told or at > self._told[-1][0]:
            self._told.append((at, dict(counts)))
        while len(self._told) > 1 and self._told[1][0] <= at - _WINDOW:
            self._told.popleft()

    def a_second(self, name: str) -> float | None:
        """How many came a second; None while nobody can tell."""
        if not self._told:
            return None
        (began, first), (ended, last) = self._told[0], self._told[-1]
        seconds = (ended - began).total_seconds()
        return (last.get(name, 0) - first.get(name, 0)) / seconds if seconds >= _LEAST_SECONDS else None
