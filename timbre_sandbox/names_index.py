"""Which names mean what was asked: the words must be there, slips and variants are forgiven."""

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable
from functools import lru_cache

from rapidfuzz import process
from rapidfuzz.distance import OSA

from .coarse import coarse, words_of

_LOOSE = frozenset(
    (
        "live",
        "remaster",
        "remastered",
        "version",
        "acoustic",
        "mono",
        "stereo",
        "radio",
        "edit",
        "single",
        "album",
        "deluxe",
        "edition",
        "expanded",
        "bonus",
        "track",
        "feat",
        "ft",
        "featuring",
        "with",
        "explicit",
        "at",
        "from",
        "in",
        "the",
        "a",
        "an",
        "digitally",
        "session",
        "sessions",
        "and",
        "of",
    )
)
_KINDS = frozenset(("remix", "mix", "demo", "instrumental", "sped", "up", "karaoke", "cover"))
_YEAR = re.compile(r"(?:19|20)\d\d")
_VARIANT_TAIL = re.compile(
    r"\s*(?:[(\[]|\s-\s)[^()\[\]]*"
    r"\b(?:live|re-?master\w*|acoustic|version|edit|mono|edition|feat|ft|featuring|with|bonus)\b.*$",
    re.I,
)
_SLIP_FROM = 4


class Words:
    """Which things have which words; small enough to be made for a single artist."""

    def __init__(self, named: Iterable[tuple[int, str]]) -> None:
        self.having: dict[str, set[int]] = defaultdict(set)
        self.names: dict[int, str] = {}
        for index, name in named:
            plain = coarse(name)
            self.names[index] = plain
            for word in plain.split():
                self.having[word].add(index)
        self._all = list(self.having)

    def near(self, word: str) -> set[int]:
        """The things with the word, or else with the words one slip away from it."""
        found = self.having.get(word)
        if found is not None or len(word) < _SLIP_FROM:
            return found or set()
        near = process.extract(word, self._all, scorer=OSA.distance, score_cutoff=1, limit=3)
        return set().union(*(self.having[match] for match, _, _ in near)) if near else set()

    def match(self, name: str) -> dict[int, float]:
        """Things that match `name`, with how well: 1.0 is the very name."""
        scores = self._match(name)
        bare = _VARIANT_TAIL.sub("", unicodedata.normalize("NFKC", name))
        if not scores and bare != name:
            scores = self._match(bare)
        if not scores:
            plain = coarse(bare)
            # Written with other spaces, or with one slip.
            close = plain.replace(" ", "")
            scores = {index: 0.8 for index, own in self.names.items() if own.replace(" ", "") == close}
            if not scores and len(plain) > 7:
                near = process.extract(plain, self.names, scorer=OSA.distance, score_cutoff=1, limit=5)
                scores = {index: 0.7 for _, _, index in near}
        return scores

    def _match(self, name: str) -> dict[int, float]:
        words = words_of(name)
        core = core_of(words)
        needed = tuple(word for word in core if word not in _KINDS) or core
        hits: dict[int, int] = defaultdict(int)
        for word in needed:
            for index in self.near(word):
                hits[index] += 1
        least = len(needed) if len(needed) < 4 else len(needed) - 1
        plain = " ".join(words)
        scores: dict[int, float] = {}
        for index, count in hits.items():
            if count >= least:
                own = self.names[index]
                if own == plain:
                    scores[index] = 1.0
                else:
                    others = core_of(tuple(own.split()))
                    far = abs(len(others) - len(core)) / (len(others) + len(core))
                    scores[index] = 0.95 if others == core else 0.85 - 0.3 * far
        return scores


@lru_cache(maxsize=16_384)
def core_of(words: tuple[str, ...]) -> tuple[str, ...]:
    """The words that make the name; all of them where each could tell a variant."""
    return tuple(word for word in words if word not in _LOOSE and not _YEAR.fullmatch(word)) or words
