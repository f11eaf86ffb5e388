"""What two descriptions of a recording are compared by."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Record:
    """A recording as one source describes it, names as given there; None (or "") is unknown."""

    artist: str
    title: str
    album: str | None = None
    duration_ms: int | None = None
    year: int | None = None
    isrc: str | None = None
    spotify_id: str | None = None
    track_number: int | None = None
