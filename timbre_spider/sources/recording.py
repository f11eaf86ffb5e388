"""What the open sources say about a recording."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Recording:
    """A recording as an open source knows it; `id` is the source's own, `isrcs` are valid and plain."""

    id: str
    artist: str
    title: str
    isrcs: tuple[str, ...] = ()
    duration_ms: int | None = None
    album: str | None = None
    year: int | None = None

    @property
    def isrc(self) -> str | None:
        """The first ISRC."""
        return self.isrcs[0] if self.isrcs else None


@dataclass(frozen=True, slots=True)
class Question:
    """A request as plain values. Keys and tokens are not in it: they are added where it leaves."""

    url: str
    method: str = "GET"
    headers: tuple[tuple[str, str], ...] = (("Accept", "application/json"),)
    body: bytes = b""
