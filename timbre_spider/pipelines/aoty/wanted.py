"""The album a song's question to AOTY is about: whose, which, of what year."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from timbre_spider.items import AotyAlbum, Outcome, Song
from timbre_spider.matching.albums.choose import choose_album, may_be, to_look_at
from timbre_spider.matching.albums.dates import distance
from timbre_spider.matching.albums.doubts import says_ep
from timbre_spider.matching.albums.key import album_key, artist_part
from timbre_spider.matching.comparing.compare import compare
from timbre_spider.matching.comparing.record import Record
from timbre_spider.matching.comparing.tier import Tier
from timbre_spider.matching.names.reading import read_name

_VARIOUS = artist_part("Various Artists")
# Spotify's other types of albums: an original album says more of a song.
_NO_ALBUMS = ("single", "compilation")


@dataclass(frozen=True, slots=True)
class Wanted:
    """An album that is asked for; `spotify_album_id` where Spotify is who named it; `released` by the earliest date
    that is told of the song, as exactly as it is told."""

    key: str
    artist: str
    album: str
    spotify_album_id: str | None = None
    released: str | None = None

    @property
    def year(self) -> str | None:
        return self.released[:4] if self.released else None

    def among(self, known: Iterable[AotyAlbum]) -> AotyAlbum | None:
        """The one of `known` that is meant; None where none is, or its own page has to tell (`to_look_at`)."""
        return choose_album(
            self.artist, self.album, known, spotify_album_id=self.spotify_album_id, released=self.released
        )

    def match(self, album: AotyAlbum) -> tuple[float | None, str | None]:
        """Score and tier of the names of an album taken for it; None, None where Spotify's id says that it is the one.
        Whatever was taken matches at least weakly: the page of an address that was right once may name it anew."""
        if self.spotify_album_id and album.spotify_album_id == self.spotify_album_id:
            return None, None
        told = compare(Record(_whose(self.artist), self.album), Record(_whose(album.artist), album.title))
        return round(told.score, 4), max(told.tier, Tier.LOW).value

    def to_look_at(self, known: Iterable[AotyAlbum]) -> list[AotyAlbum]:
        """Those of `known` whose own pages tell which is meant."""
        return to_look_at(self.artist, self.album, known, released=self.released)

    def may_be(self, album: AotyAlbum) -> bool:
        """Whether nothing that its own page told says it is another."""
        by_id = self.spotify_album_id is not None and album.spotify_album_id == self.spotify_album_id
        return by_id or may_be(self.artist, self.album, album, self.released)

    def is_elsewhere(self, known: Iterable[AotyAlbum], taken: AotyAlbum) -> bool:
        """Whether `taken`, which others of its name and artist are on, is not it: nothing but the names speaks for it,
        or another one of the name among `known` has a nearer date."""
        if not self.may_be(taken):
            return True
        known = list({each.url: each for each in known}.values())
        meant = self.among(known)
        nearest = min(map(self._distance, [meant] if meant else self.to_look_at(known)), default=None)
        return nearest is not None and nearest < self._distance(taken)

    def by_date(self) -> "Wanted":
        """The question about the album of its name that is of its date."""
        return replace(self, key=f"{self.key} ({self.released})")

    def _distance(self, album: AotyAlbum) -> int:
        return distance(album.release_date, self.released)


def wanted_by(song: Song) -> Wanted | None:
    """The album to ask for; None where nobody names one."""
    named = album_of(song)
    if named is None:
        return None
    key = key_of(*named)
    track = song.spotify
    by_spotify = track is not None and track.album_name and key_of(named[0], track.album_name) == key
    return Wanted(key, *named, track.album_id if track and by_spotify else None, released(song))


def without_album(song: Song) -> Outcome | None:
    """How the question ends where the album is unknown: for good where all who were asked have answered, else for
    now."""
    asked = [song.outcomes[source] for source in ("open", "spotify") if source in song.outcomes]
    if not asked:
        return None
    return Outcome.ABSENT if {Outcome.FOUND, Outcome.ABSENT}.issuperset(asked) else Outcome.DEFERRED


def album_of(song: Song) -> tuple[str, str] | None:
    """Artist and title of the album to ask for, by whoever knows it; editions are asked for as one.

    The album that the song was heard on goes first, then one of those the listener plays of the artist; an album goes
    before a compilation or a single, and Spotify's album before that of the open sources."""
    track, told = song.spotify, song.open
    first_of_artists = track.artists[0] if track and track.artists else read_name(song.artist, "").artist
    heard = next((listens.album for row in song.rows for listens in row.listens if listens.album), None)
    by_spotify = track.album_name if track else None
    is_album = track is not None and track.album_type not in _NO_ALBUMS
    artist = first_of_artists or song.artist
    named = (by_spotify if is_album else None, told.album_name if told else None, by_spotify)
    album = heard or _played(artist, [each for each in named if each], song.artist_albums)
    if not album:
        return None
    read = read_name(artist, album)
    # Company tells one of an artist's albums from another of the same name.
    return artist, album if read.featured else read.title or album


def _whose(artist: str) -> str:
    """To be by various artists says nothing of a song, and of an album as much as any name: so it is made one."""
    return "by various artists" if artist_part(artist) == _VARIOUS else artist


def _played(artist: str, named: Sequence[str], played: Sequence[str]) -> str | None:
    """Of the albums named for a song one the listener is known to play, else the first; where none is named, the only
    one that is played of the artist."""
    keys = {key_of(artist, each): each for each in reversed(played)}
    if not named:
        return next(iter(keys.values())) if len(keys) == 1 else None
    return min(named, key=lambda album: key_of(artist, album) not in keys)


def released(song: Song) -> str | None:
    """When its album came out, which is no later than the earliest that anybody tells: YYYY, YYYY-MM or YYYY-MM-DD."""
    told = (song.spotify and song.spotify.release_date, song.open and song.open.release_date)
    return min((date for date in told if date and date[:4].isdigit()), default=None)


def key_of(artist: str, album: str) -> str:
    """What the ledger calls the question about an album; an EP's is its own, for an album may bear the same name."""
    return f"album:{album_key(artist, album)}{' (ep)' if says_ep(album) else ''}"
