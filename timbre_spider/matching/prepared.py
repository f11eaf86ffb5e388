"""A record read once, so that it can be compared many times."""

import re
from dataclasses import dataclass

from timbre_spider.matching.normalise import DEFAULT_COLLAPSE, artist_key, name_key
from timbre_spider.matching.parts import number_parts
from timbre_spider.matching.reading import artists_of, read_name
from timbre_spider.matching.record import Record
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
_NUMBER = re.compile(r"\d+|\b(?:ii|iii|iv|vi|vii|viii|ix|xi|xii|xiii)$")


@dataclass(frozen=True, slots=True)
class Prepared:
    """What `compare` needs of a record. Texts are squashed folds; `apart` are the variants that make another song."""

    record: Record
    key: str
    title: str
    short: str
    full: str
    artist: str
    artists: frozenset[str]
    album: str
    apart: frozenset[tuple[Variant, str]]
    soft: frozenset[Variant]
    numbers: tuple[str, ...]
    common: bool
    wordless: bool
    dashed: bool
    words: str
    artist_words: str
    title_grams: frozenset[str]
    artist_grams: frozenset[str]
    grams: frozenset[str]
    album_grams: frozenset[str]


def prepare(record: Record) -> Prepared:
    """Read `record` once."""
    reading = read_name(record.artist, record.title)
    words, _ = number_parts(fold(reading.title))
    short = squash(fold(_KEPT_BRACKET.sub("", reading.title))) if "(" in reading.title or "[" in reading.title else ""
    artist = artist_key(record.artist)
    names = {artist_key(name) for name in (*artists_of(record.artist), *reading.featured)} | {artist}
    unknown = artist in _NOBODY or not artist
    title_grams = grams(fold(reading.title))
    artist_grams = frozenset() if unknown else grams(fold(record.artist))
    return Prepared(
        record=record,
        key=name_key(record.artist, record.title),
        title=squash(words),
        short=short,
        full=squash(fold(record.title)),
        artist="" if unknown else artist,
        artists=frozenset() if unknown else frozenset(names - {""}),
        album=name_key("", record.album)[1:] if record.album else "",
        apart=frozenset((mark.kind, mark.detail) for mark in reading.variants if mark.kind not in DEFAULT_COLLAPSE),
        soft=frozenset(mark.kind for mark in reading.variants if mark.kind in DEFAULT_COLLAPSE),
        numbers=tuple(sorted(_NUMBER.findall(words))),
        wordless=not any(character.isalnum() for character in words),
        dashed=" - " in reading.title,
        words=words,
        artist_words="" if unknown else fold(record.artist),
        common=squash(words) in COMMON_TITLES,
        title_grams=title_grams,
        artist_grams=artist_grams,
        grams=grams(fold(record.title)) | artist_grams,
        album_grams=grams(fold(record.album or "")),
    )


def grams(folded: str) -> frozenset[str]:
    """The pieces of three letters of a folded text, each word padded at its ends."""
    padded = f" {folded} "
    return frozenset([padded[at : at + 3] for at in range(len(padded) - 2)]) if folded else frozenset()
