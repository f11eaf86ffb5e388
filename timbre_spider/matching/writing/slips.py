"""Whether two names differ by a slip of the fingers. Careful: two songs taken for one is worse than one song twice."""

from collections.abc import Callable, Sequence
from itertools import pairwise

from rapidfuzz.distance import OSA

from timbre_spider.matching.writing.real_words import are_words
from timbre_spider.matching.writing.text import vocabulary

_KEYBOARD = ("qwertyuiop", "asdfghjkl", "zxcvbnm")
_NEIGHBOURS = frozenset(pair for row in _KEYBOARD for one, two in pairwise(row) for pair in (one + two, two + one))
_SHORTEST = 3
_SHORT = 4
_MIDDLING = 6
_LONG = 9


def is_misspelling(
    a: Sequence[str], b: Sequence[str], exist: Callable[[str, str], int] = are_words, *, vouched: bool = False
) -> bool:
    """Whether titles of words `a` and `b`, of one artist, are one title.

    `exist` counts which of two words exist in one language: both are two titles ("Morning", "Mourning"). `vouched`:
    something else tells that both are one, such as durations that agree.
    """
    if "".join(a) == "".join(b):
        return not _numbers_run_on(a, b)
    apart = _apart(a, b)
    if len(apart) != 1:
        return False
    (one, other), alone = apart[0], len(a) == 1
    if not is_slip(one, other, alone=alone, vouched=True):
        return False
    real = 1 if vouched else exist(one, other)
    return real == 1 or (real == 0 and is_slip(one, other, alone=alone))


def are_two_titles(a: Sequence[str], b: Sequence[str]) -> bool:
    """Whether titles of as many words differ in words that exist, or by an ending: letters alike say nothing then."""
    apart = [pair for pair in _apart(a, b) if not _BETWEEN.issuperset(pair)]
    return bool(apart) and all(
        are_words(one, other) == 2 or (len(apart) == 1 and (one.startswith(other) or other.startswith(one)))
        for one, other in apart
    )


def _apart(a: Sequence[str], b: Sequence[str]) -> list[tuple[str, str]]:
    """The words that differ, where both titles have as many; else none."""
    return [(one, other) for one, other in zip(a, b, strict=True) if one != other] if len(a) == len(b) else []


_ARTICLES = vocabulary("the a an")
# Small words in each other's place ("Shipyards at La Ceiba", "of La Ceiba") make no other title.
_BETWEEN = vocabulary("the a an and of at in on to for from with by my your")
_LEAST_BESIDE_ARTICLES = 8


def differ_by_article(a: Sequence[str], b: Sequence[str]) -> bool:
    """Whether titles differ only in a "the" or "a" that one leaves out: "(A) Half Step Down"."""
    one, other = ([word for word in words if word not in _ARTICLES] for words in (a, b))
    left_out = abs(len(a) - len(b)) == 1 and min(len(a), len(b)) in (len(one), len(other))
    return left_out and one == other and len("".join(one)) >= _LEAST_BESIDE_ARTICLES and len(one) > 1


def differ_in_initials(a: Sequence[str], b: Sequence[str]) -> bool:
    """Whether two people's names differ in nothing but letters that stand for a name: "C.A. Morrow", "C.R. Morrow"."""
    apart = _apart(a, b)
    return bool(apart) and len(a) > 1 and all(max(len(one), len(other)) < _SHORTEST for one, other in apart)


def are_initials(a: Sequence[str], b: Sequence[str]) -> bool:
    """Whether one person's name has the first letters of the other's given names: "J.S. Bach", "W A Mozart"."""
    given = [("".join(mine[:-1]), "".join(word[0] for word in theirs[:-1])) for mine, theirs in ((a, b), (b, a))]
    return a[-1:] == b[-1:] and list(a) != list(b) and any(mine and mine == theirs for mine, theirs in given)


def is_slip(one: str, other: str, *, alone: bool = False, vouched: bool = False) -> bool:
    """Whether one word became the other by a slip: letters swapped, one lost, doubled, or its neighbour's key hit.

    `alone`: the word is the whole name, so nothing beside it tells. `vouched`: something else tells they are one;
    then shorter words and other letters in place of the right one will do.
    """
    short, long = sorted((one, other), key=lambda word: (len(word), word))
    least = _SHORTEST if vouched else _SHORT
    if len(short) < least + alone or not (one.isalpha() and other.isalpha()):
        return False
    if long.startswith(short):
        # "girl" and "girls", "Белов" and "Белова" are two words; a last letter doubled, or left unsaid, is none.
        return (long == short + short[-1] and short[-1] != "s") or (long == short + "g" and long.endswith("ing"))
    reach = 2 if len(short) >= _LONG and not alone else 1
    if OSA.distance(one, other, score_cutoff=reach) > reach:
        return False
    if sorted(short) == sorted(long):
        return True
    if len(short) < len(long):
        return one[0] == other[0] or len(short) >= _MIDDLING
    if len(short) >= _MIDDLING + alone and one[0] == other[0] and one[-1] == other[-1]:
        return True
    return vouched and all(
        mine == theirs or mine + theirs in _NEIGHBOURS for mine, theirs in zip(one, other, strict=True)
    )


def _numbers_run_on(a: Sequence[str], b: Sequence[str]) -> bool:
    """Whether only the places where numbers end make the difference: "1 1" is not "11"."""
    return [word for word in a if word.isdigit()] != [word for word in b if word.isdigit()]
