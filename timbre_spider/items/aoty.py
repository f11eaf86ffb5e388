"""Albums as Album of the Year knows them, and where that was seen."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import NamedTuple


@dataclass(frozen=True, slots=True)
class AotyTrack:
    """A track on an album's page, with the users' score of it (0 to 100). `disc` is 1 where the page names none."""

    title: str
    number: int | None = None
    disc: int = 1
    length_ms: int | None = None
    score: float | None = None
    rating_count: int | None = None


class AotyAlbum(NamedTuple):
    """An album as Album of the Year knows it. Scores are 0 to 100; None where not rated, or not told.

    `genres` are all of them, primary ones first; `secondary_genres` those that are secondary. `format` is in the site's
    words ("LP", "EP", "Compilation"). `must_hear`: whose it is, "critics", "users" or "both". `artist_url`: the page of
    its first artist. A tuple, as data sets tell of so many: a frozen dataclass takes eight times as long to make.
    """

    url: str
    artist: str
    title: str
    user_score: float | None = None
    rating_count: int | None = None
    critic_score: float | None = None
    critic_count: int | None = None
    release_date: str | None = None
    genres: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    spotify_album_id: str | None = None
    secondary_genres: tuple[str, ...] = ()
    format: str | None = None
    labels: tuple[str, ...] = ()
    must_hear: str | None = None
    artist_url: str | None = None
    tracks: tuple[AotyTrack, ...] = ()


class SeenOn(StrEnum):
    """What told of an album; how much each is believed is `strength` in sql/0015_albums.sql."""

    ALBUM = "album"
    """Its own page."""
    CHART = "chart"
    """A row of a chart or list."""
    CARD = "card"
    """A card of a search, an artist's page, releases, or beside another album."""
    DATA = "data"
    """A row of a data set."""


class Sighting(NamedTuple):
    """An album as one page or file told of it. `number` is that of its address, `key` its `album_key`, `place` where it
    was read: the page's address, or the file."""

    number: int
    key: str
    album: AotyAlbum
    seen_on: SeenOn
    place: str
    seen_at: datetime


@dataclass(frozen=True, slots=True)
class CataloguedAlbum:
    """An album as the catalogue holds it, without tracks. `rated_at`: when its scores were seen; None: never.
    `is_told`: by its own page, which alone tells everything."""

    key: str
    album: AotyAlbum
    rated_at: datetime | None
    is_told: bool
