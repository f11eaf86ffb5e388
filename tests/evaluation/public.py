"""The public files that lie beside the project, for tests that hold the matcher against them."""

import csv
from collections.abc import Sequence
from pathlib import Path
from zlib import crc32

import pytest

BENCHMARKS = Path(__file__).resolve().parents[3] / "shared" / "er"


def public(*names: str) -> list[Path]:
    """The files of those names; without them the test is skipped."""
    paths = [BENCHMARKS / name for name in names]
    if not all(path.exists() for path in paths):
        pytest.skip("the benchmark's files are not beside the project")
    return paths


def read(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def write(path: Path, rows: Sequence[dict[str, str]]) -> Path:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
    return path


def some_clusters(path: Path, one_in: int, folder: Path) -> Path:
    """A file of one in so many clusters of `path`, whole ones."""
    rows = [row for row in read(path) if crc32(row["cluster_id"].encode()) % one_in == 0]
    return write(folder / f"{path.parent.name}.csv", rows)
