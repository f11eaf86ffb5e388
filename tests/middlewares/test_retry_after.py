from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest
from scrapy.http import Response

from timbre_spider.middlewares.retry_after import retry_after

pytestmark = pytest.mark.unit


@pytest.mark.parametrize(
    ("value", "seconds"),
    [
        ("6", 6),
        ("80000", 80000),
        ("", None),
        ("soon", None),
        ("-5", None),
        (format_datetime(datetime(2000, 1, 1, tzinfo=UTC), usegmt=True), 0),
    ],
)
def test_seconds_and_dates_are_read(value, seconds):
    wait = retry_after(Response("http://x/", headers={"Retry-After": value}))
    assert wait == (None if seconds is None else timedelta(seconds=seconds))


def test_a_date_ahead_is_a_wait():
    ahead = format_datetime(datetime.now(UTC) + timedelta(seconds=30), usegmt=True)
    wait = retry_after(Response("http://x/", headers={"Retry-After": ahead}))
    assert wait is not None
    assert 25 < wait.total_seconds() <= 30
