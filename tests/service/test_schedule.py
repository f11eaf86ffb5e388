"""Runs at set times: when, one at a time, and a missed one made up once."""

import itertools
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from timbre_spider.errors import ConfigError, DatabaseUnreachable
from timbre_spider.service.processes import RunGoesOn
from timbre_spider.service.schedule import Schedule, cron_trigger

pytestmark = pytest.mark.unit

ZONE = ZoneInfo("UTC")
MONDAY = datetime(2026, 11, 23, 12, tzinfo=ZONE)


@pytest.mark.parametrize(
    ("schedule", "after"),
    [
        ("0 3 * * *", timedelta(hours=15)),
        ("30 12 * * *", timedelta(minutes=30)),
        ("*/15 * * * *", timedelta(minutes=15)),
        ("0 3 * * 1", timedelta(days=6, hours=15)),  # Monday, as cron counts
        ("0 3 * * 0", timedelta(days=5, hours=15)),
        ("0 3 * * 7", timedelta(days=5, hours=15)),
        ("0 3 * * sun", timedelta(days=5, hours=15)),
        ("0 3 * * 5-7", timedelta(days=3, hours=15)),
        ("0 3 * * 0-2", timedelta(hours=15)),
        ("0 3 * * 4,6", timedelta(days=2, hours=15)),
        ("0 3 1 * *", timedelta(days=7, hours=15)),
    ],
)
def test_a_schedule_is_read_as_cron_reads_it(schedule: str, after: timedelta) -> None:
    trigger = cron_trigger(schedule)
    trigger.timezone = ZONE
    assert trigger.get_next_fire_time(None, MONDAY + timedelta(seconds=1)) == MONDAY + after


@pytest.mark.parametrize(
    "wrong", ["", "daily", "0 3 * *", "0 3 * * * *", "61 3 * * *", "0 3 * * 8", "0 3 1 * 1", "0 3 * * x"]
)
def test_what_is_no_schedule_is_told(wrong: str) -> None:
    with pytest.raises(ConfigError, match="crontab"):
        cron_trigger(wrong)


class Runs:
    """Counts what is started; `goes_on`: a run does, so that none is."""

    def __init__(self) -> None:
        self.started = 0
        self.goes_on = False

    def start(self) -> None:
        if self.goes_on:
            raise RunGoesOn("one goes on")
        self.started += 1


def test_a_run_is_started_once_when_it_is_due(tmp_path: Path) -> None:
    runs, at = Runs(), MONDAY.replace(hour=2)
    schedule = Schedule("0 3 * * *", runs.start, tmp_path / "due")
    started = []
    for _ in range(3 * 24 * 6):
        at += timedelta(minutes=10)
        started += [at] if schedule.tick(at.astimezone()) else []
    assert runs.started == len(started) == 3
    assert {(later - earlier) for earlier, later in itertools.pairwise(started)} == {timedelta(days=1)}


def test_what_was_missed_while_the_service_was_down_is_made_up_once(tmp_path: Path) -> None:
    runs, at = Runs(), MONDAY.astimezone()
    assert not Schedule("0 3 * * *", runs.start, tmp_path / "due").tick(at)
    later = at + timedelta(days=4)
    again = Schedule("0 3 * * *", runs.start, tmp_path / "due")
    assert [again.tick(later), again.tick(later + timedelta(minutes=1))] == [True, False]
    assert runs.started == 1


def test_a_run_that_goes_on_is_waited_for(tmp_path: Path) -> None:
    runs, at = Runs(), MONDAY.astimezone()
    schedule = Schedule("0 13 * * *", runs.start, tmp_path / "due")
    schedule.tick(at)
    runs.goes_on = True
    assert not any(schedule.tick(at + timedelta(hours=hour)) for hour in range(30))
    runs.goes_on = False
    assert schedule.tick(at + timedelta(hours=31))
    assert not schedule.tick(at + timedelta(hours=31, minutes=1))
    assert runs.started == 1


def test_another_schedule_forgets_what_was_due(tmp_path: Path) -> None:
    runs, at = Runs(), MONDAY.astimezone()
    Schedule("0 3 * * *", runs.start, tmp_path / "due").tick(at)
    assert not Schedule("0 4 * * *", runs.start, tmp_path / "due").tick(at + timedelta(days=2))
    (tmp_path / "due").write_text("{half")
    assert not Schedule("0 4 * * *", runs.start, tmp_path / "due").tick(at + timedelta(days=4))
    assert runs.started == 0


def test_a_run_that_does_not_start_is_not_tried_for_ever(tmp_path: Path) -> None:
    def fail() -> None:
        raise DatabaseUnreachable("gone")

    at = MONDAY.astimezone()
    schedule = Schedule("0 13 * * *", fail, tmp_path / "due")
    schedule.tick(at)
    assert [schedule.tick(at + timedelta(days=2)), schedule.tick(at + timedelta(days=2))] == [True, False]
