"""What stands in the cells of tables."""

import time
from datetime import UTC, datetime, timedelta, timezone
from typing import Any
from uuid import UUID

import pytest

from timbre_spider.cells import cell, flat, harmless

pytestmark = pytest.mark.unit


def test_times_are_in_utc_wherever_the_machine_is(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TZ", "Asia/Tokyo")
    time.tzset()
    try:
        assert cell(datetime(2026, 3, 1, 9, tzinfo=timezone(timedelta(hours=9)))) == "2026-03-01T00:00:00+00:00"
    finally:
        monkeypatch.undo()
        time.tzset()


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (None, None),
        ("text", "text"),
        (-3, -3),
        (80.5, 80.5),
        (True, "true"),
        (False, "false"),
        (["é", 'a"b'], '["é", "a\\"b"]'),
        ({"a": None, "b": [1]}, '{"a": null, "b": [1]}'),
        ({"at": datetime(2026, 3, 1, tzinfo=UTC)}, '{"at": "2026-03-01T00:00:00+00:00"}'),
        (datetime(2026, 3, 1, 2, tzinfo=timezone(timedelta(hours=1))), "2026-03-01T01:00:00+00:00"),
        (UUID(int=7), "00000000-0000-0000-0000-000000000007"),
    ],
)
def test_a_cell(value: Any, shown: Any) -> None:
    assert cell(value) == shown
    assert type(cell(value)) is type(shown)
    assert flat({"x": value, "y": 1}) == {"x": shown, "y": 1}


@pytest.mark.parametrize(
    "text",
    ["=cmd|' /C calc'!A0", "@SUM(A1)", "+1+cmd", "-2+3", "-", "\t=1", "\r=1", "\n=1", " =1", "＝1+1", "-1\n", "+a"],
)
def test_what_a_spreadsheet_would_run_is_text(text: str) -> None:
    assert harmless(text) == "'" + text


@pytest.mark.parametrize("value", ["-5", "+3.5", "-1,5", "a=b", "", "'=x", "–", -5, -0.5, None, "AC-DC"])
def test_the_rest_stays_as_it_is(value: Any) -> None:
    assert harmless(value) is value
