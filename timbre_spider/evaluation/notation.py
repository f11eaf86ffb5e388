"""The notations benchmark files write numbers in."""

import re

_CLOCK = re.compile(r"(?:(\d{1,2}):)?(\d{1,3}):(\d{2})")
_SPELLED = re.compile(r"(?:(\d+)h)?(?:(\d+)m)?(\d+)s(?:ec)?")
_MINUTES = re.compile(r"\d{1,3}\.\d+")
_WHOLE = re.compile(r"\d+")
_YEAR = re.compile(r"(?<!\d)((?:19|20)\d\d)(?!\d)")
_SHORT_YEAR = re.compile(r"(?:.*[-/ ])?'?(\d{1,2})")
_NUMBER = re.compile(r"0*(\d{1,4})")
_LONGEST_SECONDS = 10_000
_PIVOT = 30


def read_duration(text: str, *, milliseconds: bool = False) -> int | None:
    """Milliseconds of "04:04", "1m 58sec", "129" (seconds), "321266" (milliseconds), "2.15" (minutes); else None.

    A whole number is taken for seconds below 10,000, unless `milliseconds` says what they are.
    """
    text = text.replace(" ", "").lower()
    if clock := _CLOCK.fullmatch(text):
        hours, minutes, seconds = (int(part or 0) for part in clock.groups())
        return ((hours * 60 + minutes) * 60 + seconds) * 1000 or None
    if spelled := _SPELLED.fullmatch(text):
        hours, minutes, seconds = (int(part or 0) for part in spelled.groups())
        return ((hours * 60 + minutes) * 60 + seconds) * 1000 or None
    if _MINUTES.fullmatch(text):
        return round(float(text) * 60_000) or None
    if _WHOLE.fullmatch(text):
        return (int(text) if milliseconds or int(text) >= _LONGEST_SECONDS else int(text) * 1000) or None
    return None


def read_year(text: str) -> int | None:
    """The year of "1996", "'05", "95", "3", "18-May-15", "October 21, 2014"; else None."""
    text = text.strip()
    if found := _YEAR.search(text):
        return int(found[1])
    if found := _SHORT_YEAR.fullmatch(text):
        year = int(found[1])
        return year + (2000 if year < _PIVOT else 1900)
    return None


def read_number(text: str) -> int | None:
    """The track number of "7", "011", "1 1", "0A3"; else None."""
    found = _NUMBER.fullmatch(re.sub(r"[\sA-Za-z]", "", text))
    return int(found[1]) if found else None
