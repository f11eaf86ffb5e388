"""Reading a labelled file, whichever of the kinds it is of."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from timbre_spider.errors import UsageError
from timbre_spider.evaluation.pairs import LABELS, RawPair, read_lines, read_rows, sides
from timbre_spider.evaluation.rows import read_csv
from timbre_spider.evaluation.table import read_table
from timbre_spider.matching.comparing.record import Record

_CORRECTED = ("artist", "title", "corrected_artist", "corrected_title")


@dataclass(frozen=True, slots=True)
class Pairs:
    """Two records each, and whether they are one track."""

    pairs: list[tuple[Record, Record, bool]]


@dataclass(frozen=True, slots=True)
class Clusters:
    """Records, and the name of the track that each is."""

    records: list[Record]
    truth: list[str]


@dataclass(frozen=True, slots=True)
class Corrected:
    """Names as they were scrobbled, and what each is corrected to."""

    scrobbled: list[Record]
    names: list[Record]


def read_labelled(path: Path, truth: str = "cluster_id") -> Pairs | Clusters | Corrected:
    """The records of a file. `truth`: the column that names the track. Raises UsageError for a file that cannot be read
    as any known kind, or has a mistake inside: which line, and what to do."""
    text = _text(path)
    try:
        labelled = _read(text, truth)
    except ValueError as error:
        raise UsageError(f"{path}: {error}.") from None
    if labelled is None:
        raise UsageError(
            f"{path} has no column {truth!r}, nor left_ and right_ columns with a label, nor corrected_artist and"
            " corrected_title, nor COL/VAL pairs: name the column that holds the truth with --truth."
        )
    return labelled


def _read(text: str, truth: str) -> Pairs | Clusters | Corrected | None:
    """None: of no known kind. Raises ValueError for a mistake inside."""
    if text.lstrip().startswith("COL "):
        return _pairs(read_lines(text.split("\n")))
    header, rows = read_csv(text)
    prefixes = sides(header)
    label = next((name for name in (truth, *LABELS) if name in header), None)
    if prefixes and label:
        return _pairs(read_rows(rows, prefixes, label))
    if truth in header:
        return _clusters(list(rows), truth)
    return _corrected([row for _, row in rows]) if set(_CORRECTED) <= set(header) else None


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8-sig", errors="replace")
    except OSError as error:
        raise UsageError(f"{path} cannot be read ({error.strerror}): name a labelled CSV or COL/VAL file.") from None


def _pairs(pairs: Sequence[RawPair]) -> Pairs:
    records = read_table([side for pair in pairs for side in (pair.left, pair.right)])
    return Pairs(
        [
            (left, right, pair.same)
            for pair, left, right in zip(pairs, records[::2], records[1::2], strict=True)
        ]
    )  # fmt: skip


def _clusters(rows: Sequence[tuple[int, dict[str, str]]], truth: str) -> Clusters:
    for line, row in rows:
        if not row[truth].strip():
            raise ValueError(f"line {line} has no {truth}: tell which track it is, or take the line out")
    return Clusters(read_table([row for _, row in rows]), [row[truth] for _, row in rows])


def _corrected(rows: Sequence[Mapping[str, str]]) -> Corrected:
    return Corrected(
        [Record(row["artist"], row["title"]) for row in rows],
        [Record(row["corrected_artist"], row["corrected_title"]) for row in rows],
    )
