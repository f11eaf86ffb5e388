"""Which words exist. Two that do, one letter apart, are no slip of each other."""

from array import array
from bisect import bisect_left
from functools import lru_cache

from spellchecker import SpellChecker

from timbre_spider.matching.text import fold

# The languages most song titles are in, of those the word lists cover.
_LANGUAGES = ("en", "es", "fr", "de", "it", "pt")
# What is rarer than this in the films and books the lists were counted in may itself be a slip.
_LEAST_SEEN = 100


def are_words(one: str, other: str) -> int:
    """How many of two folded words exist: 2 only where both do in one language ("Morning", "Mourning")."""
    mine, theirs = languages_of(one), languages_of(other)
    return 2 if mine & theirs else int(bool(mine or theirs))


@lru_cache(maxsize=65_536)
def languages_of(folded: str) -> frozenset[str]:
    """The languages that have a folded word. The first call reads their lists (some seconds at most)."""
    wanted = hash(folded)
    return frozenset(language for language in _LANGUAGES if _holds(_words(language), wanted))


def _holds(words: "array[int]", wanted: int) -> bool:
    at = bisect_left(words, wanted)
    return at < len(words) and words[at] == wanted


@lru_cache(maxsize=len(_LANGUAGES))
def _words(language: str) -> "array[int]":
    """The hashes of a language's words, in order: a tenth of the memory that the words themselves take."""
    seen = SpellChecker(language=language).word_frequency.items()
    words = (word for word, count in seen if count >= _LEAST_SEEN)
    return array("q", sorted(hash(word if word.isascii() and word.isalpha() else fold(word)) for word in words))
