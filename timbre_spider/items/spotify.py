"""What Spotify knows of songs and albums, and what was asked of it."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class SpotifyTrack:
    """A track as Spotify knows it. `release_date` is as given: YYYY, YYYY-MM or YYYY-MM-DD."""

    spotify_id: str
    title: str
    artists: tuple[str, ...]
    isrc: str | None = None
    duration_ms: int | None = None
    popularity: int | None = None
    album_id: str | None = None
    artist_id: str | None = None
    album_name: str | None = None
    album_type: str | None = None
    release_date: str | None = None
    explicit: bool | None = None
    track_number: int | None = None


@dataclass(frozen=True, slots=True)
class SpotifyAlbum:
    """An album as Spotify lists it beside others. `release_date` is as given, `tracks` counts them; 0 is unknown.
    `linked`: others told its id, and all else in their words."""

    album_id: str
    name: str
    artists: tuple[str, ...] = ()
    album_type: str | None = None
    release_date: str | None = None
    tracks: int = 0
    linked: bool = False


@dataclass(frozen=True, slots=True)
class CallsMade:
    """What the ledger holds of one kind of endpoint, by time: calls by the hour they were made in, and locks as (when
    met, until)."""

    hours: tuple[tuple[datetime, int], ...] = ()
    locks: tuple[tuple[datetime, datetime], ...] = ()
