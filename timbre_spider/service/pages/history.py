"""The pages `/history`: the runs, and each one beside the one before."""

from typing import Any
from uuid import UUID

from fastapi import HTTPException, Request, Response

from timbre_spider.redaction import redacted
from timbre_spider.service.pages.compare import changes, worse
from timbre_spider.service.pages.dashboard import There
from timbre_spider.service.pages.flow import bands
from timbre_spider.service.pages.render import page, page_router
from timbre_spider.service.routes.runs import last_lines, log_path
from timbre_spider.storage.past_runs import RunRow, list_runs, run_before, run_of, tiers_of

router = page_router()

_SHOWN = 25
_LOG_LINES = 100


@router.get("/history")
def history(request: Request, there: There, before: UUID | None = None) -> Response:
    """The runs, the newest first."""
    # One more page than is shown: each is compared with the one before it.
    rows = list_runs(there.service.database, limit=2 * _SHOWN, before=before)
    shown = [
        (row, worse(changes(_summary_before(row, rows[at + 1 :]), row.summary or {}))) for at, row in enumerate(rows)
    ]
    return page(request, "history.html", runs=shown[:_SHOWN], more=len(rows) > _SHOWN)


@router.get("/history/{run_id}")
def run(request: Request, there: There, run_id: UUID) -> Response:
    """One run, beside the one before that was asked the same."""
    database = there.service.database
    row = run_of(database, run_id)
    if row is None:
        raise HTTPException(404, f"There is no run {run_id}.")
    before = run_before(database, row)
    told: dict[str, Any] = row.summary or row.progress or {}
    then = (before.summary or {}) | {"tiers": tiers_of(database, before)} if before else None
    compared = changes(then, told | {"tiers": tiers_of(database, row)})
    drawn, height = bands(_parts(told["rows"])) if told else ([], 0.0)
    path = log_path(there.service, row)
    return page(
        request,
        "run.html",
        run=row,
        before=before,
        told=told,
        compared=compared,
        worse=worse(compared),
        bands=drawn,
        height=height,
        log=redacted("\n".join(last_lines(path, _LOG_LINES))) if path else None,
    )


def _summary_before(row: RunRow, older: list[RunRow]) -> dict[str, Any] | None:
    """Of the run before that was asked the same."""
    same = (each for each in older if each is not row and _asked(each) == _asked(row) and each.summary)
    return next((each.summary for each in same), None)


def _asked(row: RunRow) -> tuple[Any, ...]:
    return row.spider, row.listener, row.parameters


def _parts(rows: dict[str, int]) -> list[tuple[str, str, int]]:
    named = [
        ("found", "in stored songs", rows["stored"]),
        ("refused", "turned away", rows["rejected"]),
        ("beyond", "in songs beyond the number asked for", rows["beyond"]),
    ]
    left = rows["chart"] - sum(count for _, _, count in named)
    return [*named, ("deferred", "not come to", left)]
