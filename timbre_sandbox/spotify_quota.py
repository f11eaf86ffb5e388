"""Spotify's quota of an individual's key: each kind of endpoint counts for itself, over a rolling day."""

from .clock import Clock, Window

DAY = 86_400.0
# By how much each call during a lock lengthens it: reported, but not by how much.
_LONGER = 600.0


class Bucket:
    """The calls of one kind of endpoint."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._calls = Window(clock, DAY)
        self._locked_until = 0.0

    def take(self, limit: int | None) -> float | None:
        """None where the call is answered; otherwise in how many seconds the lock ends."""
        if limit is None:
            return None
        now = self._clock.now()
        if now < self._locked_until:
            self._locked_until += _LONGER
        elif self._calls.take(limit):
            return None
        else:
            self._locked_until = now + (self._calls.seconds_left() or DAY)
        return self._locked_until - now
