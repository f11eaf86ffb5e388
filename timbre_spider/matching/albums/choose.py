"""Choosing an album among those the site or the catalogue knows."""

from collections.abc import Iterable, Sequence

from timbre_spider.items import AotyAlbum
from timbre_spider.matching.albums.dates import distance, year_of
from timbre_spider.matching.albums.doubts import contradicts, in_doubt
from timbre_spider.matching.albums.key import acts_of, album_key, artist_part
from timbre_spider.matching.comparing.choose import Choice, choose, is_certain
from timbre_spider.matching.comparing.record import Record
from timbre_spider.matching.comparing.similarity import EXPLAINED
from timbre_spider.matching.names.scripts import incomparable

_VARIOUS = artist_part("Various Artists")
# Formats that win only where no album of that name is: a compilation has the ratings of none of its albums.
_LESSER = {
    "compilation", "single", "live", "remix", "unofficial", "miscellaneous", "box set", "dj mix", "demo",
    "instrumental",
}  # fmt: skip
_VIDEOS = {"music video", "video"}


def choose_album(
    artist: str,
    album: str,
    candidates: Iterable[AotyAlbum],
    *,
    spotify_album_id: str | None = None,
    released: str | None = None,
) -> AotyAlbum | None:
    """The album meant: the one with that Spotify id, then one of the same key (its editions share it), then the likest.
    None where none is, and where it takes another look to tell (`to_look_at`).

    Of those alike an original goes before a compilation or single. Of one key the one whose date is nearest to
    `released` goes first, but none is shut out by it alone: it may be a reissue's. One of various artists is never an
    artist's, and a music video nobody's. Every difference of names is an explained one.
    """
    possible = _possible(artist, album, candidates, released)
    for each in possible:
        if spotify_album_id and each.spotify_album_id == spotify_album_id:
            return each
    best = _best(artist, album, possible, released)
    return None if best is None or _doubtful(best, possible, album, released) else best


def to_look_at(
    artist: str, album: str, candidates: Iterable[AotyAlbum], *, released: str | None = None
) -> list[AotyAlbum]:
    """The albums whose own pages tell which of them is meant, if any; empty where there is no doubt."""
    possible = _possible(artist, album, candidates, released)
    best = _best(artist, album, possible, released)
    return _doubtful(best, possible, album, released) if best is not None else []


def may_be(artist: str, album: str, candidate: AotyAlbum, released: str | None) -> bool:
    """Whether nothing told of an album of alike names says that it is another."""
    of_various = artist_part(candidate.artist) == _VARIOUS, artist_part(artist) == _VARIOUS
    return of_various[0] is of_various[1] and not (
        is_video(candidate) or contradicts(artist, album, candidate, released)
    )


def is_video(album: AotyAlbum) -> bool:
    """Whether it is a music video, which the site lists beside albums and no song is on."""
    return (album.format or "").lower() in _VIDEOS


def _possible(artist: str, album: str, candidates: Iterable[AotyAlbum], released: str | None) -> list[AotyAlbum]:
    return [each for each in candidates if may_be(artist, album, each, released)]


def _best(artist: str, album: str, possible: Sequence[AotyAlbum], released: str | None) -> AotyAlbum | None:
    wanted, whose = album_key(artist, album), artist_part(artist)
    same = [each for each in possible if _key(each, artist, whose) == wanted]
    for group in (same, possible):
        for lesser in (False, True):
            chosen = [each for each in group if _is_lesser(each) is lesser]
            if lesser:  # "Greatest Hits" alone does not tell that an artist in another script is the same
                chosen = [each for each in chosen if not incomparable(artist_part(each.artist), whose)]
            if group is same:
                apart = [(distance(each.release_date, released), each.release_date != released) for each in chosen]
                chosen = [each for each, how_far in zip(chosen, apart, strict=True) if how_far == min(apart)]
            records = [Record(each.artist, each.title, year=year_of(each.release_date)) for each in chosen]
            choice = choose(Record(artist, album), records)
            if choice is not None and (group is same or _is_explained(choice)):
                return chosen[choice.index]
            if group is same and chosen:  # as "Harbour EP" is for "Harbour"
                return min(chosen, key=lambda each: (each.release_date or "~", each.title, each.url))
    return None


def _doubtful(best: AotyAlbum, possible: Sequence[AotyAlbum], album: str, released: str | None) -> list[AotyAlbum]:
    return in_doubt(best, [each for each in possible if _is_lesser(each) is _is_lesser(best)], album, released)


def _is_lesser(album: AotyAlbum) -> bool:
    return (album.format or "").lower() in _LESSER


def _key(candidate: AotyAlbum, artist: str, whose: str) -> str:
    """Its key; of a joint release that of the artist's part in it."""
    own = artist_part(candidate.artist)
    joint = own != whose and whose in acts_of(candidate.artist)
    return album_key(artist if joint else candidate.artist, candidate.title)


def _is_explained(choice: Choice) -> bool:
    """Whether every difference is understood; artists in two scripts, vouched for by the title, cannot be compared."""
    fields = choice.comparison.fields
    return is_certain(choice) or ("artist" not in fields and fields.get("title", 0.0) >= EXPLAINED)
