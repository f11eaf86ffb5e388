"""Choosing an album among those the site or the catalogue knows."""

from collections.abc import Sequence

from timbre_spider.items import AotyAlbum
from timbre_spider.matching.albums import album_key, artist_part
from timbre_spider.matching.choose import choose, is_certain
from timbre_spider.matching.record import Record
from timbre_spider.matching.scripts import incomparable

_VARIOUS = artist_part("Various Artists")
# Formats that win only where no album of that name is: a compilation has the ratings of none of its albums.
_LESSER = {
    "compilation", "single", "live", "remix", "unofficial", "miscellaneous", "box set", "dj mix", "demo",
    "instrumental",
}  # fmt: skip
_VIDEOS = {"music video", "video"}
# Where an album comes out in another country it is within that many years.
_YEARS_APART = 1


def choose_album(
    artist: str,
    album: str,
    candidates: Sequence[AotyAlbum],
    *,
    spotify_album_id: str | None = None,
    released: str | None = None,
    certain: bool = False,
) -> AotyAlbum | None:
    """The album meant: the one with that Spotify id, then one of the same key (its editions share it), then the likest.

    Of those alike an original goes before a compilation or single. Of one key the one whose date is nearest to
    `released` goes first, but none is shut out by it: it may be a reissue's. One of various artists is never an
    artist's, and a music video nobody's. `certain`: only one whose names leave no doubt, since better ones may be
    elsewhere.
    """
    wanted, whose = album_key(artist, album), artist_part(artist)
    fitting = [
        each
        for each in candidates
        if (artist_part(each.artist) == _VARIOUS) is (whose == _VARIOUS) and not is_video(each)
    ]
    for each in fitting:
        if spotify_album_id and each.spotify_album_id == spotify_album_id:
            return each
    same = [each for each in fitting if album_key(each.artist, each.title) == wanted]
    for group in (same, fitting):
        for lesser in (False, True):
            chosen = [each for each in group if ((each.format or "").lower() in _LESSER) is lesser]
            if lesser:  # "Greatest Hits" alone does not tell that an artist in another script is the same
                chosen = [each for each in chosen if not incomparable(artist_part(each.artist), whose)]
            if group is same:
                least = min((distance(each.release_date, released) for each in chosen), default=0)
                chosen = [each for each in chosen if distance(each.release_date, released) == least]
            records = [Record(each.artist, each.title, year=_year(each)) for each in chosen]
            choice = choose(Record(artist, album), records)
            if choice is not None and (not certain or group is same or is_certain(choice)):
                return chosen[choice.index]
    return None


def is_video(album: AotyAlbum) -> bool:
    """Whether it is a music video, which the site lists beside albums and no song is on."""
    return (album.format or "").lower() in _VIDEOS


def distance(date: str | None, released: str | None) -> int:
    """How far apart two dates are. 0: one as exactly as both are told, 1: about a year, 2: more, or unknown."""
    if not date or not released:
        return 2
    if date.startswith(released) or released.startswith(date):
        return 0
    return 1 if abs(int(date[:4]) - int(released[:4])) <= _YEARS_APART else 2


def _year(album: AotyAlbum) -> int | None:
    return int(album.release_date[:4]) if album.release_date else None
