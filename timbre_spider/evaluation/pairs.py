"""Reading labelled pairs, as `COL … VAL …` lines or as rows of left_ and right_ columns."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from timbre_spider.evaluation.moved_values import known_values, put_back
from timbre_spider.evaluation.rows import Rows

_FIELD = re.compile(r"COL\s+(\S+)\s+VAL\s?(.*?)(?=\s*COL\s+\S+\s+VAL|$)", re.S)
LABELS = ("label", "match", "is_match", "same", "truth")
_SIDES = (("left_", "right_"), ("ltable_", "rtable_"))
_SAME = dict.fromkeys(("1", "1.0", "true", "yes", "match", "same"), True) | dict.fromkeys(
    ("0", "0.0", "false", "no", "mismatch", "different"), False
)


@dataclass(frozen=True, slots=True)
class RawPair:
    """Two rows and whether a person said they are one track."""

    left: dict[str, str]
    right: dict[str, str]
    same: bool


def read_lines(lines: Iterable[str]) -> list[RawPair]:
    """The pairs of lines "left <tab> right <tab> 0|1". Raises ValueError naming a line that is none."""
    pairs = []
    for number, line in enumerate(lines, 1):
        parts = line.rstrip("\r\n").split("\t")
        if not line.strip():
            continue
        if len(parts) != 3 or not _FIELD.search(parts[0]) or not _FIELD.search(parts[1]):
            raise ValueError(f"line {number} is not 'COL … VAL … <tab> COL … VAL … <tab> label'")
        pairs.append(RawPair(_fields(parts[0]), _fields(parts[1]), _is_same(parts[2], number)))
    return _mended(pairs)


def sides(header: Sequence[str]) -> tuple[str, str] | None:
    """The prefixes of the two sides' columns, if this is the header of pairs."""
    for left, right in _SIDES:
        if any(name.startswith(left) for name in header) and any(name.startswith(right) for name in header):
            return left, right
    return None


def read_rows(rows: Rows, prefixes: tuple[str, str], label: str) -> list[RawPair]:
    """The pairs of rows with a left and a right side and a label column. Raises ValueError naming the line of a label
    that says neither."""
    left, right = prefixes
    return _mended([RawPair(_side(row, left), _side(row, right), _is_same(row[label], line)) for line, row in rows])


def _is_same(label: str, line: int) -> bool:
    said = label.strip().lower()
    if said not in _SAME:
        raise ValueError(f"the label of line {line} is {label.strip()[:20]!r}: it must be one of {', '.join(_SAME)}")
    return _SAME[said]


def _side(row: Mapping[str, str], prefix: str) -> dict[str, str]:
    side = {name.removeprefix(prefix).lower(): value for name, value in row.items() if name.startswith(prefix)}
    return {name: value for name, value in side.items() if name != "id"}


def _fields(text: str) -> dict[str, str]:
    return {name.lower(): value.strip() for name, value in _FIELD.findall(text)}


def _mended(pairs: list[RawPair]) -> list[RawPair]:
    known = known_values(row for pair in pairs for row in (pair.left, pair.right))
    return [RawPair(put_back(pair.left, known), put_back(pair.right, known), pair.same) for pair in pairs]
