from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest

from timbre_spider.errors import KeyRejected, Parked, Refused, SourceError, Unusable
from timbre_spider.sources.spotify.failure import CallFailure
from timbre_spider.sources.spotify.verdict import Denied, Patience, wait_after

pytestmark = pytest.mark.unit

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
PATIENCE = Patience()


def rate(after: str | None, reason: str = "") -> CallFailure:
    return CallFailure(429, "Too many requests", reason, headers={} if after is None else {"Retry-After": after})


@pytest.mark.parametrize(
    ("value", "seconds"),
    [
        ("6", 6), ("28425", 28_425), ("0", 0), ("1.5", 1.5),
        ("", None), ("soon", None), ("-5", None), ("nan", None), ("inf", None), ("1e400", None),
    ],
)  # fmt: skip
def test_retry_after(value: str, seconds: float | None) -> None:
    assert rate(value).retry_after == seconds


def test_retry_after_as_a_date() -> None:
    named = rate(format_datetime(datetime.now(UTC) + timedelta(seconds=90), usegmt=True)).retry_after
    assert named == pytest.approx(90, abs=2)
    assert rate(format_datetime(datetime.now(UTC) - timedelta(days=1), usegmt=True)).retry_after is None


@pytest.mark.parametrize(
    ("failure", "attempt", "wait"),
    [
        (rate("6"), 1, 6),
        (rate("120"), 3, 120),
        (rate(None), 1, 30),
        (rate("junk"), 1, 30),
        (CallFailure(500), 1, 1),
        (CallFailure(502), 2, 2),
        (CallFailure(503), 3, 4),
        (CallFailure(503, headers={"Retry-After": "9"}), 1, 9),
        (CallFailure(503, headers={"Retry-After": "99999"}), 1, 120),
        (CallFailure(0, "ReadTimeout"), 1, 1),
        (CallFailure(200, "no JSON"), 1, 1),
        (CallFailure(408), 1, 1),
    ],
)
def test_waits(failure: CallFailure, attempt: int, wait: float) -> None:
    assert wait_after(failure, PATIENCE, attempt, NOW) == wait


@pytest.mark.parametrize(
    ("failure", "attempt", "error", "says"),
    [
        (CallFailure(400, "Invalid client", code="invalid_client"), 1, KeyRejected, "SPOTIFY_CLIENT_SECRET"),
        (CallFailure(401, "The access token expired"), 1, KeyRejected, "fresh token"),
        (CallFailure(403, "Active premium subscription required for the owner of the app."), 1, Refused, "Premium"),
        (CallFailure(403, "Forbidden"), 1, Refused, "Forbidden"),
        (CallFailure(403), 1, Refused, "no reason given"),
        (CallFailure(400, "Invalid limit"), 1, Denied, "Invalid limit"),
        (CallFailure(404, "Resource not found"), 1, Denied, "404"),
        (CallFailure(502, "Bad gateway"), 4, Unusable, "502: Bad gateway"),
        (CallFailure(0, "ConnectTimeout"), 4, Unusable, "ConnectTimeout"),
        (rate("6"), 4, Unusable, "SPOTIFY_RATE_LIMIT"),
    ],
)
def test_errors(failure: CallFailure, attempt: int, error: type[SourceError], says: str) -> None:
    with pytest.raises(error, match=says) as raised:
        wait_after(failure, PATIENCE, attempt, NOW)
    assert type(raised.value) is error


@pytest.mark.parametrize(
    ("failure", "attempt", "lock"),
    [
        (rate("121"), 1, timedelta(seconds=121)),
        (rate("28425"), 1, timedelta(seconds=28_425)),
        (rate("6", "QUOTA_EXCEEDED"), 1, timedelta(seconds=6)),
        (rate(None, "QUOTA_EXCEEDED"), 1, timedelta(hours=12)),
        (rate("junk", "QUOTA_EXCEEDED"), 1, timedelta(hours=12)),
        (rate(None), 4, timedelta(hours=12)),
        (rate("99999999999999999999"), 1, timedelta(hours=48)),
    ],
)
def test_locks(failure: CallFailure, attempt: int, lock: timedelta) -> None:
    with pytest.raises(Parked, match="quota is used up until") as raised:
        wait_after(failure, PATIENCE, attempt, NOW)
    assert raised.value.until - NOW == lock
