"""The songs out of the database, in three formats."""

import csv
import io
import json
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from tests.storage.making import album, look, name_key, song, store, track
from timbre_spider.errors import ConfigError, UsageError
from timbre_spider.items import ChartRow, song_record
from timbre_spider.storage.database import Database
from timbre_spider.storage.export import columns_of, export

pytestmark = pytest.mark.integration


def full(plays: int = 10) -> Any:
    rows = [ChartRow("A", "T", plays, 1), ChartRow("a", 'T, "live"\n', 2, 2)]
    return song(
        "A", "T", number=1, rows=rows, tags={"rock": 100}, aoty=album(1, 80.5), spotify=track(1, release_date="1999-05")
    )


def lines(database: Database, **options: Any) -> list[dict[str, Any]]:
    out = io.BytesIO()
    written = export(database, "jsonl", out, **options)
    told = [json.loads(line) for line in out.getvalue().decode().splitlines()]
    assert len(told) == written
    return told


def test_a_line_is_the_line_of_a_feed(database: Database) -> None:
    stored, bare = full(), song("B", "U", 3)
    store(database, stored, bare)
    expected = [song_record(stored), song_record(bare)]
    assert lines(database) == [json.loads(json.dumps(each)) for each in expected]
    assert [list(each) for each in lines(database)] == [list(each) for each in expected]


def test_csv_has_one_flat_row_a_song(database: Database, tmp_path: Path) -> None:
    store(database, full(), song("B", "U", 3))
    export(database, "csv", tmp_path / "out.csv")
    with (tmp_path / "out.csv").open(encoding="utf-8", newline="") as file:
        first, second = csv.DictReader(file)
    assert list(first) == list(columns_of("csv"))
    assert (first["artist"], first["playcount"], first["spotify_release_date"], first["aoty_user_score"]) == (
        "A", "12", "1999-05", "80.5",
    )  # fmt: skip
    assert json.loads(first["aliases"])[1] == {"artist": "a", "title": 'T, "live"\n', "playcount": 2}
    assert second["spotify_duration_ms"] == ""


def test_parquet_keeps_types(database: Database, tmp_path: Path) -> None:
    parquet = pytest.importorskip("pyarrow.parquet")
    store(database, full(), song("B", "U", 3))
    assert export(database, "parquet", tmp_path / "out.parquet") == 2
    first, second = parquet.read_table(tmp_path / "out.parquet").to_pylist()
    assert (first["playcount"], first["spotify_explicit"], first["aoty_user_score"]) == (12, False, 80.5)
    assert second["spotify_popularity"] is None


def test_an_empty_database_gives_an_empty_file(database: Database, tmp_path: Path) -> None:
    pytest.importorskip("pyarrow")
    for kind in ("jsonl", "csv", "parquet"):
        assert export(database, kind, tmp_path / kind) == 0  # type: ignore[arg-type]
        assert (tmp_path / kind).exists()


def test_without_pyarrow_the_cure_is_named(database: Database, tmp_path: Path, monkeypatch: Any) -> None:
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    with pytest.raises(ConfigError, match="pip install"):
        export(database, "parquet", tmp_path / "out")
    assert list(tmp_path.iterdir()) == []


def test_columns(database: Database) -> None:
    store(database, full())
    assert lines(database, columns=["title", "playcount"]) == [{"title": "T", "playcount": 12}]
    with pytest.raises(UsageError, match=r"nonsense.*Choose from"):
        lines(database, columns=["title", "nonsense"])


@pytest.mark.parametrize("change", [{"plays": 99}, {"tags": {"pop": 1}}, {"aoty": album(1, 81.0)}])
def test_since_means_anything_of_the_song(database: Database, change: dict[str, Any]) -> None:
    store(database, song("A", "T", 5, tags={"rock": 1}, aoty=album(1)), song("B", "U"))
    since = look(database, "SELECT clock_timestamp()")[0]
    store(database, song("A", "T", **{"plays": 5, "tags": {"rock": 1}, "aoty": album(1), **change}), song("B", "U"))
    assert [each["artist"] for each in lines(database, since=since)] == ["A"]
    assert lines(database, since=datetime.now(UTC) + timedelta(days=1)) == []


def test_progress_and_more_than_one_chunk(database: Database) -> None:
    with database.connect() as connection:
        connection.execute(
            "INSERT INTO songs (id, artist, title, canonical_id) SELECT gen_random_uuid(), 'A', n::text,"
            " 'hash:' || lpad(to_hex(n), 40, '0') FROM generate_series(1, 4500) n"
        )
    told: list[tuple[int, int]] = []
    assert len(lines(database, progress=lambda done, total: told.append((done, total)))) == 4500
    assert told[-1] == (4500, 4500)
    assert len(told) > 2


def test_a_failed_export_leaves_the_old_file(database: Database, tmp_path: Path) -> None:
    store(database, song("A", "T"))
    target = tmp_path / "out.jsonl"
    target.write_text("old")

    def fail(done: int, total: int) -> None:
        raise RuntimeError("stopped")

    with pytest.raises(RuntimeError):
        export(database, "jsonl", target, progress=fail)
    assert target.read_text() == "old"
    assert list(tmp_path.iterdir()) == [target]


def test_the_view_has_the_song_once(database: Database) -> None:
    store(database, full())
    assert look(database, "SELECT count(*), min(playcount) FROM song_features") == [(1, 12)]
    assert look(database, "SELECT count(*) FROM song_keys WHERE key = %s", name_key("A", "T")) == [1]
