"""Release dates as exactly as they are told, at the edges of years and months."""

import pytest

from timbre_spider.matching.albums.dates import are_months_apart, are_years_apart, distance, is_day, year_of

pytestmark = pytest.mark.unit


@pytest.mark.parametrize(
    ("date", "released", "apart"),
    [
        ("1997", "1997", 0), ("1997", "1997-05-21", 0), ("1997-05", "1997-05-21", 0), ("1997-05-21", "1997-05-20", 1),
        ("1997-05", "1997-06", 1), ("1997", "1998", 1), ("1997", "1996-01-01", 1), ("1997", "1999", 2),
        ("1997-12-31", "1999-01-01", 2), (None, "1997", 2), ("1997", None, 2), ("", "1997", 2), (None, None, 2),
    ],
)  # fmt: skip
def test_distance(date, released, apart):
    assert distance(date, released) == distance(released, date) == apart
    assert (
        are_years_apart(date, released) is are_years_apart(released, date) is (apart == 2 and bool(date and released))
    )


@pytest.mark.parametrize(
    ("date", "released", "apart"),
    [
        ("1997-05-21", "1997-06-30", False), ("1997-05", "1997-06", False), ("1997-05", "1997-07", True),
        ("1997-12", "1998-01", False), ("1997-12-01", "1998-02-01", True), ("1997-05", "1998-05", True),
        ("1997", "1997-05", False), ("1997", "1998", True), ("1997", "1998-01", True), ("1997-12", "1998", True),
        ("1997-01", "1996-12", False), (None, "1997", False), ("1997", None, False),
    ],
)  # fmt: skip
def test_months(date, released, apart):
    assert are_months_apart(date, released) is are_months_apart(released, date) is apart


@pytest.mark.parametrize(
    ("date", "day", "year"),
    [
        ("1997-05-21", True, 1997),
        ("1997-05", False, 1997),
        ("1997", False, 1997),
        (None, False, None),
        ("", False, None),
    ],
)
def test_what_a_date_tells(date, day, year):
    assert is_day(date) is day
    assert year_of(date) == year
