"""Names as people and services write them, a table a kind, both directions: what is one song, and what only looks it.

The same pairs as in `names_as_written.csv` (columns artist_a, title_a, artist_b, title_b, same, kind), alone in a chart
and as the only candidate of an answer. A kind is one test, which names all of its pairs that are read wrongly.
"""

import csv
from collections import defaultdict
from pathlib import Path

import pytest

from timbre_spider.items import ChartRow
from timbre_spider.matching.comparing.choose import choose, is_certain
from timbre_spider.matching.comparing.record import Record
from timbre_spider.matching.folding.fold import fold_chart

pytestmark = pytest.mark.unit

with (Path(__file__).parent / "names_as_written.csv").open(encoding="utf-8", newline="") as file:
    KINDS = defaultdict(list)
    for row in csv.DictReader(file):
        KINDS[row.pop("kind")].append(tuple(row.values()))


def is_right(artist_a, title_a, artist_b, title_b, same):
    rows = [ChartRow(artist_a, title_a, 10, 1), ChartRow(artist_b, title_b, 9, 2)]
    choices = [
        choose(Record(artist_a, title_a), [Record(artist_b, title_b)]),
        choose(Record(artist_b, title_b), [Record(artist_a, title_a)]),
    ]
    if same == "1":
        return len(fold_chart(rows)) == 1 or all(choices)
    return len(fold_chart(rows)) == 2 and not any(map(is_certain, choices))


@pytest.mark.parametrize("kind", KINDS)
def test_pairs(kind):
    assert [pair for pair in KINDS[kind] if not is_right(*pair)] == []
