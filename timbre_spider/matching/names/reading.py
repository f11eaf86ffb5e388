"""What a name says: main and featured artists, the plain title, the variants, wherever they stand in it."""

import re
from dataclasses import dataclass
from functools import lru_cache

from timbre_spider.matching.names.peel import dashes, joined_first, peel, split_names
from timbre_spider.matching.names.scripts import both_scripts
from timbre_spider.matching.names.variants import Mark
from timbre_spider.matching.writing.numbering import Numbered, numbered
from timbre_spider.matching.writing.text import fold

_BETWEEN_MAIN = re.compile(r"\s?;\s?|\svs\.?\s", re.I)
_THE_BEHIND = ", the"
# What the name of one act may hold: "Earth and Fire", "K/DA", "Tyler, The Creator".
_ONE_NAME = re.compile(r"[/&+]|,\sthe\b|\s(?:and|y|e|et|und|x|with|w|con|mit|com|avec)\s", re.I)


@dataclass(frozen=True, slots=True)
class Reading:
    """A name taken apart. Spelling is kept, so it may be shown; `numbered` is its title folded."""

    artists: tuple[str, ...]
    featured: tuple[str, ...]
    title: str
    variants: tuple[Mark, ...]
    numbered: Numbered

    @property
    def artist(self) -> str:
        """The first main artist; empty where the name has none."""
        return self.artists[0] if self.artists else ""


def read_name(artist: str, title: str) -> Reading:
    """Take (artist, title) apart. Total: any string is read; linear in its length."""
    acts, guests, marks = _acts(artist)
    what = peel(without_artist(artist, title))
    return Reading(
        artists=acts,
        featured=tuple(dict.fromkeys((*guests, *what.guests))),
        title=what.name,
        variants=tuple(dict.fromkeys((*what.marks, *marks))),
        numbered=numbered(what.name),
    )


# Songs come by artist.
@lru_cache(maxsize=1024)
def _acts(artist: str) -> tuple[tuple[str, ...], tuple[str, ...], tuple[Mark, ...]]:
    """The main artists of a field, its guests and its variants."""
    who = peel(artist, is_artist=True)
    return tuple(main_artists(who.name)), tuple(who.guests), tuple(who.marks)


def main_artists(name: str) -> list[str]:
    """The main artists of a peeled artist field. Only signs that no single act's name holds part them."""
    parts = [_the_in_front(part) for piece in _BETWEEN_MAIN.split(name) if (part := piece.strip())]
    return [halves[0] if (halves := both_scripts(part)) else part for part in parts]


def sure_artists_of(artist: str) -> list[str]:
    """Those of `artists_of` that are acts however the field is meant: of a list, one that has only commas."""
    who = peel(artist, is_artist=True)
    listed = who.name.split(", ")
    is_list = not _ONE_NAME.search(who.name) and len(set(listed)) == len(listed)
    return [*main_artists(who.name), *(listed if is_list else ()), *(both_scripts(who.name) or ()), *who.guests]


def artists_of(artist: str) -> list[str]:
    """Every act an artist field may name, guests too; for comparing, where a wrong cut ("Earth", "Wind") is no harm."""
    who = peel(artist, is_artist=True)
    halves = both_scripts(who.name) or ()
    heads = joined_first(who.name, lambda part: False)
    return [*main_artists(who.name), *heads, *split_names(who.name), *halves, *who.guests]


def without_artist(artist: str, title: str) -> str:
    """A title without its artist's name before or after a dash, as uploads have it: "Artist - Title"."""
    cuts = dashes(title)
    if not cuts or not cuts[0].start():
        return title
    name, first, last = _folded(artist), cuts[0], cuts[-1]
    for mine, rest in ((title[: first.start()], title[first.end() :]), (title[last.end() :], title[: last.start()])):
        if name and rest.strip() and fold(mine) == name:
            return rest
    return title


_folded = lru_cache(maxsize=1024)(fold)


def _the_in_front(name: str) -> str:
    """ "The Beatles" for "Beatles, The"."""
    bare = name[: -len(_THE_BEHIND)]
    return f"The {bare}" if bare and name.lower().endswith(_THE_BEHIND) else name


# What joins the acts of a list; beside them the words of the list say who is meant, in any order.
_JOINS = frozenset(["and", "x", "y", "e", "et", "und", "vs", "with", "con", "mit", "com", "avec", "feat", "ft"])


@lru_cache(maxsize=8_192)
def acts_in_order(artist: str) -> str:
    """The words of an artist field in alphabetical order: alike for "A, B", "B & A", "A x B", and "Floyd, Eddie"."""
    words = fold(artist).split()
    return " ".join(sorted([*words[:1], *(word for word in words[1:-1] if word not in _JOINS), *words[1:][-1:]]))
