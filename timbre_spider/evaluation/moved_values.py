"""Putting back values that were moved out of their columns to the end of the title.

The "dirty" variants of entity-resolution benchmarks are made so: a value is taken out of its column and appended to the
first one, in the order of the columns. Values that never moved tell what to look for.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping

from timbre_spider.evaluation.table import COLUMNS
from timbre_spider.matching.writing.text import fold, squash

_DATE = re.compile(r"(?:\d{1,2}-[A-Z][a-z]{2}-\d\d|[A-Z][a-z]+ \d{1,2} , \d{4}|[A-Z][a-z]{2}-\d\d)$")
_TIME = re.compile(r"\b\d{1,2}:\d\d$")
_PRICE = re.compile(r"\$ \d+\.\d\d\b")
# "( C ) 2015 Owner", "2015 Owner", and what a wrong encoding makes of the sign.
_RIGHTS = re.compile(r"(?:\( [CcPp] \)|℗|©|‰ ãÑ).*$|\b(?:19|20)\d\d(?: ,)?(?: [A-Z0-9][^()\[\]]*)?$")
_PATTERNS = {"released": _DATE, "time": _TIME, "copyright": _RIGHTS, "price": _PRICE}
_LONGEST_VALUE = 80

Known = Mapping[str, frozenset[str]]


def known_values(rows: Iterable[Mapping[str, str]]) -> Known:
    """The values seen in each column, as keys; a genre column's parts each for themselves too."""
    known: dict[str, set[str]] = defaultdict(set)
    for row in rows:
        for name, value in row.items():
            known[name].add(_key(value))
        known["genre"].update(_key(part) for part in row.get("genre", "").split(","))
    return {name: frozenset(values - {""}) for name, values in known.items()}


def put_back(row: Mapping[str, str], known: Known) -> dict[str, str]:
    """`row` with what its empty columns lost to its title put back; as it is where its first column is no title."""
    mended = dict(row)
    names = list(row)
    if not names or names[0] not in COLUMNS["title"]:
        return mended
    text = row[names[0]]
    for at in range(len(names) - 1, 0, -1):
        name = names[at]
        span = None if row[name] else _find(name, text, known)
        if span is None or not span[0]:
            continue
        mended[name] = text[span[0] : span[1]].strip()
        behind, text = text[span[1] :].strip(), text[: span[0]].strip()
        if behind and at + 1 < len(names) and not mended[names[at + 1]]:
            mended[names[at + 1]] = behind
    return mended | {names[0]: text}


def _find(name: str, text: str, known: Known) -> tuple[int, int] | None:
    """Where in `text` the value of column `name` stands."""
    if pattern := _PATTERNS.get(name):
        found = pattern.search(text)
        return found.span() if found else None
    if name == "genre":
        return _genres(text, known.get(name, frozenset()))
    return _value(text, known.get(name, frozenset()))


def _key(text: str) -> str:
    return squash(fold(text))


def _starts(text: str) -> list[int]:
    """Where words begin, the first left out: a title is never empty."""
    return [found.start() for found in re.finditer(r"\S+", text) if found[0][0].isalnum() or found[0][0] in "#$!"][1:]


def _genres(text: str, genres: frozenset[str]) -> tuple[int, int] | None:
    for start in _starts(text):
        if all(_key(part) in genres for part in text[start:].split(",")):
            return start, len(text)
    return None


def _value(text: str, values: frozenset[str]) -> tuple[int, int] | None:
    """The longest known value at the end, else the longest anywhere outside brackets."""
    starts = _starts(text)
    for start in starts:
        if _key(text[start:]) in values:
            return start, len(text)
    ends = [found.end() for found in re.finditer(r"\S+", text)]
    spans = [
        (start, end)
        for start in reversed(starts)
        if all(text.count(opening, 0, start) == text.count(closing, 0, start) for opening, closing in ("()", "[]"))
        for end in ends
        if start < end <= start + _LONGEST_VALUE and _key(text[start:end]) in values
    ]
    return max(spans, key=lambda span: span[1] - span[0], default=None)
