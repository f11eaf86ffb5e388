"""Runs at set times (SCHEDULE): one at a time, and one that was missed is made up once.

When the next is due is kept in a file, so a service that was down then, or met a run that went on, does it as soon as
it can.
"""

import logging
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from apscheduler.triggers.cron import CronTrigger
from pydantic import BaseModel, ValidationError

from timbre_spider.errors import ConfigError, TimbreError
from timbre_spider.service.processes import RunGoesOn

logger = logging.getLogger(__name__)

_DAYS = ("sun", "mon", "tue", "wed", "thu", "fri", "sat", "sun")


class _Due(BaseModel):
    schedule: str
    due: datetime


class Schedule:
    """`schedule` as crontab(5) has it, in this machine's time; `start` starts a run. Raises ConfigError for no such."""

    def __init__(self, schedule: str, start: Callable[[], object], memory: Path) -> None:
        self._schedule = schedule
        self._trigger = cron_trigger(schedule)
        self._start = start
        self._memory = memory

    def due(self, now: datetime) -> datetime:
        """When the next run is due; it may have been."""
        try:
            kept = _Due.model_validate_json(self._memory.read_bytes())
        except (OSError, ValidationError):
            kept = None
        if kept is not None and kept.schedule == self._schedule:
            return kept.due
        return self._keep_next(now)

    def tick(self, now: datetime) -> bool:
        """Starts the run that is due, unless one goes on; whether one was started. To be called every few seconds."""
        if self.due(now) > now:
            return False
        try:
            self._start()
        except RunGoesOn:
            return False  # made up when that one has ended
        except TimbreError as error:
            logger.error("The scheduled run does not start: %s", error)
        self._keep_next(now)
        return True

    def _keep_next(self, now: datetime) -> datetime:
        due = self._trigger.get_next_fire_time(now, now)
        if due is None:
            raise ConfigError(f"SCHEDULE={self._schedule!r} never comes.")
        self._memory.parent.mkdir(parents=True, exist_ok=True)
        half = self._memory.with_suffix(".half")
        half.write_text(_Due(schedule=self._schedule, due=due).model_dump_json(), encoding="utf-8")
        half.rename(self._memory)
        kept: datetime = due
        return kept


def cron_trigger(schedule: str) -> CronTrigger:
    """The trigger of a line of crontab(5). Raises ConfigError for what is none."""
    fields = schedule.split()
    try:
        if len(fields) != 5:
            raise ValueError("five fields are needed")
        minute, hour, day, month, weekday = fields
        if day != "*" and weekday != "*":
            raise ValueError("name days of the month or of the week")
        return CronTrigger(minute=minute, hour=hour, day=day, month=month, day_of_week=_weekdays(weekday))
    except ValueError as error:
        raise ConfigError(
            f"SCHEDULE={schedule!r} is no time of crontab ({error}): "
            "write minute hour day month weekday, such as 0 3 * * *"
        ) from None


def _weekdays(field: str) -> str:
    """Cron's days of the week, which begin on Sunday, by their names: APScheduler's begin on Monday."""
    days: list[str] = []
    for part in field.lower().split(","):
        span, _, step = part.partition("/")
        first, _, last = span.partition("-")
        if not first.isdecimal():  # names and * are the same in both
            days.append(part)
            continue
        numbers = range(int(first), int(last or first) + 1, int(step or 1))
        if not numbers or numbers[-1] > 7:
            raise ValueError("days of the week are 0 to 7")
        days += [_DAYS[number] for number in numbers]
    return ",".join(dict.fromkeys(days))
