"""What a history tells, line after line: plays, and what is none."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Any, NamedTuple

Entry = Mapping[str, Any]
"""One entry of a file: an object of a JSON file, or a line of a table by the names of its columns."""


class Play(NamedTuple):
    """A song heard. `at` is in seconds since 1970, as the file has it: the end of the play with Spotify, else its
    start; None where it is not told. `played_ms` is how long it was heard, `duration_ms` how long the track is.
    """

    artist: str
    title: str
    at: int | None = None
    album: str | None = None
    spotify_id: str | None = None
    isrc: str | None = None
    mbid: str | None = None
    played_ms: int | None = None
    duration_ms: int | None = None
    plays: int = 1


class NoPlay(StrEnum):
    """Why an entry that is as it should be counts as no play."""

    PODCAST = "podcasts"
    AUDIOBOOK = "audiobooks"
    VIDEO = "videos"
    SKIPPED = "skipped"
    TOO_SHORT = "too short"
    NAMELESS = "without an artist"
    PLAYING = "playing just then"
