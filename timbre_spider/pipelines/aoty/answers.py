"""What an answer about an album holds, and how long it stays good."""

from datetime import datetime, timedelta
from typing import Any

from timbre_spider.items import AotyAlbum
from timbre_spider.sources.aoty.freshness import album_good_for

# What a song has of its album.
_IN_ANSWERS = (
    "url", "artist", "title", "user_score", "rating_count", "critic_score", "critic_count", "release_date", "genres",
    "tags", "spotify_album_id",
)  # fmt: skip


def freshness_of(album: AotyAlbum, now: datetime) -> timedelta:
    """How long its ratings stay good."""
    return album_good_for(album.release_date, now)


def values_of(album: AotyAlbum) -> dict[str, object]:
    """What an answer holds of an album; the rest of what its page tells is in the catalogue alone."""
    return {name: getattr(album, name) for name in _IN_ANSWERS}


def album_from(values: dict[str, Any]) -> AotyAlbum:
    """The album an answer holds."""
    return AotyAlbum(**{**values, "genres": tuple(values["genres"]), "tags": tuple(values["tags"])})
