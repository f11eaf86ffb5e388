"""The keys under which spellings of one name fall together."""

import re
from functools import lru_cache

from timbre_spider.matching.reading import Reading, main_artists, number_parts, peel, read_name, split_names
from timbre_spider.matching.text import fold, squash
from timbre_spider.matching.variants import Mark, Variant

__all__ = [
    "DEFAULT_COLLAPSE",
    "Reading",
    "album_key",
    "artist_key",
    "artists_of",
    "name_key",
    "parse_collapse",
    "read_name",
]

DEFAULT_COLLAPSE = frozenset(
    {Variant.REMASTER, Variant.LIVE, Variant.ACOUSTIC, Variant.EDITION, Variant.MONO, Variant.RADIO_EDIT}
)
# A name without any of these has nothing to peel: the short way, for most names.
_TO_PEEL = re.compile(
    r"[()\[\]{}<>【】「」『』〈〉《》〔〕（）［］｛｝＜＞–—−－~〜;×]| -|- |\b(?:feat|ft|featuring|remaster(?:ed)?|version|edit|mix)\b"
    r"|, the$|\b(?:vs|x)\b",
    re.I,
)
_TO_NUMBER = re.compile(
    r"\b(?:part|pt|parte|partie|teil|deel|del|vol|volume|no|nr|number|chapter|act|movement|mvt|op)\b"
)
_RENDERED = {
    Variant.RADIO_EDIT: "radio edit", Variant.SPED_UP: "sped up", Variant.RERECORDED: "re recorded",
    Variant.EDITION: "album version",
}  # fmt: skip


def parse_collapse(text: str) -> frozenset[Variant]:
    """The kinds named in a list such as "remaster,live". Raises ValueError naming the unknown one."""
    return frozenset(Variant(part) for part in re.split(r"[,\s]+", text.strip().lower()) if part)


def name_key(artist: str, title: str, collapse: frozenset[Variant] = DEFAULT_COLLAPSE) -> str:
    """The key of a song: spellings and collapsed variants of one song share it. Never empty; total; linear."""
    artist_name, artist_marks = _artist(artist)
    if _TO_PEEL.search(title):
        plain, _, title_marks = peel(title)
        marks = [*title_marks, *artist_marks]
    else:
        plain, marks = title, list(artist_marks)
    key = f"{artist_name}|{_title(plain)}"
    if marks:
        kept = sorted({_render(mark) for mark in marks if mark.kind not in collapse})
        key += "".join(f" ({mark})" for mark in kept)
    return key


def artist_key(artist: str) -> str:
    """The main artist, folded, without a leading "The". Idempotent."""
    return _artist(artist)[0]


def artists_of(artist: str) -> list[str]:
    """Every act an artist field may name, guests too: for comparing, where a wrong cut ("Earth", "Wind") does no harm."""
    main, guests, _ = peel(artist, is_artist=True)
    return [*main_artists(main), *split_names(main), *guests]


def album_key(artist: str, album: str) -> str:
    """The key of an album: editions (deluxe, remastered, anniversary …) share it; a live album is its own."""
    plain, _, marks = peel(album) if _TO_PEEL.search(album) else (album, [], [])
    key = f"{artist_key(artist)}|{_title(plain)}"
    apart = {Variant.LIVE, Variant.ACOUSTIC}
    kept = sorted({_render(mark) for mark in marks if mark.kind not in DEFAULT_COLLAPSE or mark.kind in apart})
    return key + "".join(f" ({mark})" for mark in kept)


@lru_cache(maxsize=65_536)
def _artist(artist: str) -> tuple[str, tuple[Mark, ...]]:
    marks: list[Mark] = []
    if _TO_PEEL.search(artist):
        artist, _, marks = peel(artist, is_artist=True)
        artist = (main_artists(artist) or [artist])[0]
    if "!" in artist:
        artist = re.sub(r"(?<=[^\W\d_])!(?=[^\W\d_])", "i", artist)
    if "+" in artist:
        artist = artist.replace(" + ", " and ")
    return _key(fold(artist)), tuple(marks)


def _title(title: str) -> str:
    folded = fold(title)
    if _TO_NUMBER.search(folded):
        folded, _ = number_parts(folded)
    return _key(folded)


def _key(folded: str) -> str:
    if folded.startswith("the ") and folded != "the the":
        folded = folded[4:]
    return squash(folded)


def _render(mark: Mark) -> str:
    """A variant as it stands in a key, spelled so that reading the key finds the same variant again."""
    name = _RENDERED.get(mark.kind, mark.kind.value)
    return f"{mark.detail} {name}" if mark.detail and mark.kind in _DETAILED else name


_DETAILED = frozenset({Variant.REMIX, Variant.VERSION, Variant.COVER})
