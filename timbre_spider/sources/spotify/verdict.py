"""What a failure of Spotify's means: wait and ask again, or one of our errors."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from timbre_spider.errors import KeyRejected, NotTaken, Parked, Refused, Unusable
from timbre_spider.sources.spotify.failure import CallFailure

_DASHBOARD = "https://developer.spotify.com/dashboard"


@dataclass(frozen=True, slots=True)
class Patience:
    """How long to wait for what; seconds, but for the locks.

    `short`: a Retry-After up to this is waited for, a longer one parks the service. `unnamed`: the wait after
    a 429 that names none; Spotify's rate window is 30 s [docs]. `lock`: how long quota stays locked when
    nobody says; locks of 8 to 24 hours were seen, one of them unnamed [observed]. No answer locks us out for
    more than `longest_lock`. `first_delay` doubles with each of the `attempts` at a service that is down.
    """

    short: float = 120
    unnamed: float = 30
    lock: timedelta = timedelta(hours=12)
    longest_lock: timedelta = timedelta(hours=48)
    attempts: int = 4
    first_delay: float = 1


class Denied(NotTaken):
    """Spotify answered 400, 404 or the like: asking the same again would bring the same."""

    def __init__(self, failure: CallFailure) -> None:
        super().__init__(f"Spotify refuses the question (HTTP {failure.status}: {failure.message}).")
        self.failure = failure


def wait_after(failure: CallFailure, patience: Patience, attempt: int, now: datetime) -> float:
    """Seconds until the next attempt (they count from 1).

    Raises KeyRejected, Refused, Parked, Denied, or Unusable after the last attempt.
    """
    last = attempt >= patience.attempts
    if failure.bad_key:
        raise KeyRejected(
            "Spotify rejects the client id and secret: check SPOTIFY_CLIENT_ID and SPOTIFY_CLIENT_SECRET "
            f"against {_DASHBOARD}."
        )
    if failure.status == 401:
        raise KeyRejected(f"Spotify rejects even a fresh token: look at the app at {_DASHBOARD}.")
    if failure.status == 403:
        raise Refused(_why_refused(failure))
    if failure.status == 429:
        return _wait_for_rate(failure, patience, last, now)
    if 400 <= failure.status < 500 and failure.status != 408:
        raise Denied(failure)
    if last:
        said = f"HTTP {failure.status}: {failure.message}" if failure.status else failure.message
        raise Unusable(f"Spotify gives no usable answer ({said}): try again later.", failure.retry_after)
    named = failure.retry_after if failure.status == 503 else None
    backoff = patience.first_delay * float(2 ** (attempt - 1))
    return backoff if named is None else min(max(named, backoff), patience.short)


def _wait_for_rate(failure: CallFailure, patience: Patience, last: bool, now: datetime) -> float:
    named = failure.retry_after
    if failure.out_of_quota or (named is None and last) or (named is not None and named > patience.short):
        lock = patience.lock if named is None else timedelta(seconds=min(named, 1e6))
        until = now + min(lock, patience.longest_lock)
        raise Parked(until, f"Spotify's quota is used up until {until:%Y-%m-%d %H:%M} UTC.")
    if last:
        raise Unusable("Spotify keeps asking us to slow down: lower SPOTIFY_RATE_LIMIT.", named)
    return patience.unnamed if named is None else named


def _why_refused(failure: CallFailure) -> str:
    # As JSON and as plain text, with and without a full stop [observed].
    if "premium" in failure.message.lower():
        return (
            "Spotify refuses: the owner of the app has no active Premium subscription. "
            f"Renew it, or use a key of another app ({_DASHBOARD})."
        )
    return f"Spotify refuses the app (HTTP 403: {failure.message or 'no reason given'}): see {_DASHBOARD}."
