"""The runs that go on, from what was started here and what the database knows."""

import os
import signal
from collections.abc import Iterator
from contextlib import suppress
from datetime import datetime
from typing import Any, Literal
from uuid import UUID

from pydantic import BaseModel, Field

from timbre_spider.redaction import redacted
from timbre_spider.service.processes import StartedRun
from timbre_spider.service.state import Service
from timbre_spider.storage.past_runs import RunRow, open_runs
from timbre_spider.storage.runs import Runs

_SAID_LINES = 20


class RunningRun(BaseModel):
    """A run that goes on."""

    id: UUID | None = Field(description="its row in runs; null: it is only starting, or a dry run, which has none")
    job_id: str | None = Field(description="how `stop` names it; null: it was started elsewhere, without a name")
    state: Literal["starting", "running"]
    listener: str | None
    started_at: datetime
    dry_run: bool
    asked: dict[str, Any]
    here: bool = Field(description="whether it runs on this machine, so that it can be stopped from here")
    progress: dict[str, Any] | None
    said: list[str] = Field(description="the last lines it printed, where the service started it")


def going_on(service: Service) -> list[RunningRun]:
    """All of them, the oldest first. Raises DatabaseUnreachable."""
    rows = _open(service)
    by_job = {row.job_id: row for row in rows if row.job_id}
    started = service.runs.going_on()
    ours = {run.id for run in started}
    running = [_ours(service, run, by_job.get(run.id)) for run in started]
    running += [_elsewhere(row) for row in rows if row.job_id not in ours]
    return sorted(running, key=lambda run: run.started_at)


def started_elsewhere(service: Service) -> Iterator[str | None]:
    """The listeners of the runs that go on and that no service of this DATA_DIR started."""
    ours = {run.id for run in service.runs.going_on()}
    return (row.listener for row in _open(service) if row.job_id not in ours)


def stop_runs(service: Service, job_id: str | None, listener: str | None) -> list[str]:
    """Tells the runs that can be reached to stop, those of this name and listener or all; the ids of those told."""

    def wanted(name: str, whose: str | None) -> bool:
        return (job_id is None or name == job_id) and (listener is None or whose == listener)

    ours = {run.id: run for run in service.runs.going_on()}
    told = []
    for run in ours.values():
        if wanted(run.id, run.listener):
            service.runs.stop(run)
            told.append(run.id)
    for row in _open(service):
        name = row.job_id or str(row.id)
        if row.job_id not in ours and wanted(name, row.listener) and row.process is not None and row.process.is_here:
            with suppress(ProcessLookupError):  # it has ended by itself
                os.kill(row.process.number, signal.SIGTERM)
            told.append(name)
    return told


def _open(service: Service) -> list[RunRow]:
    """The open rows of runs that do go on; those whose process is gone are closed."""
    rows = open_runs(service.database)
    if any(row.process and row.process.is_here and row.process.is_gone for row in rows):
        Runs(service.database).close_lost()
        rows = open_runs(service.database)
    return rows


def _ours(service: Service, run: StartedRun, row: RunRow | None) -> RunningRun:
    return RunningRun(
        id=row.id if row else None,
        job_id=run.id,
        state="running" if row else "starting",
        listener=row.listener if row else run.listener,
        started_at=run.started_at,
        dry_run=run.asked.dry_run,
        asked=run.asked.model_dump(exclude_defaults=True),
        here=True,
        progress=row.progress if row else None,
        said=redacted(service.runs.said(run.id)).splitlines()[-_SAID_LINES:],
    )


def _elsewhere(row: RunRow) -> RunningRun:
    return RunningRun(
        id=row.id,
        job_id=row.job_id,
        state="running",
        listener=row.listener,
        started_at=row.started_at,
        dry_run=False,
        asked=row.parameters,
        here=row.process is not None and row.process.is_here,
        progress=row.progress,
        said=[],
    )
