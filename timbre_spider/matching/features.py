"""What two records are compared by: a record read once, so that it can be compared many times."""

import re
from dataclasses import dataclass
from functools import lru_cache

from timbre_spider.matching.normalise import DEFAULT_COLLAPSE, artist_key, name_key
from timbre_spider.matching.numbering import numbered, one_way
from timbre_spider.matching.peel import company_of
from timbre_spider.matching.reading import artists_of, read_name
from timbre_spider.matching.record import Record
from timbre_spider.matching.scripts import both_scripts
from timbre_spider.matching.text import fold, squash
from timbre_spider.matching.variants import Variant
from timbre_spider.matching.words import COMMON_TITLES

_NOBODY = frozenset(
    [
        "unknown",
        "unk",
        "unknownartist",
        "variousartists",
        "various",
        "va",
        "na",
        "none",
        "null",
        "noartist",
        "anonymous",
    ]
)
_KEPT_BRACKET = re.compile(r"\s*[(\[{（［][^()\[\]{}（）［］]*[)\]}）］]")


# "05 - Money", "03. Pandemonium", "01 Lilywhite Lilith", "B2 Song": a file's number. "99 Problems" has none.
_TRACK_NUMBER = re.compile(
    r"(?:\d{1,3}(?:\s*[.)]\s+|\s+[-–—]\s+|[.)](?=[^\W\d]))|0\d{1,2}\s+|[A-D]\d{1,2}[.)]?\s+(?:[-–]\s+)?)(?=\S)"
)
# Tags of the first kind held 30 characters.
CUT_AT = 30


@dataclass(frozen=True, slots=True)
class Features:
    """What `compare` needs of a record. Texts are squashed folds.

    `company` is the title without a bracket that begins with "with", and whom that names. `apart` are the variants
    that make another song, `also` what the title would be under another reading of it (without a track number,
    either half of a bilingual one), `numbers` its numbers in their order.
    """

    record: Record
    key: str
    title: str
    short: str
    company: tuple[str, frozenset[str]]
    also: frozenset[str]
    full: str
    artist: str
    artists: frozenset[str]
    artist_in_order: str
    album: str
    apart: frozenset[tuple[Variant, str]]
    soft: frozenset[Variant]
    numbers: tuple[str, ...]
    common: bool
    wordless: bool
    dashed: bool
    words: tuple[str, ...]
    text: str
    artist_words: str
    cut: bool
    title_grams: frozenset[str]
    artist_grams: frozenset[str]
    grams: frozenset[str]
    album_grams: frozenset[str]


# An artist's tracks are compared with each of the artist's songs in turn. One takes 8 kB.
@lru_cache(maxsize=256)
def features_of(record: Record) -> Features:
    """Read `record` once."""
    reading = read_name(record.artist, record.title)
    told = numbered(reading.title)
    text = " ".join(told.words)
    short = squash(fold(_KEPT_BRACKET.sub("", reading.title))) if "(" in reading.title or "[" in reading.title else ""
    artist = artist_key(record.artist)
    names = {artist_key(name) for name in (*artists_of(record.artist), *reading.featured)} | {artist}
    unknown = artist in _NOBODY or not artist
    title = squash(text)
    alone, company = company_of(reading.title)
    title_grams = grams(fold(reading.title))
    artist_grams = frozenset() if unknown else grams(fold(record.artist))
    return Features(
        record=record,
        key=name_key(record.artist, record.title),
        title=title,
        short=short,
        company=(squash(one_way(alone)), frozenset(map(artist_key, company))),
        also=frozenset(squash(one_way(other)) for other in other_titles(reading.title)) - {""},
        full=squash(fold(record.title)),
        artist="" if unknown else artist,
        artists=frozenset() if unknown else frozenset(names - {""}),
        artist_in_order="" if unknown else acts_in_order(record.artist),
        album=name_key("", record.album)[1:] if record.album else "",
        apart=frozenset((mark.kind, mark.detail) for mark in reading.variants if mark.kind not in DEFAULT_COLLAPSE),
        soft=frozenset(mark.kind for mark in reading.variants if mark.kind in DEFAULT_COLLAPSE),
        numbers=told.numbers,
        wordless=not any(character.isalnum() for character in text),
        dashed=" - " in reading.title,
        words=told.words,
        text=text,
        artist_words="" if unknown else fold(record.artist),
        common=title in COMMON_TITLES,
        cut=len(record.title) in (CUT_AT - 1, CUT_AT),
        title_grams=title_grams,
        artist_grams=artist_grams,
        grams=grams(fold(record.title)) | artist_grams,
        album_grams=grams(fold(record.album or "")),
    )


def other_titles(title: str) -> tuple[str, ...]:
    """What a plain title may mean besides: the rest behind a track number, the halves of a bilingual one."""
    number = _TRACK_NUMBER.match(title)
    return (*((title[number.end() :],) if number else ()), *(both_scripts(title) or ()))


def has_track_number(title: str) -> bool:
    """Whether a title begins as a file's name does, with a number that is no part of it."""
    return _TRACK_NUMBER.match(title) is not None


# What joins the acts of a list; beside them the words of the list say who is meant, in any order.
_JOINS = frozenset(["and", "x", "y", "e", "et", "und", "vs", "with", "feat", "ft"])


@lru_cache(maxsize=16_384)
def acts_in_order(artist: str) -> str:
    """The words of an artist field in alphabetical order: alike for "A, B", "B & A", "A x B", and "Floyd, Eddie"."""
    words = fold(artist).split()
    return " ".join(sorted([*words[:1], *(word for word in words[1:-1] if word not in _JOINS), *words[1:][-1:]]))


def grams(folded: str) -> frozenset[str]:
    """The pieces of three letters of a folded text, each word padded at its ends."""
    padded = f" {folded} "
    return frozenset([padded[at : at + 3] for at in range(len(padded) - 2)]) if folded else frozenset()
