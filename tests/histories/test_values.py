"""Plain values out of what exports write."""

from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest

from timbre_spider.histories.values import isrc, mbid, moment, names, spotify_id, text, thousands, whole

pytestmark = pytest.mark.unit

AT = 1_600_000_000
TRACK = "3n3Ppam7vgaVa1iaRUc9Lp"


@pytest.mark.parametrize(
    ("value", "at"),
    [
        (AT, AT), (str(AT), AT), (f" {AT} ", AT), (AT * 1000, AT), (AT * 1000 + 999, AT), (AT * 1_000_000, AT),
        (float(AT) + 0.9, AT), (4_000_000_000, 4_000_000_000),
        # Nobody kept a history before 1990, nor after this century.
        (631_151_999, None), (631_152_000, 631_152_000), (4_102_444_799, 4_102_444_799), (4_102_444_800, None),
        (0, None), (-AT, None), (None, None), (True, None), ("soon", None), ("", None),
        ("2020-09-13T12:26:40", AT), ("2020-09-13T12:26:40Z", AT), ("2020-09-13T14:26:40+02:00", AT),
        ("2020-09-13 12:26:40 UTC", AT), ("13 Sep 2020 12:26", AT - 40), ("13 Sep 2020, 12:26", AT - 40),
        ("13 Sep 2020, 12:26:40", AT), ("2020/09/13 12:26:40", AT), ("2020/09/13 12:26", AT - 40),
        ("20200913", AT - 44_800), ("1989-12-31", None), ("2100-01-01", None), ("13.9.2020", None),
        (datetime(2020, 9, 13, 12, 26, 40), AT), (datetime(2020, 9, 13, 12, 26, 40, tzinfo=UTC), AT),
        (datetime(2020, 9, 13, 14, 26, 40, tzinfo=timezone(timedelta(hours=2))), AT),
    ],
)  # fmt: skip
def test_a_moment_in_seconds(value: Any, at: int | None) -> None:
    assert moment(value) == at


@pytest.mark.parametrize(
    ("value", "number"),
    [
        (5, 5), ("5", 5), ("5.9", 5), (5.9, 5), (0, 0), (-1, None), ("-1", None), (True, None), ("x", None),
        (None, None), (2**53 - 1, 2**53 - 1), (2**53, None), (float("inf"), None), (float("nan"), None), ("nan", None),
    ],
)  # fmt: skip
def test_a_whole_number(value: Any, number: int | None) -> None:
    assert whole(value) == number
    assert thousands(value) == (None if number is None else 1000 * number)


@pytest.mark.parametrize(
    ("value", "name"),
    [
        (" Ann ", "Ann"), ("  ", None), ("", None), (None, None), (1999, "1999"), (True, None), (1.5, "1.5"),
        (["Ann", "", "Bob", "Ann", None], "Ann, Bob"), ([], None), ({}, None),
    ],
)  # fmt: skip
def test_names(value: Any, name: str | None) -> None:
    assert names(value) == name
    assert text(value) == (None if isinstance(value, list) else name)


@pytest.mark.parametrize(
    ("read", "value", "expected"),
    [
        *((spotify_id, f"{before}{TRACK}", TRACK) for before in (
            "", " ", "spotify:track:", "https://open.spotify.com/track/", "http://open.spotify.com/intl-de/track/")),
        (spotify_id, f"https://open.spotify.com/track/{TRACK}?si=1", TRACK), (spotify_id, f"{TRACK}x", None),
        (spotify_id, f"spotify:episode:{TRACK}", None), (spotify_id, "spotify:local:a:b:c:1", None),
        (spotify_id, None, None),
        (isrc, "us-abc-12-34567", "USABC1234567"), (isrc, "USABC123456", None), (isrc, 5, None),
        (mbid, " 00000000-0000-4000-8000-00000000000A ", "00000000-0000-4000-8000-00000000000a"),
        (mbid, "00000000", None), (mbid, None, None),
    ],
)  # fmt: skip
def test_ids(read: Any, value: Any, expected: str | None) -> None:
    assert read(value) == expected
