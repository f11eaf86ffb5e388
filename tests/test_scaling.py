"""docs/scaling.md says what the simulation says."""

import importlib
from datetime import timedelta
from typing import Any

import pytest

from tests.conftest import ROOT

pytestmark = pytest.mark.unit


@pytest.fixture
def simulated(monkeypatch: pytest.MonkeyPatch) -> Any:
    monkeypatch.syspath_prepend(str(ROOT / "benchmarks"))
    return importlib.import_module("simulate_listeners")


def test_the_page_holds_what_the_simulation_prints(simulated: Any) -> None:
    told = simulated.table(simulated.LISTENERS, simulated.SONGS, simulated.OVERLAP)
    assert told in (ROOT / "docs/scaling.md").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("first", "again", "good_for", "days", "fresh"),
    [
        (1.0, 0.0, None, 10, 1.0),
        (0.5, 0.0, None, 5, 1.0),
        (1.0, 1.0, timedelta(days=20), 10, 1.0),
        # A hundred a day of a thousand that go stale in five days: half of them are kept.
        (1.0, 1.0, timedelta(days=5), 10, 0.5),
    ],
)
def test_a_service_answers_as_much_a_day_as_its_limit(
    simulated: Any, first: float, again: float, good_for: timedelta | None, days: float, fresh: float
) -> None:
    told = simulated.until_told(simulated.Service("it", first, 100, again, good_for), 1000)
    assert (told.requests, told.days) == (1000 * first, days)
    assert told.fresh == pytest.approx(fresh, abs=0.11)


def test_listeners_share_songs(simulated: Any) -> None:
    assert simulated.songs_of(1, 300, 0.2) == 300
    assert 300 * 100 * 0.3 < simulated.songs_of(100, 300, 0.2) < 300 * 100 * 0.5
