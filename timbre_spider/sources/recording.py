"""What the open sources say about a recording."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from timbre_spider.sources.text import plain, year

_MBID_LENGTH = 36


@dataclass(frozen=True, slots=True)
class Recording:
    """A recording as an open source knows it; `id` and `album_id` are the source's own, `isrcs` are valid and plain.
    `artist_mbids` are MusicBrainz' ids of those it is by, in their order.

    `release_date` is as given: YYYY, YYYY-MM or YYYY-MM-DD.
    """

    id: str
    artist: str
    title: str
    isrcs: tuple[str, ...] = ()
    duration_ms: int | None = None
    album: str | None = None
    album_id: str | None = None
    release_date: str | None = None
    artist_mbids: tuple[str, ...] = ()

    @property
    def isrc(self) -> str | None:
        """The first ISRC."""
        return self.isrcs[0] if self.isrcs else None

    @property
    def year(self) -> int | None:
        """The year of release."""
        return year(self.release_date)

    @classmethod
    def from_values(cls, values: dict[str, Any]) -> "Recording":
        """The recording that an answer holds."""
        lists = {name: tuple(values.get(name, ())) for name in ("isrcs", "artist_mbids")}
        return cls(**{**values, **lists})


@dataclass(frozen=True, slots=True)
class Question:
    """A request as plain values. Keys and tokens are not in it: they are added where it leaves."""

    url: str
    method: str = "GET"
    headers: tuple[tuple[str, str], ...] = (("Accept", "application/json"),)
    body: bytes = b""


def mbid(value: object) -> str | None:
    """An id of MusicBrainz'; None for anything else: ListenBrainz says "None" where there is none [source]."""
    text = plain(value)
    try:
        return str(UUID(text)) if len(text) == _MBID_LENGTH else None
    except ValueError:
        return None
