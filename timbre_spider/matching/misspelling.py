"""Whether two titles of one artist are one title, misspelled. Careful: another song is worse than a song twice."""

from collections.abc import Callable

from rapidfuzz.distance import OSA

# What a word may gain at its end and be another word ("girl", "girls"), not the same one misspelled.
_ENDINGS = frozenset(
    ("s", "es", "d", "ed", "r", "er", "y", "ly", "n", "en", "in", "e", "i", "o", "a", "t", "al", "ing")
)
_SHORTEST_WORD = 4
_LONG_WORD = 9
_SHORTEST_RUN = 10


def is_misspelling(a: list[str], b: list[str], seen: Callable[[str], int]) -> bool:
    """Whether titles of words `a` and `b` differ by a slip of the fingers.

    `seen` tells how many titles hold a word: where both words are words of other titles too, the titles are two.
    """
    if len(a) != len(b):
        return _run_together(a, b)
    apart = [(one, other) for one, other in zip(a, b, strict=True) if one != other]
    if len(apart) != 1:
        return not apart
    one, other = apart[0]
    return min(seen(one), seen(other)) <= 1 and is_slip(one, other, alone=len(a) == 1)


def is_slip(one: str, other: str, *, alone: bool = False) -> bool:
    """Whether a word became the other by a slip: letters swapped, lost, doubled; in a long word, another letter too.

    `alone`: the word is the whole name, so nothing else vouches for it.
    """
    short, long = sorted((one, other), key=len)
    if len(short) < _SHORTEST_WORD + alone or not (one.isalpha() and other.isalpha()):
        return False
    if long.startswith(short) and long[len(short) :] in _ENDINGS:
        return long == short + short[-1] and short[-1] != "s"
    reach = 2 if len(short) >= _LONG_WORD else 1
    if OSA.distance(one, other, score_cutoff=reach) > reach:
        return False
    if len(short) == len(long) and sorted(short) != sorted(long):
        return len(short) >= _SHORTEST_WORD + 2 + alone and one[0] == other[0] and one[-1] == other[-1]
    return one[0] == other[0] or sorted(short) == sorted(long) or len(short) >= _SHORTEST_WORD + 2


def _run_together(a: list[str], b: list[str]) -> bool:
    """Titles whose words are parted differently: the same letters, give or take one in a long name."""
    one, other = "".join(a), "".join(b)
    if one == other:
        return True
    if [c for c in one if c.isdigit()] != [c for c in other if c.isdigit()] or abs(len(a) - len(b)) > 1:
        return False
    # A word more ("the", "a", "my") is a different name; a split word is not.
    return False
