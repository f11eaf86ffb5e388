"""What the service does by itself every few seconds: start what is due, see how runs have ended, and judge songs
that have changed by themselves."""

import logging
from datetime import datetime

from apscheduler.schedulers.background import BackgroundScheduler

from timbre_spider.errors import TimbreError
from timbre_spider.service.asked import StartRun
from timbre_spider.service.ended import look_for_ends
from timbre_spider.service.schedule import Schedule
from timbre_spider.service.state import Service
from timbre_spider.service.watching import started_elsewhere
from timbre_spider.storage.quality import judge_due

logger = logging.getLogger(__name__)

TICK_SECONDS = 5
# Quality falls by the day.
JUDGE_SECONDS = 600


def scheduled(service: Service) -> Schedule | None:
    """The schedule of the service; None where SCHEDULE is not set. Raises ConfigError for one that is none."""
    if service.config.schedule is None:
        return None

    def start() -> None:
        service.runs.start(StartRun(), started_elsewhere(service))

    return Schedule(service.config.schedule, start, service.config.data_dir / "service" / "schedule.due")


def start_ticking(service: Service, schedule: Schedule | None) -> BackgroundScheduler:
    """Begins; `shutdown()` of what is returned ends it."""

    def tick() -> None:
        try:
            look_for_ends(service)
            if schedule is not None:
                schedule.tick(datetime.now().astimezone())
        except TimbreError as error:
            if not service.stopped:
                logger.warning("%s", error)

    def judge() -> None:
        try:
            judge_due(service.database, lambda: service.stopped)
        except TimbreError as error:
            if not service.stopped:
                logger.warning("%s", error)

    ticking = BackgroundScheduler(job_defaults={"coalesce": True, "max_instances": 1, "misfire_grace_time": None})
    ticking.add_job(tick, "interval", seconds=TICK_SECONDS, next_run_time=datetime.now().astimezone())
    ticking.add_job(judge, "interval", seconds=JUDGE_SECONDS, next_run_time=datetime.now().astimezone())
    ticking.start()
    return ticking
