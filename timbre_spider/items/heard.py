"""What a listener heard: rows of charts, single plays, and what of them cannot become a song."""

import hashlib
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Listens:
    """How often one source counts one spelling heard, in a period; and what it tells of the song besides.

    First and last play are in seconds since 1970. The album is the one that was heard.
    """

    source: str
    period: str
    plays: int
    first_play: int | None = None
    last_play: int | None = None
    album: str | None = None
    spotify_id: str | None = None
    isrc: str | None = None
    mbid: str | None = None


@dataclass(frozen=True, slots=True)
class ChartRow:
    """One row of a listener's chart, names as its source shows them. `duration_ms` is None where unknown.

    `name_id` is the identity (`hash:…`) of its spelling, once the row belongs to a song, and `rule` what joined that
    spelling with the song's first one; empty where its name is one with it. `listens` are the counts it was made of,
    one a source; `playcount` is the highest of them.
    """

    artist: str
    title: str
    playcount: int
    rank: int
    mbid: str | None = None
    duration_ms: int | None = None
    name_id: str = ""
    rule: str = ""
    listens: tuple[Listens, ...] = ()


@dataclass(frozen=True, slots=True)
class Scrobble:
    """A play of a listener's history, its time in seconds since 1970; `album` is None where it is not told."""

    artist: str
    title: str
    at: int
    album: str | None = None


@dataclass(frozen=True, slots=True)
class Scrobbled:
    """How often a listener played a song of one album, and when first and last, in seconds since 1970."""

    artist: str
    title: str
    album: str | None
    plays: int
    first_play: int
    last_play: int


@dataclass(frozen=True, slots=True)
class Reject:
    """A chart row that cannot become a song, with the reason `timbre report` counts."""

    listener: str
    artist: str
    title: str
    playcount: int
    reason: str


def spelling_id(name_id: str, artist: str, title: str) -> str:
    """The identity (`hash:…`) of one spelling that a person parted from the others of its name."""
    text = f"{name_id}|{artist}|{title}".encode("utf-8", "surrogatepass")
    return f"hash:{hashlib.sha1(text, usedforsecurity=False).hexdigest()}"
