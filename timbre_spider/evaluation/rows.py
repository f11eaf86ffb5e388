"""The rows of a labelled CSV, each with the line it begins in, so that a mistake inside a file is found in it."""

import csv
import io
from collections.abc import Iterable, Iterator

Rows = Iterable[tuple[int, dict[str, str]]]
"""(number of its first line, values by the names of their columns)"""


def read_csv(text: str) -> tuple[list[str], Rows]:
    """The names of the columns, and the rows as they are read. They raise ValueError naming the line of one that does
    not fit the names."""
    lines = _lines(text)
    _, header = next(lines, (1, []))
    return header, _rows(header, lines)


def _rows(header: list[str], lines: Iterator[tuple[int, list[str]]]) -> Rows:
    line = None
    for line, values in lines:
        if len(values) != len(header):
            raise ValueError(
                f"line {line} has {len(values)} values and the header {len(header)}: a value with a comma or a line"
                ' break stands in quotes, "…", and a quote in it is written twice'
            )
        yield line, dict(zip(header, values, strict=True))
    if line is None:
        raise ValueError("there is no line below the header")


def _lines(text: str) -> Iterator[tuple[int, list[str]]]:
    reader = csv.reader(io.StringIO(text), strict=True)
    line = 1
    try:
        for values in reader:
            if values:
                yield line, values
            line = reader.line_num + 1
    except csv.Error as error:
        raise ValueError(f"line {line} is not CSV ({error}): a quote that opens there must close there") from None
