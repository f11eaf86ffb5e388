"""What a stage stands on."""

from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from tests.pipelines.making import Bench
from timbre_spider.pipelines.stage import Stage
from timbre_spider.sources.gate import Gate
from timbre_spider.storage.database import Database


async def rest(gate: Gate, seconds: float) -> None:
    gate.raise_if_shut()


@pytest.fixture
def bench(database: Database, monkeypatch: pytest.MonkeyPatch) -> Iterator[Bench]:
    """Where stages are tried, over an empty database; an error of our own fails the test there, not the question;
    nobody waits: how long a service is left alone is kept in `waits`."""
    monkeypatch.setattr(Stage, "catches_all", False)
    with TemporaryDirectory(prefix="timbre-test-") as folder:
        bench = Bench(database, Path(folder))
        monkeypatch.setattr(Gate, "pause", lambda gate, seconds: bench.waits.append((gate.service, seconds)))
        monkeypatch.setattr(Gate, "rest", rest)
        yield bench
