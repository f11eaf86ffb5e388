"""What the open sources know of songs and artists."""

from dataclasses import dataclass
from typing import NamedTuple

from timbre_spider.items.spotify import SpotifyAlbum

# Who is believed before whom, where several tell the same fact of a song; sql/0003_merge.sql has it too.
STRENGTH = ("spotify", "listenbrainz", "musicbrainz", "deezer")


@dataclass(frozen=True, slots=True)
class OpenFacts:
    """What the open sources know of a song, each fact with the one that told it.

    `mbid` and `release_mbid` are MusicBrainz' ids of recording and album. `release_date` is as given: YYYY, YYYY-MM or
    YYYY-MM-DD.
    """

    mbid: str | None = None
    mbid_source: str | None = None
    isrcs: tuple[str, ...] = ()
    isrcs_source: str | None = None
    album_name: str | None = None
    release_mbid: str | None = None
    album_source: str | None = None
    release_date: str | None = None
    release_date_source: str | None = None
    duration_ms: int | None = None
    duration_source: str | None = None


class Release(NamedTuple):
    """A release as MusicBrainz lists it among an artist's. `tracks` counts them; 0 is unknown."""

    name: str
    tracks: int = 0
    is_collection: bool = False


class Discography(NamedTuple):
    """An artist's releases, and the albums on Spotify that they are linked to."""

    linked: list[SpotifyAlbum]
    releases: list[Release]
