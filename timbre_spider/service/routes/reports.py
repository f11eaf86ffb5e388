"""`/report/…`: what a person should look at."""

from functools import partial
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Query
from pydantic import BaseModel, Field

from timbre_spider.extensions.identity_rules import collapse_of
from timbre_spider.matching.folding.joined import why_joined
from timbre_spider.service.state import Here
from timbre_spider.storage.report import report
from timbre_spider.storage.wanted_albums import lacking_albums

router = APIRouter(prefix="/report", tags=["report"])

Rows = Annotated[int, Query(ge=1, le=1000, description="the most to be shown")]


class ReportSection(BaseModel):
    """One part of `timbre report`."""

    name: str
    count: int
    by: dict[str, int] = Field(description="counted by what tells the rows apart")
    rows: list[dict[str, Any]]


class AlbumLacking(BaseModel):
    """An album whose songs have no ratings."""

    artist: str
    album: str
    plays: int
    songs: int


@router.get("/albums")
def albums(here: Here, rows: Rows = 50) -> list[AlbumLacking]:
    """The albums most worth saving from Album of the Year, by plays."""
    lacking = lacking_albums(here.database)[:rows]
    return [AlbumLacking(artist=each.artist, album=each.album, plays=each.plays, songs=each.songs) for each in lacking]


@router.get("/{section}")
def section(here: Here, section: Literal["unmatched", "weak", "merged", "rejected"], rows: Rows = 50) -> ReportSection:
    """Songs not matched, matched weakly, joined under differing names and by which rule; rows rejected."""
    why = partial(why_joined, collapse=collapse_of(here.config))
    [found] = report(here.database, why, limit=rows, only=section)
    return ReportSection(name=found.name, count=found.count, by=found.by, rows=found.rows)
