"""Names in two scripts, as bilingual services write them: "Gurenge (紅蓮華)", "IU (아이유)"."""

import re

from timbre_spider.matching.names.words import SAYS_WHICH
from timbre_spider.matching.writing.numbering import numbered
from timbre_spider.matching.writing.text import canonical, fold

_BOTH = re.compile(r"(\S[^()（）\[\]]*?)\s*[(（\[]([^()（）\[\]]+)[)）\]]")
_BESIDE = re.compile(r"(\S[^()（）\[\]/／|]*?)\s+[/／|]\s+([^()（）\[\]/／|]+)")
_LATIN = re.compile("[a-z\u00df-\u024f\u1e00-\u1eff]")
_OTHER = re.compile("[^\\W\\d_a-z\u00aa-\u024f\u1e00-\u1eff]")


def incomparable(a: str, b: str) -> bool:
    """Whether two folded texts are in different scripts, so that spelling cannot tell."""
    if a.isascii() == b.isascii():
        return False
    one, other = set(a) - _DIGITS, set(b) - _DIGITS
    return bool(one and other) and one.isdisjoint(other)


_DIGITS = frozenset("0123456789 ")


def both_scripts(name: str) -> tuple[str, str] | None:
    """The two halves of a name and the same in another script, in brackets or behind a stroke; None where it is no such
    name."""
    if name.isascii():
        return None
    halves = _BOTH.fullmatch(name) or _BESIDE.fullmatch(name)
    if halves is None:
        return None
    one, other = (canonical(half) for half in halves.groups())
    # "再见 (Outro)", "再见 (Pt. 2)" say which of two songs it is, not what the other half means.
    if SAYS_WHICH.issuperset(fold(other).split()) or numbered(one).parts != numbered(other).parts:
        return None
    apart = (_LATIN.search(one) and not _OTHER.search(one), _LATIN.search(other) and not _OTHER.search(other))
    letters = _LATIN.search(one) or _OTHER.search(one), _LATIN.search(other) or _OTHER.search(other)
    return (halves[1], halves[2]) if all(letters) and bool(apart[0]) != bool(apart[1]) else None
