"""`/overrides`: a person's word about who is who, given, listed and taken back."""

from datetime import datetime
from typing import Annotated, Any

from fastapi import APIRouter, HTTPException, Path
from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from timbre_spider.service.refusals import REFUSALS_OF_BODIES, documented
from timbre_spider.service.state import Here
from timbre_spider.storage.override_store import Kind, add_override, check_album, list_overrides, undo_override

router = APIRouter(prefix="/overrides", tags=["overrides"])

Named = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=2000, pattern=r"^[^\x00]*$")]


class SayOverride(BaseModel):
    """A word: `timbre override KIND SONG OTHER`."""

    model_config = ConfigDict(extra="forbid")

    kind: Kind
    song: Annotated[Named, Field(description='a song: its id, a key, or "Artist - Title"')]
    other: Annotated[
        Named, Field(description="the other song (same, different), a track of Spotify, or an album's page")
    ]


class OverrideShown(BaseModel):
    """A word that was given."""

    model_config = ConfigDict(from_attributes=True)

    id: int
    kind: str
    subject: str = Field(description="the song's name key")
    object: str = Field(description="the other song's name key, a Spotify id, or an album's address")
    details: dict[str, Any] = Field(description="as it was typed")
    made_at: datetime


@router.get("")
def overrides(here: Here) -> list[OverrideShown]:
    """All that was said, the oldest first."""
    return [OverrideShown.model_validate(each) for each in list_overrides(here.database)]


@router.post("", status_code=201, responses=REFUSALS_OF_BODIES)
def say(here: Here, word: SayOverride) -> OverrideShown:
    """Say it; what is stored already follows at once."""
    if word.kind == "aoty":
        check_album(word.other, here.config.aoty_base_url)
    return OverrideShown.model_validate(add_override(here.database, word.kind, word.song, word.other))


@router.delete("/{number}", responses=documented({404: "There is no such word."}))
def undo(here: Here, number: Annotated[int, Path(ge=1, le=2**31 - 1)]) -> OverrideShown:
    """Take a word back, and what it did."""
    if number not in {each.id for each in list_overrides(here.database)}:
        raise HTTPException(404, f"There is no override {number}.")
    return OverrideShown.model_validate(undo_override(here.database, number))
