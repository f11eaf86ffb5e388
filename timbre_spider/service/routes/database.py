"""`/database/counts` and `/stats`: how much there is, and how complete it is."""

from datetime import datetime

from fastapi import APIRouter
from pydantic import BaseModel, Field

from timbre_spider.service.routes.runs import RunShown
from timbre_spider.service.state import Here
from timbre_spider.storage.past_runs import last_run

router = APIRouter(tags=["database"])


class Stats(BaseModel):
    """The database and the last run at a glance."""

    counted_at: datetime = Field(description="when the rows were counted: of many, not at each request")
    counts: dict[str, int]
    percent: dict[str, float | None] = Field(description="songs that have an ISRC, a Spotify id, an album of AOTY")
    last_run: RunShown | None


@router.get("/database/counts")
def counts(here: Here) -> dict[str, int]:
    """Rows of each table, and songs with an ISRC, a Spotify id, an album of AOTY."""
    return here.counts.get()


@router.get("/stats")
def stats(here: Here) -> Stats:
    """How much is stored, how complete it is, and how the last run ended."""
    counted = here.counts.get()
    last = last_run(here.database)
    return Stats(
        counted_at=here.counts.told_at,
        counts=counted,
        percent={name: _percent(counted[f"with_{name}"], counted["songs"]) for name in ("isrc", "spotify", "aoty")},
        last_run=RunShown.of(last) if last else None,
    )


def _percent(part: int, whole: int) -> float | None:
    return round(100 * part / whole, 1) if whole else None
