"""`/runs`: what was run, the newest first, and each run's log."""

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Annotated, Any, Self
from uuid import UUID

from fastapi import APIRouter, HTTPException, Query
from fastapi.responses import PlainTextResponse
from pydantic import BaseModel, ConfigDict, Field

from timbre_spider.redaction import redacted
from timbre_spider.service.refusals import documented
from timbre_spider.service.state import Here, Service
from timbre_spider.storage.past_runs import RunRow, list_runs, run_of

router = APIRouter(prefix="/runs", tags=["runs"])

_LARGEST_LOG = 1_000_000


class RunShown(BaseModel):
    """A run, as the table `runs` has it."""

    model_config = ConfigDict(from_attributes=True)

    id: UUID
    job_id: str | None
    spider: str
    listener: str | None
    sandbox: bool
    parameters: dict[str, Any]
    version: str | None
    started_at: datetime
    finished_at: datetime | None
    finish_reason: str | None = Field(description="see docs/operating.md; null: it has not ended")
    progress: dict[str, Any] | None = Field(description="while it runs, and of one that could not tell its end")
    summary: dict[str, Any] | None = Field(description="docs/schema/run_summary.json; in lists only some of its fields")

    @classmethod
    def of(cls, row: RunRow) -> Self:
        return cls.model_validate(row)


class RunsShown(BaseModel):
    """A page of runs."""

    runs: list[RunShown]
    next: UUID | None = Field(description="`before` of the next page; null: there is none")


@router.get("")
def runs(here: Here, limit: Annotated[int, Query(ge=1, le=200)] = 20, before: UUID | None = None) -> RunsShown:
    """The runs, the newest first."""
    rows = list_runs(here.database, limit=limit + 1, before=before)
    shown = [RunShown.of(row) for row in rows[:limit]]
    return RunsShown(runs=shown, next=shown[-1].id if len(rows) > limit else None)


@router.get("/{run_id}", responses=documented({404: "There is no such run."}))
def run(here: Here, run_id: UUID) -> RunShown:
    """One run, with its whole summary."""
    return RunShown.of(_found(here, run_id))


@router.get(
    "/{run_id}/log",
    response_class=PlainTextResponse,
    responses=documented({404: "There is no such run, or its log is not on this machine."}),
)
def log(here: Here, run_id: UUID, lines: Annotated[int, Query(ge=1, le=10_000)] = 200) -> PlainTextResponse:
    """The last lines of the run's log."""
    path = log_path(here, _found(here, run_id))
    if path is None:
        raise HTTPException(404, "The run's log is not on this machine.")
    return PlainTextResponse(redacted("".join(f"{line}\n" for line in last_lines(path, lines))))


def log_path(here: Service, row: RunRow) -> Path | None:
    """The run's log, where it lies under LOGS_DIR; the database is not believed in what to read."""
    told = next((part["log"] for part in (row.summary, row.progress) if part and part.get("log")), None)
    if told is None:
        return None
    path, folder = Path(told).resolve(), here.config.logs_dir.resolve()
    return path if path.is_relative_to(folder) and path.suffix == ".log" and path.is_file() else None


def last_lines(path: Path, count: int) -> Iterator[str]:
    """The last `count` lines of a file, of its last million bytes."""
    with path.open("rb") as file:
        size = file.seek(0, 2)
        file.seek(max(0, size - _LARGEST_LOG))
        text = file.read().decode(errors="replace")
    yield from text.splitlines()[-count:]


def _found(here: Service, run_id: UUID) -> RunRow:
    row = run_of(here.database, run_id)
    if row is None:
        raise HTTPException(404, f"There is no run {run_id}.")
    return row
