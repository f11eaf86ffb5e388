"""Which words exist. Two that do, one letter apart, are no slip of each other."""

import gzip
import re
from array import array
from bisect import bisect_left
from functools import lru_cache
from importlib.resources import files

from timbre_spider.matching.writing.text import fold

# The languages most song titles are in, of those the word lists cover.
_LANGUAGES = ("en", "es", "fr", "de", "it", "pt")
# A word and its count, of which a word seen in fewer than 100 of the films and books counted may itself be a slip.
_SEEN = re.compile(rb'"([^"]+)": \d{3,}')
# Behind two consonants no letter is doubled or dropped: "haunt-er", but "commit-ted", "lov-er".
_DERIVED = re.compile(r"([a-z]+[bcdfghjklmnpqrstvwxz][bcdfghjklmnpqrstvz])(?:ers?|ings?|ed)")


def are_words(one: str, other: str) -> int:
    """How many of two folded words exist: 2 only where both do in one language ("Morning", "Mourning")."""
    mine, theirs = languages_of(one), languages_of(other)
    return 2 if mine & theirs else int(bool(mine or theirs))


def read_words() -> None:
    """Read the lists now (half a second), which else the first question does."""
    for language in _LANGUAGES:
        _words(language)


@lru_cache(maxsize=8_192)
def languages_of(folded: str) -> int:
    """The languages that have a folded word, a bit each."""
    told = sum(1 << at for at, language in enumerate(_LANGUAGES) if _holds(language, folded))
    return told or int(_is_derived(folded))


def _is_derived(folded: str) -> bool:
    """Whether a rare English word is another one with an ending that changes nothing else: "haunter", "stinger"."""
    derived = _DERIVED.fullmatch(folded)
    return derived is not None and _holds("en", derived[1])


def _holds(language: str, folded: str) -> bool:
    words, wanted = _words(language), hash(folded)
    at = bisect_left(words, wanted)
    return at < len(words) and words[at] == wanted


@lru_cache(maxsize=len(_LANGUAGES))
def _words(language: str) -> "array[int]":
    """The hashes of a language's words, in order: a tenth of the memory that the words themselves take.

    The package's own reader would keep a million words, and what is too rare to count among them.
    """
    listed = gzip.decompress((files("spellchecker") / "resources" / f"{language}.json.gz").read_bytes())
    words = (seen[1].decode() for seen in _SEEN.finditer(listed))
    return array("q", sorted(hash(word if word.isascii() and word.isalpha() else fold(word)) for word in words))
