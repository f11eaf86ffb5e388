"""The songs a run has stored, each once, and those of each listener: what progress, summary and `max` all count."""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterator
from uuid import UUID

from timbre_spider.items import Identity, OpenFacts, Song


class StoredSongs:
    """The distinct songs stored so far, and which fields each has; songs that were merged away are no songs."""

    def __init__(self) -> None:
        self._fields: dict[UUID, frozenset[str]] = {}
        # Most songs have one of few sets of fields, and a set takes as much as ten songs' names.
        self._sets: dict[frozenset[str], frozenset[str]] = {}
        self._heard: dict[str, set[UUID]] = defaultdict(set)

    def __len__(self) -> int:
        return len(self._fields)

    def __iter__(self) -> Iterator[UUID]:
        return iter(self._fields)

    def add(self, song: Song, identity: Identity) -> bool:
        """Count a committed song; False when it is one that was counted for its listener already."""
        is_new = identity.song_id not in self._heard[song.listener]
        self._heard[song.listener].add(identity.song_id)
        for absorbed in identity.absorbs:
            self._fields.pop(absorbed, None)
            for songs in self._heard.values():
                if absorbed in songs:
                    songs.remove(absorbed)
                    songs.add(identity.song_id)
        fields = self._fields.get(identity.song_id, frozenset()) | coverage_of(song)
        self._fields[identity.song_id] = self._sets.setdefault(fields, fields)
        return is_new

    @property
    def listeners(self) -> Collection[str]:
        """Whose songs they are; a worker learns it from the songs alone."""
        return self._heard.keys()

    def songs_of(self, listener: str) -> int:
        """How many of them a listener heard."""
        return len(self._heard[listener])

    def coverage_percent(self) -> dict[str, float | None]:
        """How many of the songs have each field of COVERED; None where there is no song."""
        covered = Counter(name for fields in self._fields.values() for name in fields)
        return {name: round(100 * covered[name] / len(self), 1) if self._fields else None for name in COVERED}


COVERED = (
    "isrc",
    "spotify_id",
    "album_name",
    "duration_ms",
    "popularity",
    "release_date",
    "lastfm_tags",
    "aoty_user_score",
    "aoty_genres",
)


def coverage_of(song: Song) -> frozenset[str]:
    """Which of the fields in COVERED a song has."""
    track, known_openly, album = song.spotify, song.open or OpenFacts(), song.aoty
    known = (
        song.isrc,
        track and track.spotify_id,
        (track and track.album_name) or known_openly.album_name,
        (track and track.duration_ms) or known_openly.duration_ms,
        track and track.popularity is not None,
        (track and track.release_date) or known_openly.release_date,
        song.tags,
        album and album.user_score is not None,
        album and album.genres,
    )
    return frozenset(name for name, value in zip(COVERED, known, strict=True) if value)
