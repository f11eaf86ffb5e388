"""How long a service is left alone, by how it has answered of late."""

from datetime import timedelta

# Seconds to leave a service alone that names no time, at first. MusicBrainz allows one question a second [docs], and
# sheds searches with "Retry-After: 0": spaced ones succeed [observed]. Deezer counts in windows of 5 s, Spotify of
# 30 s [docs].
_FIRST_WAITS = {"musicbrainz": 1.0, "aoty": 5.0, "listenbrainz": 10.0, "deezer": 5.0, "lastfm": 60.0, "spotify": 30.0}
# How long it is parked where it goes on refusing, or its quota is used up, and it does not say until when. Spotify was
# seen to lock for 8 to 24 hours, once without a time [observed].
_LOCKS = {"spotify": timedelta(hours=12)}
_OTHERS_LOCK = timedelta(hours=1)
_OTHERS_FIRST_WAIT = 30.0
_LONGEST_UNNAMED = 300.0
# Experiments that others run for nothing: left for the run at the first sign of trouble.
_EXPERIMENTS = frozenset({"listenbrainz_labs"})
# Of refusals in a row, and of questions in a row that got no answer for all their tries.
MOST_REFUSALS = 4
MOST_UNANSWERED = 3


class Patience:
    """Refusals and silence in a row; an answer that can be used ends both. `is_none`: the first one ends the asking."""

    def __init__(self, service: str) -> None:
        self.is_none = service in _EXPERIMENTS
        self.unnamed_lock = _LOCKS.get(service, _OTHERS_LOCK)
        self._first = _FIRST_WAITS.get(service, _OTHERS_FIRST_WAIT)
        self._refusals = self._unanswered = 0

    def refused(self, named: float | None) -> float:
        """Seconds to leave it alone after one more refusal: as it says, else twice as long as the last time."""
        self._refusals += 1
        if named:
            return named
        return float(min(self._first * 2 ** (self._refusals - 1), _LONGEST_UNNAMED))

    def unanswered(self) -> None:
        """One more question had no answer, however often it was asked."""
        self._unanswered += 1

    def answered(self) -> None:
        """It answered well."""
        self._refusals = self._unanswered = 0

    @property
    def refuses_on(self) -> bool:
        """Whether it was left alone as often as makes sense."""
        return self._refusals >= MOST_REFUSALS

    @property
    def is_silent(self) -> bool:
        """Whether it was asked in vain as often as makes sense."""
        return self._unanswered >= MOST_UNANSWERED
