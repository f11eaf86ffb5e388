"""The key of an album, under which its editions and its writings in discographies fall together."""

import re
from functools import lru_cache

from timbre_spider.matching.classify import classify, is_year
from timbre_spider.matching.normalise import DEFAULT_COLLAPSE, artist_key, rendered, title_key
from timbre_spider.matching.reading import without_artist
from timbre_spider.matching.text import fold, is_plain, narrow, visible, vocabulary
from timbre_spider.matching.variants import Mark, Variant

_COLLAPSE = DEFAULT_COLLAPSE - {Variant.LIVE, Variant.ACOUSTIC}
_VARIOUS = vocabulary("various va variousartists")
# A name, and what stands behind it in brackets, after a dash, or after a comma.
_LAST = re.compile(
    r"(?P<name>.*\S)(?:\s*[(\[{](?P<bracket>[^()\[\]{}]*)[)\]}]?|\s+[-–—~:]+\s+(?P<dash>.+?)|,\s+(?P<comma>[^,]+))$"
)
_DISC = re.compile(
    r"(?:disc|disk|disque|cd|dvd|lp)\s*[#.]?\s*(?P<number>\d{1,2}|one|two|three|four|i{1,3}|iv)"
    r"(?:\s*(?:of|/)\s*\d{1,2})?|(?P<place>\d{1,2})\s*(?:of|/)\s*\d{1,2}"
    r"|(?P<ordinal>\d{1,2})(?:st|nd|rd|th) (?:disc|disk|cd)",
    re.I,
)
_DISC_BEHIND = re.compile(rf"(.*\S)[\s,]+(?:{_DISC.pattern})(?:\s*[-:]\s*.*)?", re.I)
_DISC_WITH_TITLE = re.compile(rf"(?:{_DISC.pattern})\s*[-:,]\s*\S.*", re.I)
_NUMBERS = {"one": 1, "two": 2, "three": 3, "four": 4, "i": 1, "ii": 2, "iii": 3, "iv": 4}
# "CDP 7 46001 2", "WPCR-12345", "SHVL 804": capitals, then digits.
_CATALOGUE = re.compile(r"(?=(?:\D*\d){3})[A-Z]{1,7}[A-Z\d]*(?:[\s./-]*[A-Z]{0,3}\d[\dA-Z]*)+")
# A segment of only these words, with one of the first kind, names an edition.
_EDITIONS = vocabulary(
    "edition ed reissue reissued rerelease remaster remastered expanded deluxe limited special collectors"
    " collector anniversary bonus box boxset boxed single ep lp maxi cds promo promotional import digipak digipack"
    " vinyl soundtrack ost hdcd sacd mfsl explicit clean edited version mono stereo score japan japanese advance"
)
_BESIDE_EDITIONS = vocabulary(
    "the a of and with for from by in set re issue release disc discs disk disks cd dvd track tracks super legacy"
    " original motion picture music film movie album uk us usa eu german european australian international digital"
    " bit 24 20 16 extra new 2cd 3cd only plus digitally"
)
# Whom a pressing was made for.
_COUNTRIES = vocabulary("uk us usa eu europe european german germany australia australian canada japan import")
_EDITION_BEHIND = re.compile(
    r"(.*\S)\s+(?:ep|e\.p\.|o\.?s\.?t\.?|box ?set|original (?:motion picture )?soundtrack"
    r"|(?:deluxe|special|limited|expanded|anniversary|collector'?s) edition)\.?",
    re.I,
)
# Of a name of letters, digits and spaces alone, what may say that something stands behind it: the short way for most.
_MAY_END = re.compile(r"\d|dis[ckq]|cd|dvd|lp|(?:ep|ost|set|track|edition)\s*$", re.I)
# What stands behind the comma of "The Band, The", "Tyler, The Creator", "Crosby, Stills & Nash".
_NO_FIRST_NAME = re.compile(r"^the\b|,|&|\band\b", re.I)
_LAYERS = 6


# An artist's albums are told of again with each of the artist's songs.
@lru_cache(maxsize=4096)
def album_key(artist: str, album: str) -> str:
    """The key of an album: its editions (deluxe, remastered, anniversary …) share it; a live album is its own.

    Catalogue numbers and the artist's name repeated are left out, and so is "disc 1"; a second disc is its own.
    """
    if is_plain(album) and not _MAY_END.search(album):
        return f"{_artist(artist)}|{title_key(album)}"
    name = _without_owner(artist, without_artist(artist, visible(narrow(album))))
    marks: list[Mark] = []
    disc = 1
    for _ in range(_LAYERS):
        before = name
        if behind := _DISC_BEHIND.fullmatch(name):
            name, disc = behind[1], _number(behind)
        elif behind := _EDITION_BEHIND.fullmatch(name):
            name = behind[1]
        elif last := _LAST.fullmatch(name):
            segment = next(part for part in (last["bracket"], last["dash"], last["comma"]) if part is not None).strip()
            bracketed = last["bracket"] is not None
            if number := _DISC.fullmatch(segment) or _DISC_WITH_TITLE.fullmatch(segment):
                name, disc = last["name"], _number(number)
            elif _CATALOGUE.fullmatch(segment) or is_year(segment) or _names_edition(segment, bracketed=bracketed):
                name = last["name"]
            elif last["comma"] is None and (found := classify(segment)):
                name, marks = last["name"], [*marks, *found]
        name = name.rstrip(" ,-–—:")
        if name == before:
            break
    told = f" (disc {disc})" if disc > 1 else ""
    return f"{_artist(artist)}|{title_key(name)}{rendered(marks, _COLLAPSE)}{told}"


def artist_part(artist: str) -> str:
    """The artist's part of an album's key: what stands before its "|"."""
    return _artist(artist)


def _artist(artist: str) -> str:
    """The artist's key; "Dylan, Bob" is Bob Dylan, and all ways to say "various" are one."""
    last, comma, first = artist.partition(", ")
    if comma and " " not in last and not _NO_FIRST_NAME.search(first):
        artist = f"{first} {last}"
    key = artist_key(artist)
    return "various" if key in _VARIOUS else key


def _without_owner(artist: str, album: str) -> str:
    """An album's name without whose it is: "Bob Dylan's Greatest Hits"."""
    owner, possessive, rest = album.replace("’", "'").partition("'s ")
    return rest if possessive and rest.strip() and fold(owner) == fold(artist) else album


def _number(found: re.Match[str]) -> int:
    text = (found["number"] or found["place"] or found["ordinal"]).lower()
    return _NUMBERS.get(text) or int(text)


def _names_edition(segment: str, *, bracketed: bool) -> bool:
    """Whether a segment names an edition; in brackets a country does, and whatever ends with "edition"."""
    words = fold(segment).split()
    if bracketed and words and (words[-1] == "edition" or _COUNTRIES.issuperset(words)):
        return True
    known = [word in _EDITIONS or word in _BESIDE_EDITIONS or is_year(word) for word in words]
    return all(known) and not _EDITIONS.isdisjoint(words)
