from datetime import UTC, datetime, timedelta, timezone, tzinfo
from email.utils import format_datetime

import pytest

from timbre_spider.sources.retry_after import LONGEST, retry_after

pytestmark = pytest.mark.unit


@pytest.mark.parametrize(
    ("value", "seconds"),
    [
        ("6", 6.0), (" 7 ", 7.0), ("0", 0.0), ("2.5", 2.5), ("80000", 80_000.0),
        ("172800", 172_800.0), ("172801", 172_800.0), ("99999999999999", LONGEST), ("9" * 400, LONGEST),
        ("", None), ("soon", None), ("-5", None), ("²", None), ("٣", None), ("1e3", None), ("inf", None), ("6 s", None),
        ("Sat, 01 Jan 2000 00:00:00 GMT", None), ("Fri, 31 Dec 9999 23:59:59 GMT", LONGEST),
        ("Fri, 32 Dec 2027 23:59:59 GMT", None), ("Fri, 31 Dec 99999 23:59:59 GMT", None),
    ],
)  # fmt: skip
def test_seconds_and_dates(value: str, seconds: float | None) -> None:
    assert retry_after(value) == seconds


@pytest.mark.parametrize("usegmt", [True, False])
def test_a_date_ahead_is_a_wait(usegmt: bool) -> None:
    ahead = format_datetime(datetime.now(UTC) + timedelta(seconds=90), usegmt=usegmt)
    assert retry_after(ahead) == pytest.approx(90, abs=30)


def test_a_date_without_a_zone_is_in_utc() -> None:
    ahead = (datetime.now(UTC) + timedelta(seconds=900)).strftime("%a, %d %b %Y %H:%M:%S -0000")
    assert retry_after(ahead) == pytest.approx(900, abs=30)


def test_a_date_of_another_zone_is_of_that_zone() -> None:
    elsewhere = datetime.now(timezone(timedelta(hours=-5))) + timedelta(seconds=900)
    assert retry_after(format_datetime(elsewhere)) == pytest.approx(900, abs=30)


@pytest.mark.parametrize(("ahead", "seconds"), [(-1, None), (0, 0), (0.5, 0.5), (1, 1), (LONGEST, LONGEST)])
def test_a_date_gone_by_is_none_to_the_second(monkeypatch: pytest.MonkeyPatch, ahead: float, seconds: float) -> None:
    date = datetime(2026, 11, 25, 12, tzinfo=UTC)

    class Clock(datetime):
        @classmethod
        def now(cls, tz: tzinfo | None = None) -> datetime:  # type: ignore[override]
            return date - timedelta(seconds=ahead)

    monkeypatch.setattr("timbre_spider.sources.retry_after.datetime", Clock)
    assert retry_after(format_datetime(date, usegmt=True)) == seconds
