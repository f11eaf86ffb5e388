"""Plain values out of what exports write. What cannot be one is None; nothing here raises."""

import re
from datetime import UTC, datetime

_SPACE = re.compile(r"\s+")
_SPOTIFY_TRACK = re.compile(
    r"(?:spotify:track:|https?://open\.spotify\.com/(?:intl-\w+/)?track/)?([0-9A-Za-z]{22})(?:\?.*)?"
)
_ISRC = re.compile(r"[A-Z]{2}[A-Z0-9]{3}\d{7}", re.ASCII)
_MBID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
# Nobody kept a history before; clocks that were never set say 1970.
_FIRST, _LAST = datetime(1990, 1, 1, tzinfo=UTC).timestamp(), datetime(2100, 1, 1, tzinfo=UTC).timestamp()
_WRITTEN = ("%d %b %Y %H:%M", "%d %b %Y, %H:%M", "%d %b %Y, %H:%M:%S", "%Y/%m/%d %H:%M:%S", "%Y/%m/%d %H:%M", "%Y%m%d")


def text(value: object) -> str | None:
    """A name without white space around it; None for an empty one. A number is one too: "1999"."""
    if isinstance(value, str):
        return value.strip() or None
    if isinstance(value, int | float) and not isinstance(value, bool):
        return str(value)
    return None


def names(value: object) -> str | None:
    """Artists in a list, or one, as one credit."""
    if isinstance(value, list):
        value = ", ".join(dict.fromkeys(filter(None, map(text, value))))
    return text(value)


def whole(value: object) -> int | None:
    """A number of 0 or more, as one or written out; fractions are cut."""
    if isinstance(value, str):
        try:
            value = float(value)
        except ValueError:
            return None
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value < 2**53:
        return None
    return int(value)


def thousands(seconds: object) -> int | None:
    """Seconds as milliseconds."""
    return None if (number := whole(seconds)) is None else number * 1000


def moment(value: object) -> int | None:
    """Seconds since 1970 out of a date, of seconds, milliseconds or microseconds; dates without a zone are UTC."""
    if isinstance(value, str):
        value = value.strip()
        if not value.isdecimal() or len(value) == 8:
            return _known(_written(value))
    if isinstance(value, datetime):
        return _known(value)
    number = whole(value)
    if number is None:
        return None
    while number > 20_000_000_000:
        number //= 1000
    return number if _FIRST <= number < _LAST else None


def _written(value: str) -> datetime | None:
    try:
        return datetime.fromisoformat(value.removesuffix(" UTC"))
    except ValueError:
        pass
    for pattern in _WRITTEN:
        try:
            return datetime.strptime(value, pattern)
        except ValueError:
            continue
    return None


def _known(date: datetime | None) -> int | None:
    if date is None:
        return None
    number = (date if date.tzinfo else date.replace(tzinfo=UTC)).timestamp()
    return int(number) if _FIRST <= number < _LAST else None


def spotify_id(value: object) -> str | None:
    """The id of a track out of its URI or address; files of the listener's own have none."""
    match = _SPOTIFY_TRACK.fullmatch(value.strip()) if isinstance(value, str) else None
    return match[1] if match else None


def isrc(value: object) -> str | None:
    """An ISRC in its plain form."""
    code = re.sub(r"[^A-Z0-9]", "", value.upper()) if isinstance(value, str) else ""
    return code if _ISRC.fullmatch(code) else None


def mbid(value: object) -> str | None:
    """A MusicBrainz id."""
    code = value.strip().lower() if isinstance(value, str) else ""
    return code if _MBID.fullmatch(code) else None
