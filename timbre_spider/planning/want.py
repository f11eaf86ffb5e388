"""Who waits for an answer of Spotify's, and what is known that may help."""

from dataclasses import dataclass

from timbre_spider.items import SpotifyAlbum
from timbre_spider.planning.calls import Kind

# Tracks of an album of which nobody told how many it has.
USUAL_TRACKS = 12


@dataclass(slots=True, eq=False)
class Want:
    """A song that waits, under its name id; `artist` and `title` are as shown, `artist_key` is whose it is.

    `album_key` is the key of its album `album`, where somebody told it. `spotify_id`: known already, and only what
    Spotify says of that track is wanted; `only_isrc`: for its ISRC alone; `unproven`: whether the track is the song is
    still to be seen. `in_work`: an item waits for it now. `artist_mbid`: the artist's id at MusicBrainz.
    """

    key: str
    artist_key: str
    artist: str
    title: str
    plays: int
    duration_ms: int | None = None
    isrcs: frozenset[str] = frozenset()
    album: str = ""
    album_key: str = ""
    spotify_id: str = ""
    only_isrc: bool = False
    unproven: bool = False
    in_work: bool = False
    tried: frozenset[Kind] = frozenset()
    artist_mbid: str = ""

    @property
    def is_found(self) -> bool:
        """Whether its track is known beyond doubt."""
        return bool(self.spotify_id) and not self.unproven


@dataclass(frozen=True, slots=True)
class KnownAlbum:
    """An album of an artist's whose tracks may be asked for, under its key."""

    key: str
    album: SpotifyAlbum

    @property
    def tracks(self) -> int:
        """How many it has, or as many as most."""
        return self.album.tracks or USUAL_TRACKS

    @property
    def is_collection(self) -> bool:
        """Whether it collects songs of other albums."""
        return self.album.album_type == "compilation"
