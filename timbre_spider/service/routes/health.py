"""`/health`: whether all that a run needs is there."""

import shutil
from datetime import UTC, datetime
from typing import Literal

from fastapi import APIRouter, Response
from pydantic import BaseModel, Field

from timbre_spider import __version__
from timbre_spider.errors import TimbreError
from timbre_spider.how_many import how_many
from timbre_spider.service.state import Here, Service
from timbre_spider.storage.calls import calls_made
from timbre_spider.storage.past_runs import last_run
from timbre_spider.storage.spool import spooled_files

router = APIRouter(tags=["health"])

# A run of 10,000 songs and their pages takes some hundred MB.
_LEAST_FREE = 500_000_000


class Part(BaseModel):
    """One thing a run needs."""

    state: Literal["good", "bad", "unused"]
    says: str


class Health(BaseModel):
    """`down` without a database; `degraded` where something else wants a look."""

    status: Literal["good", "degraded", "down"]
    version: str
    up_seconds: float
    database: Part
    redis: Part
    disk: Part
    spool: Part
    locks: dict[str, datetime] = Field(description="by kind of Spotify's calls, until when nothing is asked of it")
    last_good_run: datetime | None = Field(description="when the last run ended that did what it was asked")


@router.get("/health", responses={503: {"model": Health, "description": "The database does not answer."}})
def health(here: Here, response: Response) -> Health:
    """Whether database, Redis, disk and spool are well, what Spotify has locked, and when a run last went well."""
    now = datetime.now(UTC)
    told = Health(
        status="good",
        version=__version__,
        up_seconds=round((now - here.started_at).total_seconds(), 1),
        database=Part(state="good", says=here.database.description),
        redis=_redis(here),
        disk=_disk(here),
        spool=_spool(here),
        locks={},
        last_good_run=None,
    )
    try:
        good = last_run(here.database, good=True)
        told.last_good_run = good.finished_at if good else None
        told.locks = _locks(here, now)
    except TimbreError as error:
        told.database = Part(state="bad", says=str(error))
        told.status, response.status_code = "down", 503
        return told
    if "bad" in (told.redis.state, told.disk.state, told.spool.state):
        told.status = "degraded"
    return told


def _locks(here: Service, now: datetime) -> dict[str, datetime]:
    calls = calls_made(here.database, now)
    ends = {kind: max((until for _, until in each.locks), default=now) for kind, each in calls.items()}
    return {kind: until for kind, until in ends.items() if until > now}


def _redis(here: Service) -> Part:
    if here.config.redis_url is None:
        return Part(state="unused", says="REDIS_URL is not set: only several workers need it.")
    from timbre_spider.sharing import open_redis

    try:
        open_redis(here.config.redis_url.get_secret_value()).close()
    except TimbreError as error:
        return Part(state="bad", says=str(error))
    return Part(state="good", says="answers")


def _disk(here: Service) -> Part:
    free = shutil.disk_usage(here.config.data_dir).free
    state: Literal["good", "bad"] = "good" if free >= _LEAST_FREE else "bad"
    return Part(state=state, says=f"{free / 1e9:.1f} GB free for {here.config.data_dir}")


def _spool(here: Service) -> Part:
    waiting = len(spooled_files(here.config.data_dir / "spool"))
    if waiting:
        return Part(state="bad", says=f"{how_many(waiting, 'file')} of songs to be loaded: run `timbre replay`.")
    return Part(state="good", says="empty")
