"""The album a song's question to AOTY is about: whose, which, of what year."""

from collections.abc import Sequence

from timbre_spider.items import Song
from timbre_spider.matching.albums import album_key
from timbre_spider.matching.reading import read_name

# Spotify's other types of albums: an original album says more of a song.
_NO_ALBUMS = ("single", "compilation")


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
    return artist, read_name(artist, album).title or album


def _played(artist: str, named: Sequence[str], played: Sequence[str]) -> str | None:
    """Of the albums named for a song one the listener is known to play, else the first; where none is named, the only
    one that is played of the artist."""
    keys = {key_of(artist, each): each for each in reversed(played)}
    if not named:
        return next(iter(keys.values())) if len(keys) == 1 else None
    return min(named, key=lambda album: key_of(artist, album) not in keys)


def year_of(song: Song) -> str | None:
    """The year its album came out in, which is no later than the earliest that anybody tells."""
    told = (song.spotify and song.spotify.release_date, song.open and song.open.release_date)
    years = [date[:4] for date in told if date and date[:4].isdigit()]
    return min(years, default=None)


def key_of(artist: str, album: str) -> str:
    """What the ledger calls the question about an album."""
    return f"album:{album_key(artist, album)}"
