"""The database fixtures of the storage tests, and what a stage stands on."""

from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from tests.pipelines.making import Bench
from tests.storage.conftest import database, empty_database, migrated, postgres_server, schema
from timbre_spider.pipelines.stage import Stage
from timbre_spider.storage.database import Database

__all__ = ["database", "empty_database", "migrated", "postgres_server", "schema"]


@pytest.fixture
def bench(database: Database, monkeypatch: pytest.MonkeyPatch) -> Iterator[Bench]:
    """Where stages are tried, over an empty database; an error of our own fails the test there, not the question."""
    monkeypatch.setattr(Stage, "catches_all", False)
    with TemporaryDirectory(prefix="timbre-test-") as folder:
        yield Bench(database, Path(folder))
