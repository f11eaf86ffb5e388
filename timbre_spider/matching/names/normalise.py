"""The keys under which spellings of one name fall together."""

import re
from functools import lru_cache

from timbre_spider.matching.names.peel import WORDS_TO_PEEL, begins_with_guests, has_to_peel, leaves_open, peel
from timbre_spider.matching.names.reading import Reading, artists_of, main_artists, read_name, without_artist
from timbre_spider.matching.names.variants import Mark, Variant
from timbre_spider.matching.writing.numbering import TELLING, has_number_inside, one_way, reads_as_number
from timbre_spider.matching.writing.text import canonical, fold, narrow, squash

__all__ = [
    "DEFAULT_COLLAPSE", "Reading", "Variant", "artist_key", "artists_of", "name_key", "parse_collapse",
    "read_name",
]  # fmt: skip

DEFAULT_COLLAPSE = frozenset(
    {Variant.REMASTER, Variant.LIVE, Variant.ACOUSTIC, Variant.EDITION, Variant.MONO, Variant.RADIO_EDIT}
)
# Of a name of letters and digits alone one of these words says more than its letters.
_SAYS_MORE = TELLING | WORDS_TO_PEEL | {"n"}
_LEET_I = re.compile(r"(?<=[^\W\d_])!(?=[^\W\d_])")
# Spelled so that reading a key finds the same variant again.
_RENDERED = {
    Variant.RADIO_EDIT: "radio edit", Variant.SPED_UP: "sped up", Variant.RERECORDED: "re recorded",
    Variant.EDITION: "album version",
}  # fmt: skip
_DETAILED = frozenset({Variant.REMIX, Variant.VERSION, Variant.COVER})


def parse_collapse(text: str) -> frozenset[Variant]:
    """The kinds named in a list such as "remaster,live". Raises ValueError naming the unknown one."""
    return frozenset(Variant(part) for part in re.split(r"[,\s]+", text.strip().lower()) if part)


def name_key(artist: str, title: str, collapse: frozenset[Variant] = DEFAULT_COLLAPSE) -> str:
    """The key of a song, "artist|title (variant)": spellings and collapsed variants of one song share it.

    Idempotent (the key of a key's halves is the key), total, linear. Guests are not in it.
    """
    artist_name, artist_marks = _artist(artist)
    title = narrow(title)
    if not artist_marks:
        if key := _plain_key(title):
            return f"{artist_name}|{key}"
        if not has_to_peel(title):
            return f"{artist_name}|{title_key(title)}"
    peeled = peel(without_artist(artist, title))
    marks = (*peeled.marks, *artist_marks)
    plain = _plain_key(peeled.name) or title_key(peeled.name)
    told = rendered(marks, collapse) if plain else ""
    if told and leaves_open(plain):
        told = ""
    return f"{artist_name}|{plain}{told}"


def artist_key(artist: str) -> str:
    """The first main artist, folded, without a leading "The". Idempotent."""
    return _artist(artist)[0]


@lru_cache(maxsize=8_192)
def _artist(artist: str) -> tuple[str, tuple[Mark, ...]]:
    marks: tuple[Mark, ...] = ()
    artist = narrow(artist)
    if key := _plain_key(artist):
        return key, marks
    if has_to_peel(artist):
        peeled = peel(artist, is_artist=True)
        marks = tuple(peeled.marks)
        artist = (main_artists(peeled.name) or [peeled.name])[0]
    plain = canonical(artist)
    if "!" in plain:
        plain = _LEET_I.sub("i", plain)
    return title_key(plain), marks


def _plain_key(name: str) -> str:
    """The key of a name of letters and digits that says no more than these, as most do; empty for others."""
    if not name.replace(" ", "").isalnum() or has_number_inside(name):
        return ""
    words = (name.lower() if name.isascii() else fold(name)).split()
    if not _SAYS_MORE.isdisjoint(words):
        return ""
    key = _key(" ".join(words))
    return "" if reads_as_number(key) else key


def title_key(title: str) -> str:
    """A plain title folded, numbers written one way, without a leading "The"."""
    key = _key(one_way(title))
    return _key(one_way(key)) if reads_as_number(key) else key


def _key(folded: str) -> str:
    # "The The" is a band; a bare article is no name.
    if folded.startswith("the ") and folded != "the the":
        folded = folded[4:]
    return squash(folded).replace("|", "¦")


def rendered(marks: tuple[Mark, ...] | list[Mark], collapse: frozenset[Variant]) -> str:
    """The variants that are not collapsed, as they stand in a key."""
    names = {_render(mark) for mark in marks if mark.kind not in collapse}
    if not names:
        return ""
    # What would be read as guests is none: "(feat. remix".
    return "".join(f" ({name})" for name in sorted(names) if not begins_with_guests(name))


def _render(mark: Mark) -> str:
    name = _RENDERED.get(mark.kind, mark.kind.value)
    return f"{mark.detail} {name}" if mark.detail and mark.kind in _DETAILED else name
