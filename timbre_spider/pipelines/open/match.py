"""A recording that is the song asked for, and how sure that is."""

from collections.abc import Sequence
from dataclasses import dataclass

from timbre_spider.items import Song
from timbre_spider.matching.comparing.choose import choose
from timbre_spider.matching.comparing.compare import Comparison
from timbre_spider.matching.comparing.record import Record
from timbre_spider.matching.names.forms import Form, forms_of
from timbre_spider.matching.names.normalise import DEFAULT_COLLAPSE
from timbre_spider.matching.names.variants import Variant
from timbre_spider.sources.recording import Recording, mbid


@dataclass(frozen=True, slots=True)
class Wanted:
    """The song a question is about: as the matcher sees it, the forms to ask with, and what others call it already.

    `mbid` is Last.fm's id of the recording, a hint; `spotify_album` Spotify's id of its album.
    """

    record: Record
    forms: tuple[Form, ...]
    artist: str
    mbid: str | None = None
    spotify_album: str | None = None

    @classmethod
    def of(cls, record: Record, collapse: frozenset[Variant] = DEFAULT_COLLAPSE, **known: str | None) -> "Wanted":
        """A song by its record."""
        forms = forms_of(record.artist, record.title, collapse)
        return cls(record, forms, forms[0].artist, **known)


def wanted_of(song: Song, collapse: frozenset[Variant]) -> Wanted:
    """A song as its rows and Spotify's earlier answer tell it."""
    spotify = song.known.get(("spotify", song.name_id))
    hints = [each for row in song.rows for each in (row.mbid, *(listens.mbid for listens in row.listens))]
    return Wanted.of(
        Record(song.artist, song.title, duration_ms=song.rows[0].duration_ms, isrc=song.isrc),
        collapse,
        mbid=next((found for each in hints if (found := mbid(each))), None),
        spotify_album=spotify.values.get("album_id") if spotify else None,
    )


@dataclass(frozen=True, slots=True)
class Match:
    """`form` says what was asked when it was found."""

    recording: Recording
    comparison: Comparison
    form: str


def match(wanted: Wanted, recordings: Sequence[Recording], form: str) -> Match | None:
    """The one of `recordings` that is the wanted song, if any."""
    choice = choose(wanted.record, [record_of(recording) for recording in recordings])
    return Match(recordings[choice.index], choice.comparison, form) if choice else None


def record_of(recording: Recording) -> Record:
    """A recording as the matcher sees it."""
    return Record(
        recording.artist,
        recording.title,
        album=recording.album,
        duration_ms=recording.duration_ms,
        year=recording.year,
        isrc=recording.isrc,
    )
