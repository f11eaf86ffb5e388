"""Killed at random moments and repeated: nothing lost, nothing doubled. The benchmark does it 20 times each."""

import logging
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest


@pytest.fixture(autouse=True)
def log_level() -> Iterator[None]:
    """The drill silences the log; the tests after it need it."""
    logger = logging.getLogger("timbre_spider")
    before = logger.level
    yield
    logger.setLevel(before)


BENCHMARKS = Path(__file__).resolve().parents[2] / "benchmarks"


def drill(data_dir: Path, monkeypatch: pytest.MonkeyPatch, kills: int, count: int) -> dict[str, dict[str, Any]]:
    monkeypatch.syspath_prepend(str(BENCHMARKS))
    from storage_drill import drill as run  # type: ignore[import-not-found]

    assert sys.path[0] == str(BENCHMARKS)
    told: dict[str, dict[str, Any]] = run(data_dir, kills, count)
    return told


@pytest.mark.slow
def test_kills_of_the_process_and_of_the_server(data_dir: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    told = drill(data_dir, monkeypatch, kills=2, count=800)
    assert {name: (each["kills"], each["differing"]) for name, each in told.items()} == {
        "process": (2, []),
        "server": (2, []),
    }


@pytest.mark.slow
def test_a_crawl_killed_together_with_the_server_repeats_next_to_nothing(
    data_dir: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What was under way is asked again; what was answered is in a file, nothing that waits in a line was asked."""
    monkeypatch.syspath_prepend(str(BENCHMARKS))
    monkeypatch.setenv("SCRAPE_CONCURRENCY", "2")
    from kill_drill import drill as kill_crawls  # type: ignore[import-not-found]

    data_dir.chmod(0o755)
    (trial,) = kill_crawls(data_dir, rows=300, songs=100, trials=1, weather="fair")
    # Not a share: it is what was under way, however long the run. A search and the page it leads to are one question.
    assert len(trial.again) <= 30, trial.again
    assert not [what for what in trial.again.received if "user.getTop" in what]
