"""Folders for the storage tests; their databases are those of tests/databases.py."""

from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest


@pytest.fixture
def data_dir() -> Iterator[Path]:
    """A folder for a server's data; not pytest's own, which is closed to the users some tests become."""
    with TemporaryDirectory(prefix="timbre-test-") as folder:
        yield Path(folder)


@pytest.fixture
def spool_dir(tmp_path: Path) -> Path:
    return tmp_path / "spool"
