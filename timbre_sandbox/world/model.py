"""What the world is made of. The services show parts of it; the truth is all of it."""

from dataclasses import dataclass, field

# Kinds of songs. A track of a variant (live, remaster …) is the same song; a song of a kind other than "song" stands
# beside the one it comes from and is never the same.
SONG, REMIX, INSTRUMENTAL, COVER, SPED_UP, DEMO = "song", "remix", "instrumental", "cover", "sped_up", "demo"

# The markets a release is first made for; elsewhere some are sold once more, under other ids.
HOME = ("BR", "CA", "MX", "US")
ABROAD = ("AU", "DE", "ES", "FR", "GB", "JP", "NL", "SE")


@dataclass(slots=True, eq=False)
class Artist:
    """`tracks`: everything credited to the artist, as guest too. `key` is unique and readable."""

    index: int
    name: str
    tongue: str
    genre: str
    spotify_id: str
    tags: tuple[tuple[str, int], ...] = ()
    fame: int = 40
    albums: list["Album"] = field(default_factory=list, repr=False)
    tracks: list["Track"] = field(default_factory=list, repr=False)


@dataclass(slots=True, eq=False)
class AotyEntry:
    """An album as Album of the Year lists it. Scores 0 to 100, None where nobody rated."""

    number: int
    slug: str
    title: str
    user_score: float | None
    rating_count: int
    critic_score: float | None
    critic_count: int
    genres: tuple[str, ...]
    secondary: tuple[str, ...]
    tags: tuple[str, ...]


@dataclass(slots=True, eq=False)
class Album:
    """A release. `kind` is Spotify's album_type; `group` says what it is: studio, deluxe, reissue, single, live …

    `abroad_id`: its Spotify id in the markets outside `HOME`, where that is another.
    """

    index: int
    title: str
    artists: tuple[Artist, ...]
    kind: str
    group: str
    date: str
    spotify_id: str
    label: str
    upc: str
    original: "Album | None" = None
    aoty: AotyEntry | None = None
    abroad_id: str | None = None
    tracks: list["Track"] = field(default_factory=list, repr=False)

    @property
    def year(self) -> int:
        return int(self.date[:4])


@dataclass(slots=True, eq=False)
class Song:
    """One true song. `title` is its plain name; `guests` are the featured artists."""

    index: int
    title: str
    artist: Artist
    kind: str = SONG
    guests: tuple[Artist, ...] = ()
    duration_ms: int = 0
    heard: bool = False
    plays: int = 0
    on_spotify: bool = True
    on_deezer: bool = True
    on_musicbrainz: bool = True
    tracks: list["Track"] = field(default_factory=list, repr=False)

    @property
    def key(self) -> str:
        return f"song-{self.index:06d}"

    @property
    def original(self) -> "Track":
        """The studio recording on its own album."""
        return self.tracks[0]


@dataclass(slots=True, eq=False)
class Track:
    """A song on a release. `isrc` is as the services show it: hyphens, lower case, None and mistakes included.

    `number` counts within its `disc`. `abroad_id`: its Spotify id outside `HOME`, where that is another.
    """

    index: int
    song: Song
    album: Album
    number: int
    title: str
    variant: str
    isrc: str | None
    duration_ms: int
    spotify_id: str
    popularity: int
    explicit: bool = False
    disc: int = 1
    abroad_id: str | None = None

    @property
    def spotify_ids(self) -> tuple[str, ...]:
        """Its ids in all markets."""
        return (self.spotify_id, self.abroad_id) if self.abroad_id else (self.spotify_id,)

    @property
    def artists(self) -> tuple[Artist, ...]:
        return (self.song.artist, *self.song.guests)


@dataclass(slots=True)
class Row:
    """A row of the listener's chart. `song` is None for a hostile row, which is nobody's song."""

    artist: str
    title: str
    plays: int
    song: Song | None
    seconds: int
    dirt: tuple[str, ...] = ()
    rank: int = 0


@dataclass(slots=True, repr=False)
class World:
    """`rows` are the chart, most played first."""

    seed: int
    artists: list[Artist]
    albums: list[Album]
    songs: list[Song]
    tracks: list[Track]
    rows: list[Row]

    @property
    def heard(self) -> list[Song]:
        return [song for song in self.songs if song.heard]
