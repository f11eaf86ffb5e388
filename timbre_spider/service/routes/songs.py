"""`/songs`: searched, filtered, page by page; and each with all that is known of it."""

from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, HTTPException, Query, Request
from fastapi.responses import RedirectResponse
from pydantic import BaseModel, ConfigDict, Field

from timbre_spider.service.refusals import documented
from timbre_spider.service.state import Here
from timbre_spider.storage.songs import Lacking, Order, Wanted, find_id, list_songs, song_in_full

router = APIRouter(prefix="/songs", tags=["songs"])

# What a database cannot hold it cannot be asked for.
Text = Annotated[str, Query(max_length=200, pattern=r"^[^\x00]*$")]


class SongShown(BaseModel):
    """A song in a list."""

    model_config = ConfigDict(from_attributes=True)

    id: UUID
    canonical_id: str
    artist: str
    title: str
    album: str | None
    isrc: str | None
    spotify_id: str | None
    playcount: int | None
    user_score: float | None = Field(description="of the album on Album of the Year, 0 to 100")
    rating_count: int | None
    genres: list[str] | None
    quality: float | None = Field(description="how far its row may be relied upon, 0 to 1; null: not judged yet")
    updated_at: datetime


class SongsShown(BaseModel):
    """A page of songs."""

    songs: list[SongShown]
    next: str | None = Field(description="`after` of the next page; null: there is none")


class SongInFull(BaseModel):
    """A song with where everything came from."""

    song: dict[str, Any] = Field(description="the columns of song_features: docs/schema/song.json")
    keys: list[dict[str, Any]] = Field(description="all it may be called by")
    aliases: list[dict[str, Any]] = Field(description="every row of a chart that is this song")
    plays: list[dict[str, Any]] = Field(description="by listener, source and period")
    answers: list[dict[str, Any]] = Field(description="what each source said when it was asked")
    merges: list[dict[str, Any]] = Field(description="rows that turned out to be this song, and by which rule")
    redirects: list[dict[str, Any]] = Field(description="ids of those rows; they answer 308")
    ratings: list[dict[str, Any]] = Field(description="its album's score each time it was seen to have changed")
    quality: list[dict[str, Any]] = Field(description="facts that are lacking or differ, sources that are due")


@router.get("")
def songs(
    here: Here,
    q: Annotated[Text | None, Query(description="words, each of which begins a word of artist or title")] = None,
    listener: Text | None = None,
    genre: Annotated[
        Text | None, Query(description="a genre in any spelling, whoever tells it: Album of the Year or Last.fm")
    ] = None,
    tag: Annotated[Text | None, Query(description="a tag of Last.fm")] = None,
    least_score: Annotated[float | None, Query(ge=0, le=100)] = None,
    lacking: Annotated[Lacking | None, Query(description="only songs without it")] = None,
    order: Annotated[Order, Query(description="the greatest first; by doubt the least quality")] = "plays",
    after: Annotated[
        Text | None,
        Query(description="`next` of the page before", json_schema_extra={"pattern": "^[^~]+~[0-9a-f-]{36}$"}),
    ] = None,
    limit: Annotated[int, Query(ge=1, le=500)] = 50,
) -> SongsShown:
    """Songs, a page at a time."""
    wanted = Wanted(q, listener, genre, tag, least_score, lacking)
    rows = list_songs(here.database, wanted, order=order, after=after, limit=limit + 1)
    return SongsShown(
        songs=[SongShown.model_validate(row) for row in rows[:limit]],
        next=rows[limit - 1].place(order) if len(rows) > limit else None,
    )


@router.get(
    "/{reference}",
    response_model=SongInFull,
    responses={
        308: {"description": "The song has another id by now, or was named by a key."},
        **documented({404: "There is no such song."}),
    },
)
def song(here: Here, request: Request, reference: str) -> Any:
    """One song by its id; an id it had before, and its keys (isrc:…, spotify:…, hash:…), lead there."""
    known = find_id(here.database, reference.strip()) if reference.isprintable() else None
    if known is None:
        raise HTTPException(404, "There is no such song: name it by its id, or a key (isrc:…, spotify:…, hash:…).")
    if str(known) != reference:
        return RedirectResponse(str(request.url_for("song", reference=str(known)).path), 308)
    told = song_in_full(here.database, known)
    if told is None:  # merged meanwhile
        raise HTTPException(404, "The song has just gone into another one: ask again.")
    return told
