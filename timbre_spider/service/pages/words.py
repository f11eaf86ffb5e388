"""Times, lengths and numbers as a person reads them. Pure."""

from datetime import datetime

_UNITS = (("d", 86_400), ("h", 3_600), ("min", 60), ("s", 1))


def number(value: float | None) -> str:
    """12345 as 12,345; a fraction with one digit; a dash where there is none."""
    if value is None:
        return "–"
    return f"{value:,}" if isinstance(value, int) else f"{value:,.1f}"


def lasting(seconds: float | None) -> str:
    """Seconds in the two largest units that say something: 3725 as "1 h 2 min"."""
    if seconds is None:
        return "–"
    left, said = round(abs(seconds)), []
    for unit, size in _UNITS:
        count, left = divmod(left, size)
        if count:
            said.append(f"{count} {unit}")
    return " ".join(said[:2]) or "0 s"


def since(then: datetime, now: datetime) -> str:
    """How far `then` is from `now`: "12 min ago", "in 3 h 5 min"."""
    seconds = (now - then).total_seconds()
    if abs(seconds) < 1:
        return "now"
    return f"{lasting(seconds)} ago" if seconds > 0 else f"in {lasting(seconds)}"


def track_length(milliseconds: int | None) -> str:
    """A track's length: 185000 as 3:05."""
    if milliseconds is None:
        return "–"
    minutes, seconds = divmod(round(milliseconds / 1000), 60)
    return f"{minutes}:{seconds:02}"
