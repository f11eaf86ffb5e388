"""Release dates as they are told: YYYY, YYYY-MM or YYYY-MM-DD."""

# Where an album comes out in another country it is within that many years.
_YEARS_APART = 1
_DAY = len("YYYY-MM-DD")
_MONTH = len("YYYY-MM")


def distance(date: str | None, released: str | None) -> int:
    """How far apart two dates are. 0: one as exactly as both are told, 1: about a year, 2: more, or unknown."""
    if not date or not released:
        return 2
    if date.startswith(released) or released.startswith(date):
        return 0
    return 1 if abs(int(date[:4]) - int(released[:4])) <= _YEARS_APART else 2


def are_years_apart(date: str | None, released: str | None) -> bool:
    """Whether both are known, and more than a year from each other."""
    return bool(date and released) and distance(date, released) > 1


def are_months_apart(date: str | None, released: str | None) -> bool:
    """Whether both are known, and more than a month from each other, as exactly as both are told."""
    if not date or not released or distance(date, released) == 0:
        return False
    if len(date) < _MONTH or len(released) < _MONTH:
        return True
    return abs(_months(date) - _months(released)) > 1


def is_day(date: str | None) -> bool:
    """Whether it is told to the day."""
    return len(date or "") >= _DAY


def year_of(date: str | None) -> int | None:
    """The year of a date."""
    return int(date[:4]) if date else None


def _months(date: str) -> int:
    return 12 * int(date[:4]) + int(date[5:7])
