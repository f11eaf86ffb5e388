"""What a run did better and worse than the one before."""

from typing import Any

import pytest

from timbre_spider.service.pages.compare import changes, worse

pytestmark = pytest.mark.unit


def summary(**parts: Any) -> dict[str, Any]:
    return {
        "coverage_percent": {"isrc": 90.0},
        "outcomes": {"aoty": {"found": 80, "absent": 20, "refused": 0, "deferred": 0, "failed": 0}},
        "requests": {"aoty": {"requests": 100, "statuses": {"200": 90, "429": 10}}},
        "log_counts": {"WARNING": 1, "ERROR": 0},
        "sanity": [{"passed": True}, {"passed": None}],
        "songs": {"stored": 1000},
        "seconds": 60.0,
        "peak_memory_mb": 200.0,
        "tiers": {"spotify exact": 50},
        **parts,
    }


def told(found: int, absent: int, **rest: int) -> dict[str, Any]:
    return {"aoty": {"found": found, "absent": absent, "refused": 0, "deferred": 0, "failed": 0, **rest}}


@pytest.mark.parametrize(
    ("now", "what"),
    [
        ({"coverage_percent": {"isrc": 89.0}}, "isrc"),
        ({"outcomes": told(70, 30)}, "aoty: found"),
        ({"outcomes": told(80, 20, refused=3)}, "aoty: refused"),
        ({"requests": {"aoty": {"requests": 100, "statuses": {"200": 88, "429": 12}}}}, "aoty: answers 429"),
        ({"log_counts": {"WARNING": 1, "ERROR": 1}}, "lines of ERROR"),
        ({"sanity": [{"passed": False}]}, "checks that failed"),
        ({"songs": {"stored": 890}}, "songs stored"),
        ({"peak_memory_mb": 221.0}, "peak memory, MB"),
        ({}, None),
        ({"coverage_percent": {"isrc": 89.1}}, None),  # by too little
        ({"songs": {"stored": 910}}, None),
        ({"seconds": 600.0}, None),  # neither good nor bad
        ({"coverage_percent": {"isrc": None}}, None),
    ],
)
def test_what_got_worse(now: dict[str, Any], what: str | None) -> None:
    assert [change.what for change in worse(changes(summary(), summary(**now)))] == ([what] if what else [])


def test_what_got_better_is_said_too() -> None:
    (change,) = changes(summary(), summary(coverage_percent={"isrc": 95.0}))["Coverage"]
    assert (change.verdict, change.before, change.now, change.by) == ("better", 90.0, 95.0, 5.0)


def test_without_a_run_before_nothing_is_judged() -> None:
    compared = changes(None, summary())
    assert worse(compared) == []
    assert all(change.before is None and change.by is None for group in compared.values() for change in group)


def test_what_a_run_without_a_summary_tells_is_nothing() -> None:
    assert not any(changes(summary(), {}).values())
