"""A song on its way through the stages, and who it is."""

from dataclasses import dataclass, field
from typing import Any, Self
from uuid import UUID

from timbre_spider.items.answers import Answer, Outcome
from timbre_spider.items.aoty import AotyAlbum
from timbre_spider.items.heard import ChartRow
from timbre_spider.items.open import OpenFacts
from timbre_spider.items.spotify import SpotifyTrack


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
