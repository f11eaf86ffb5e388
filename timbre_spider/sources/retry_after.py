"""How long a service asks to be left alone (RFC 9110, 10.2.3)."""

import re
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

# Seconds. Whatever a header says, a service is tried again after two days.
LONGEST = 48 * 3600.0
_SECONDS = re.compile(r"\d+(\.\d+)?", re.ASCII)


def retry_after(value: str) -> float | None:
    """Seconds, at most `LONGEST`, from a Retry-After of seconds or a date; None for a date gone by or neither."""
    value = value.strip()
    if _SECONDS.fullmatch(value):
        return min(float(value), LONGEST)
    try:
        date = parsedate_to_datetime(value)
    except (TypeError, ValueError, OverflowError):
        return None
    seconds = (date.replace(tzinfo=date.tzinfo or UTC) - datetime.now(UTC)).total_seconds()
    return min(seconds, LONGEST) if seconds >= 0 else None
