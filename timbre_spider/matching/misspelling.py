"""Whether two names differ by a slip of the fingers. Careful: two songs taken for one is worse than one song twice."""

from collections.abc import Callable, Sequence
from itertools import pairwise

from rapidfuzz.distance import OSA

_KEYBOARD = ("qwertyuiop", "asdfghjkl", "zxcvbnm")
_NEIGHBOURS = frozenset(pair for row in _KEYBOARD for one, two in pairwise(row) for pair in (one + two, two + one))
_SHORTEST = 3
_SHORT = 4
_MIDDLING = 6
_LONG = 9
# A word this many times rarer than the one it resembles is a misspelling of it, not a word.
_RARER = 20
_COMMON = 5


def is_misspelling(a: Sequence[str], b: Sequence[str], seen: Callable[[str], int], *, vouched: bool = False) -> bool:
    """Whether titles of words `a` and `b`, of one artist, are one title.

    `seen` tells how many titles hold a word: where both words are words of other titles too, the titles are two.
    `vouched`: the durations are known and the same.
    """
    if "".join(a) == "".join(b):
        return True
    if len(a) != len(b):
        return False
    apart = [(one, other) for one, other in zip(a, b, strict=True) if one != other]
    if len(apart) != 1:
        return False
    one, other = apart[0]
    rare, common = sorted((seen(one), seen(other)))
    if not vouched and rare > max(1, common // _RARER):
        return False
    return is_slip(one, other, alone=len(a) == 1, vouched=vouched or common >= _COMMON * max(1, rare))


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
        # "girl" and "girls", "Белов" and "Белова" are two words; a last letter doubled is none.
        return long == short + short[-1] and short[-1] != "s"
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
