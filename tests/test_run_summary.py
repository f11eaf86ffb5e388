"""The summary of a run keeps the JSON Schema the documentation promises."""

import json
from pathlib import Path

import pytest

from timbre_spider.run_summary import ChartReading, PagesKept, RunSummary

pytestmark = pytest.mark.unit

SCHEMA = Path(__file__).parents[1] / "docs/schema/run_summary.json"


def test_the_schema_in_the_documentation_is_that_of_the_summary() -> None:
    told = RunSummary.model_json_schema(mode="serialization")
    assert json.loads(SCHEMA.read_text()) == told, f"write {SCHEMA} anew: {json.dumps(told)}"


def test_readings_of_two_charts_add_up() -> None:
    both = ChartReading(told=1, read=2, moved=3).plus(ChartReading(told=10, read=20, moved=30))
    assert both == ChartReading(told=11, read=22, moved=33)


@pytest.mark.parametrize(
    ("hits", "misses", "percent"), [(0, 0, None), (1, 2, 33.3), (2, 1, 66.7), (3, 0, 100.0), (0, 3, 0.0)]
)
def test_how_often_a_cache_had_what_was_asked_is_told_to_a_tenth(hits: int, misses: int, percent: float | None) -> None:
    kept = PagesKept.of(hits, misses, stored=4)
    assert kept.model_dump() == {"hits": hits, "misses": misses, "hit_percent": percent, "stored": 4}
