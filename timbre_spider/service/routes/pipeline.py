"""`/pipeline`: start a run, watch it, stop it."""

from datetime import datetime

from fastapi import APIRouter
from pydantic import BaseModel, Field

from timbre_spider.service.asked import StartRun
from timbre_spider.service.refusals import REFUSALS_OF_BODIES, documented
from timbre_spider.service.state import Here
from timbre_spider.service.watching import RunningRun, going_on, started_elsewhere, stop_runs

router = APIRouter(prefix="/pipeline", tags=["pipeline"])


class Started(BaseModel):
    """A run that has been started."""

    job_id: str
    listener: str | None
    started_at: datetime


class Status(BaseModel):
    """What goes on."""

    running: bool
    runs: list[RunningRun] = Field(description="the runs that go on, the oldest first")


class StopAsked(BaseModel):
    """Which run to stop; none named: all."""

    job_id: str | None = None
    listener: str | None = None


class Stopping(BaseModel):
    """The runs that were told to stop: they end within seconds, and lose nothing."""

    stopping: list[str]


@router.post(
    "/start",
    status_code=202,
    responses=REFUSALS_OF_BODIES | documented({409: "A run goes on already."}),
)
def start(here: Here, asked: StartRun) -> Started:
    """Start a run, in a process of its own that outlives this service. One at a time for a listener."""
    run = here.runs.start(asked, started_elsewhere(here))
    return Started(job_id=run.id, listener=run.listener, started_at=run.started_at)


@router.get("/status")
def status(here: Here) -> Status:
    """The runs that go on, wherever they were started, and how far they are."""
    runs = going_on(here)
    return Status(running=bool(runs), runs=runs)


@router.post(
    "/stop",
    status_code=202,
    responses=REFUSALS_OF_BODIES,
    openapi_extra={"requestBody": {"required": True}},  # empty it may be, but said to be JSON
)
def stop(here: Here, asked: StopAsked | None = None) -> Stopping:
    """End runs in good order, as ctrl-C does: what is stored stays, and the next run goes on from there."""
    asked = asked or StopAsked()
    return Stopping(stopping=stop_runs(here, asked.job_id, asked.listener))
