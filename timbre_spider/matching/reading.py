"""What a name says: main and featured artists, the plain title, the variants, wherever they stand in it."""

import re
from dataclasses import dataclass

from timbre_spider.matching.parts import number_parts
from timbre_spider.matching.peel import peel, split_names
from timbre_spider.matching.text import fold
from timbre_spider.matching.variants import Mark

_BETWEEN_MAIN = re.compile(r"\s?;\s?|\svs\.?\s|\s[x×]\s", re.I)
_THE_BEHIND = ", the"


@dataclass(frozen=True, slots=True)
class Reading:
    """A name taken apart. Spelling is kept, so it may be shown; `parts` are canonical: "pt2", "vol3"."""

    artists: tuple[str, ...]
    featured: tuple[str, ...]
    title: str
    variants: tuple[Mark, ...]
    parts: tuple[str, ...] = ()

    @property
    def artist(self) -> str:
        """The first main artist; empty where the name has none."""
        return self.artists[0] if self.artists else ""


def read_name(artist: str, title: str) -> Reading:
    """Take (artist, title) apart. Total: any string is read; linear in its length."""
    who = peel(artist, is_artist=True)
    what = peel(title)
    return Reading(
        artists=tuple(main_artists(who.name)),
        featured=tuple(dict.fromkeys(who.guests + what.guests)),
        title=what.name,
        variants=tuple(dict.fromkeys(what.marks + who.marks)),
        parts=tuple(number_parts(fold(what.name))[1]),
    )


def main_artists(name: str) -> list[str]:
    """The main artists of a peeled artist field. Only signs that no single act's name holds part them."""
    return [_the_in_front(part) for piece in _BETWEEN_MAIN.split(name) if (part := piece.strip())]


def artists_of(artist: str) -> list[str]:
    """Every act an artist field may name, guests too; for comparing, where a wrong cut ("Earth", "Wind") is no harm."""
    who = peel(artist, is_artist=True)
    return [*main_artists(who.name), *split_names(who.name), *who.guests]


def _the_in_front(name: str) -> str:
    """ "The Beatles" for "Beatles, The"."""
    bare = name[: -len(_THE_BEHIND)]
    return f"The {bare}" if bare and name.lower().endswith(_THE_BEHIND) else name
