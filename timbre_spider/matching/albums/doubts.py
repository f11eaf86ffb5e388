"""What is told against an album of alike names being the one meant, and what only its own page can tell."""

from collections.abc import Sequence
from functools import lru_cache

from timbre_spider.items import AotyAlbum
from timbre_spider.matching.albums.dates import are_months_apart, are_years_apart, distance, is_day
from timbre_spider.matching.albums.key import acts_of, artist_part
from timbre_spider.matching.names.normalise import artist_key
from timbre_spider.matching.names.reading import read_name
from timbre_spider.matching.names.scripts import incomparable
from timbre_spider.matching.writing.text import fold


def contradicts(artist: str, album: str, candidate: AotyAlbum, released: str | None) -> bool:
    """Whether `candidate` is another album, for its names differ by more than spelling and edition, and the dates are
    no others' than two albums'.

    An artist in another script, whom the title alone vouches for, is the same only by the same date. A joint release
    (or one that is the artist's alone) has to be of that time; an EP, where the other is none, must not be of another;
    company in the title ("feat.") that the other has not makes it one of another month.
    """
    date = candidate.release_date
    if _is_joint(artist, candidate.artist) and distance(date, released) > 1:
        return True
    if incomparable(artist_part(artist), artist_part(candidate.artist)) and distance(date, released) > 0:
        return True
    if _differ_by_ep(album, candidate) and are_years_apart(date, released):
        return True
    return _company(album) != _company(candidate.title) and are_months_apart(date, released)


def in_doubt(best: AotyAlbum, possible: Sequence[AotyAlbum], album: str, released: str | None) -> list[AotyAlbum]:
    """The albums whose own pages have to tell whether it is `best` of all `possible` ones: those of its very name and
    year, whose dates are too inexact or too alike. Empty where what is told will do."""
    name, year, date = fold(best.title), (best.release_date or "")[:4], best.release_date
    namesakes = [each for each in possible if fold(each.title) == name and (each.release_date or "")[:4] == year]
    if len(namesakes) > 1 and any(_are_alike(best, each, released) for each in namesakes if each is not best):
        return namesakes
    if _company(album) != _company(best.title) and not is_day(date) and len(released or "") > len(date or ""):
        return [best]
    return []


def _are_alike(best: AotyAlbum, other: AotyAlbum, released: str | None) -> bool:
    """Whether dates cannot tell which of two it is."""
    date = best.release_date
    if date == other.release_date:
        return True
    if is_day(date) and date == released:
        return False
    return distance(date, other.release_date) == 0 or distance(date, released) == distance(other.release_date, released)


def _is_joint(artist: str, other: str) -> bool:
    one, two = artist_part(artist), artist_part(other)
    return one != two and (one in acts_of(other) or two in acts_of(artist))


def _differ_by_ep(album: str, candidate: AotyAlbum) -> bool:
    """Whether one says it is an EP and the other is not known to be one."""
    by_title = says_ep(candidate.title)
    if not says_ep(album):
        return by_title
    return not by_title and (candidate.format or "EP") != "EP"


@lru_cache(maxsize=4096)
def says_ep(title: str) -> bool:
    """Whether a title says that it is an EP."""
    return "ep" in fold(title).split()


@lru_cache(maxsize=4096)
def _company(title: str) -> frozenset[str]:
    return frozenset(map(artist_key, read_name("", title).featured))
