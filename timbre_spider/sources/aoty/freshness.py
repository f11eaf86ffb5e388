"""How long what a page told stays good: a young album's ratings move daily, others hardly in a week."""

import re
from datetime import UTC, date, datetime, timedelta

USUALLY_GOOD_FOR = timedelta(days=7)
GOOD_FOR_WHILE_YOUNG = timedelta(days=1)
_YOUNG = timedelta(days=90)
_PUBLISHED = re.compile(rb'"datePublished"\s*:\s*"([0-9-]+)"')
_LIST_OF_A_YEAR = re.compile(
    r"/(?:user|6)-highest-rated/(\d{4})\b|/(\d{4})/releases/|/must-hear/(?:\w+/)?(\d{4})/", re.A
)
_NEWEST = re.compile(r"/(?:releases|upcoming)/", re.A)


def album_good_for(release_date: str | None, now: datetime) -> timedelta:
    """Of an album's ratings, by its day of release (YYYY-MM-DD); a date that is no day is not young."""
    try:
        released = datetime.combine(date.fromisoformat(release_date or ""), datetime.min.time(), UTC)
    except ValueError:
        return USUALLY_GOOD_FOR
    return GOOD_FOR_WHILE_YOUNG if released > now - _YOUNG else USUALLY_GOOD_FOR


def page_good_for(address: str, body: bytes, now: datetime) -> timedelta:
    """Of a page: an album's by its date, a list of one year by whether that is this one."""
    if published := _PUBLISHED.search(body):
        return album_good_for(published[1].decode(), now)
    year = _LIST_OF_A_YEAR.search(address)
    is_of_now = (int(next(filter(None, year.groups()))) >= now.year) if year else bool(_NEWEST.search(address))
    return GOOD_FOR_WHILE_YOUNG if is_of_now else USUALLY_GOOD_FOR
