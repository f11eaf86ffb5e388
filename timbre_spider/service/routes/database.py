"""`/database/counts` and `/stats`: how much there is, and how complete it is."""

from datetime import datetime

from fastapi import APIRouter
from pydantic import BaseModel, Field

from timbre_spider.run_summary import Lookups
from timbre_spider.service.caches import caches_of
from timbre_spider.service.routes.runs import RunShown
from timbre_spider.service.state import Here
from timbre_spider.service.watching import going_on
from timbre_spider.storage.counts import counts_reckoned
from timbre_spider.storage.past_runs import last_run

router = APIRouter(tags=["database"])


class Stats(BaseModel):
    """The database and the last run at a glance."""

    counted_at: datetime | None = Field(
        description="when the rows were counted: of many, not at each request; null: the database's own estimates,"
        " while they are being counted"
    )
    counts: dict[str, int]
    percent: dict[str, float | None] = Field(description="songs that have an ISRC, a Spotify id, an album of AOTY")
    last_run: RunShown | None
    caches: dict[str, Lookups] = Field(
        description="pages and answers that came out of a cache: of the runs that go on, or else of the last"
    )


@router.get("/database/counts")
def counts(here: Here) -> dict[str, int]:
    """Rows of each table, and songs with an ISRC, a Spotify id, an album of AOTY."""
    return here.counts.get()


@router.get("/stats")
def stats(here: Here) -> Stats:
    """How much is stored, how complete it is, and how the last run ended."""
    known = here.counts.get_soon()
    counted = known or counts_reckoned(here.database)
    last = last_run(here.database)
    running = [run.progress for run in going_on(here) if run.progress]
    return Stats(
        counted_at=here.counts.told_at if known else None,
        counts=counted,
        percent={name: _percent(counted[f"with_{name}"], counted["songs"]) for name in ("isrc", "spotify", "aoty")},
        last_run=RunShown.of(last) if last else None,
        caches=caches_of(running or ([last.summary] if last and last.summary else [])),
    )


def _percent(part: int, whole: int) -> float | None:
    return round(100 * part / whole, 1) if whole else None
