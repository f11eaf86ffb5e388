"""What MetaBrainz's services want of those who ask: a contact in the User-Agent, and so many requests in a time."""

import re

from .clock import Clock
from .exchange import Reply, as_json

_CONTACT = re.compile(r"https?://([^\s/)>\]]+)|[\w.+-]+@([\w.-]+)", re.I)
# Names that stand for no one's address (RFC 2606), or for the asker's own machine.
_NOBODY = re.compile(r"(?:.*\.)?(?:example(?:\.(?:com|net|org))?|test|invalid|localhost)(?::\d+)?", re.I)
_BLOCKED = (
    "Your User-Agent names no contact we can reach. See https://musicbrainz.org/doc/MusicBrainz_API/Rate_Limiting"
)


def names_contact(user_agent: str) -> bool:
    """Whether a User-Agent holds an address or a mailbox that may be somebody's."""
    hosts = [address or mailbox for address, mailbox in _CONTACT.findall(user_agent)]
    return any("." in host and not _NOBODY.fullmatch(host) for host in hosts)


def blocked() -> Reply:
    """403, for a User-Agent without a contact."""
    return as_json({"error": _BLOCKED}, 403)


class Allowance:
    """So many requests in each window of `seconds`, which begins with its first request; told in headers."""

    def __init__(self, clock: Clock, seconds: float) -> None:
        self._clock = clock
        self._seconds = seconds
        self._began = 0.0
        self._taken = 0

    def take(self, limit: int | None) -> bool:
        """Whether one more is within `limit`; None is no limit."""
        now = self._clock.now()
        if now >= self._began + self._seconds:
            self._began, self._taken = now, 0
        if limit is not None and self._taken >= limit:
            return False
        self._taken += 1
        return True

    def headers(self, limit: int | None, shown: int) -> list[tuple[bytes, bytes]]:
        """X-RateLimit-Limit, -Remaining, -Reset-In and -Reset; without a limit as if it were `shown` and untouched."""
        left = self._began + self._seconds - self._clock.now()
        values = {
            b"X-RateLimit-Limit": limit if limit is not None else shown,
            b"X-RateLimit-Remaining": max(0, limit - self._taken) if limit is not None else shown - 1,
            b"X-RateLimit-Reset-In": max(1, round(left)),
            b"X-RateLimit-Reset": int(self._began + self._seconds),
        }
        return [(name, b"%d" % value) for name, value in values.items()]
