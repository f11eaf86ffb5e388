"""What flows through the house: chart rows come in, songs go out, answers of sources are kept beside them."""

import hashlib
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any, NamedTuple, Self
from uuid import UUID


def fields_of(item: Any) -> dict[str, Any]:
    """The fields of a dataclass by their names, not copied: `dataclasses.asdict` takes ten times as long for that."""
    return {name: getattr(item, name) for name in item.__dataclass_fields__}


class Outcome(StrEnum):
    """How a question to a source about a key ended; every question ends in exactly one."""

    FOUND = "found"
    ABSENT = "absent"
    REFUSED = "refused"
    DEFERRED = "deferred"
    FAILED = "failed"


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


def spelling_id(name_id: str, artist: str, title: str) -> str:
    """The identity (`hash:…`) of one spelling that a person parted from the others of its name."""
    text = f"{name_id}|{artist}|{title}".encode("utf-8", "surrogatepass")
    return f"hash:{hashlib.sha1(text, usedforsecurity=False).hexdigest()}"


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


@dataclass(frozen=True, slots=True)
class AotyTrack:
    """A track on an album's page, with the users' score of it (0 to 100). `disc` is 1 where the page names none."""

    title: str
    number: int | None = None
    disc: int = 1
    length_ms: int | None = None
    score: float | None = None
    rating_count: int | None = None


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


class Release(NamedTuple):
    """A release as MusicBrainz lists it among an artist's. `tracks` counts them; 0 is unknown."""

    name: str
    tracks: int = 0
    is_collection: bool = False


class Discography(NamedTuple):
    """An artist's releases, and the albums on Spotify that they are linked to."""

    linked: list[SpotifyAlbum]
    releases: list[Release]


@dataclass(frozen=True, slots=True)
class CallsMade:
    """What the ledger holds of one kind of endpoint, by time: calls by the hour they were made in, and locks as (when
    met, until)."""

    hours: tuple[tuple[datetime, int], ...] = ()
    locks: tuple[tuple[datetime, datetime], ...] = ()


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


@dataclass(frozen=True, slots=True)
class Answer:
    """What a source said about a key: the unit of memory.

    `values` is plain JSON, empty where nothing was found; `next_check` is when to ask again, None: never by itself.
    Whoever was answered gives it for what was found, and for `deferred` where a time was named; the ledger settles the
    rest. It also counts `misses` (`absent` in a row) and tells of a recalled answer whether it is `due` in this run.
    """

    source: str
    key: str
    outcome: Outcome
    asked_at: datetime
    next_check: datetime | None = None
    values: dict[str, Any] = field(default_factory=dict)
    score: float | None = None
    tier: str | None = None
    reason: str = ""
    misses: int = 0
    due: bool = False


@dataclass(frozen=True, slots=True)
class KnownSong:
    """A song the database holds, with what is needed to judge whether another one is the same."""

    song_id: UUID
    canonical_id: str
    artist: str
    title: str
    isrc: str | None = None
    spotify_id: str | None = None
    duration_ms: int | None = None
    plays: int = 0


@dataclass(slots=True)
class Identity:
    """Who a song is, decided by the dedup stage and checked by the database when it is loaded.

    `keys`: every identity the song claims (`isrc:…`, `spotify:…`, `hash:…`).
    `absorbs`: rows of the database found to be this same song.
    `takes`: those of `keys` that another song holds with less right; it goes by its next best key.
    """

    song_id: UUID
    canonical_id: str
    keys: tuple[str, ...]
    absorbs: tuple[UUID, ...] = ()
    takes: tuple[str, ...] = ()


@dataclass(slots=True)
class Song:
    """One song of one listener, on its way through the stages; `batch_id` is a worker's batch that it is of.

    `name_id` (`hash:…`) is what it is known by before any source has spoken. `rows` are all the chart rows folded into
    it. Of its artist in the same job, `artist_songs` counts the songs and
    `artist_spelling` is the most played spelling: questions about the artist are the same whichever song asks;
    `artist_albums` are those the listener played, the most played first, if not on which of them the song was.
    `is_often_played`: it is one of the songs the listener plays most.
    `known` holds the answers recalled from the database, by (source, key), and what the open sources told since;
    `asked` what the stages ask for the song's sake: the key by source and page, where page 0 is the song's own question
    and "" means that there is none.
    `labs_id` is Spotify's id of it as ListenBrainz labs tell it, by names alone: it is shown, and proves no identity.
    """

    listener: str
    artist: str
    title: str
    name_id: str
    rows: list[ChartRow]
    batch_id: str = ""
    artist_songs: int = 1
    artist_spelling: str = ""
    artist_albums: tuple[str, ...] = ()
    is_often_played: bool = False
    isrc: str | None = None
    isrc_source: str | None = None
    open: OpenFacts | None = None
    spotify: SpotifyTrack | None = None
    labs_id: str | None = None
    aoty: AotyAlbum | None = None
    tags: dict[str, int] = field(default_factory=dict)
    outcomes: dict[str, Outcome] = field(default_factory=dict)
    known: dict[tuple[str, str], Answer] = field(default_factory=dict)
    asked: dict[tuple[str, int], str] = field(default_factory=dict)
    known_song: KnownSong | None = None
    identity: Identity | None = None

    @classmethod
    def of_rows(cls, listener: str, rows: list[ChartRow], **known: Any) -> Self:
        """A song as its rows tell it: with the ids and the album that the most played of them has."""
        first = rows[0]
        song = cls(listener, first.artist, first.title, first.name_id, rows, **known)
        told = [listens for row in rows for listens in row.listens]
        coded = next((listens for listens in told if listens.isrc), None)
        if coded is not None:
            song.isrc, song.isrc_source = coded.isrc, coded.source
        heard = next((listens for listens in told if listens.spotify_id), None)
        if heard is not None and heard.spotify_id:
            song.spotify = SpotifyTrack(heard.spotify_id, first.title, (first.artist,), album_name=heard.album)
        return song

    @property
    def playcount(self) -> int:
        """Plays under all its spellings."""
        return sum(row.playcount for row in self.rows)

    @property
    def duration_ms(self) -> int | None:
        """How long it is, by whoever is believed most; None where nobody knows."""
        told = (self.spotify and self.spotify.duration_ms) or (self.open and self.open.duration_ms)
        return told or self.rows[0].duration_ms


@dataclass(frozen=True, slots=True)
class Reject:
    """A chart row that cannot become a song, with the reason `timbre report` counts."""

    listener: str
    artist: str
    title: str
    playcount: int
    reason: str
