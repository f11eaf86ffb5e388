"""Names as people and services write them, a table a kind, both directions: what is one song, and what only looks it.

The same pairs as in `names_as_written.csv` (columns artist_a, title_a, artist_b, title_b, same, kind), alone in a chart
and as the only candidate of an answer.
"""

import csv
from pathlib import Path

import pytest

from timbre_spider.items import ChartRow
from timbre_spider.matching.comparing.choose import choose, is_certain
from timbre_spider.matching.comparing.record import Record
from timbre_spider.matching.folding.fold import fold_chart

pytestmark = pytest.mark.unit

with (Path(__file__).parent / "names_as_written.csv").open(encoding="utf-8", newline="") as file:
    PAIRS = [tuple(row.values()) for row in csv.DictReader(file)]


@pytest.mark.parametrize(("artist_a", "title_a", "artist_b", "title_b", "same", "kind"), PAIRS)
def test_pair(artist_a, title_a, artist_b, title_b, same, kind):
    rows = [ChartRow(artist_a, title_a, 10, 1), ChartRow(artist_b, title_b, 9, 2)]
    choices = [
        choose(Record(artist_a, title_a), [Record(artist_b, title_b)]),
        choose(Record(artist_b, title_b), [Record(artist_a, title_a)]),
    ]
    if same == "1":
        assert len(fold_chart(rows)) == 1 or all(choices), kind
    else:
        assert len(fold_chart(rows)) == 2, kind
        assert not any(map(is_certain, choices)), kind
