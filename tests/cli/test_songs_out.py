"""`timbre export` and `timbre report`: where songs go, in which format, and what is said of it."""

import csv
import io
import json
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from tests.storage.making import song, store
from timbre_spider.cli import app
from timbre_spider.errors import RunError, UsageError

pytestmark = pytest.mark.integration


@pytest.fixture
def run(database: Any, tmp_path: Path, monkeypatch: Any) -> Any:
    """Runs a command in a folder of its own, on a database with one song."""
    store(database, song("A", "=cmd|x", 7))
    monkeypatch.chdir(tmp_path)
    for name in ("database", "identity"):
        monkeypatch.setattr(f"timbre_spider.cli.{name}.open_database", lambda config: database)

    def invoke(*command: str) -> Result:
        return CliRunner().invoke(app, command)

    return invoke


@pytest.mark.parametrize(
    ("options", "place", "starts"),
    [
        ((), "exports/export.jsonl", '{"id": "'),
        (("--format=csv",), "exports/export.csv", "id,canonical_id,"),
        (("--since=2020-01-01",), "exports/changes.jsonl", '{"id": "'),
        (("--to=x.csv",), "x.csv", "id,canonical_id,"),
        (("--to=x.parquet",), "x.parquet", "PAR1"),
        (("--to=x.txt", "--format=csv"), "x.txt", "id,canonical_id,"),
        (("--to=new/x.csv", "--columns=title, artist"), "new/x.csv", "title,artist"),
        (("--to=x.csv", "--columns=title", "--spreadsheet"), "x.csv", "title\r\n'=cmd|x"),
    ],
)
def test_export(run: Any, tmp_path: Path, options: tuple[str, ...], place: str, starts: str) -> None:
    result = run("export", *options)
    assert result.exit_code == 0, result.output
    assert (tmp_path / place).read_bytes().startswith(starts.encode())
    assert result.output.endswith(f"1 song in {place}\n")


def test_export_to_the_output(run: Any) -> None:
    result = run("export", "--to=-", "--columns=title")
    assert result.stdout == '{"title": "=cmd|x"}\n'


def test_the_schema_is_printed_and_nothing_written(run: Any, tmp_path: Path) -> None:
    result = run("export", "--schema")
    assert json.loads(result.stdout)["$defs"]["song"]["properties"]["id"]["format"] == "uuid"
    assert not (tmp_path / "exports").exists()


@pytest.mark.parametrize(
    ("options", "error", "said"),
    [
        (("--to=x.xlsx",), UsageError, "x.xlsx"),
        (("--format=xml",), UsageError, "--format xml"),
        (("--spreadsheet",), UsageError, "--spreadsheet"),
        (("--columns=nonsense",), UsageError, "nonsense"),
        (("--since=yesterday",), UsageError, "yesterday"),
        (("--to=/proc/x.csv",), RunError, "/proc/x.csv"),
    ],
)
def test_what_cannot_be_exported(run: Any, options: tuple[str, ...], error: type[Exception], said: str) -> None:
    result = run("export", *options)
    assert isinstance(result.exception, error)
    assert said in str(result.exception)


def test_a_report_as_csv_has_no_cell_that_runs_and_nothing_as_python_writes_it(run: Any, database: Any) -> None:
    with database.connect() as connection:
        connection.execute(
            "INSERT INTO rejects (id, listener, artist, title, playcount, reason) VALUES"
            " (gen_random_uuid(), 'me', '+A', 'T', 5, 'empty artist')"
        )
        connection.execute(
            'INSERT INTO answers (source, key, outcome, asked_at, score, tier, "values") VALUES'
            " ('spotify', 'x', 'found', now(), 0.5, 'low', '{\"a\": [null, true]}')"
        )
    rows = list(csv.DictReader(io.StringIO(run("report", "--format=csv").stdout)))
    unmatched, weak, rejected = rows
    assert (unmatched["section"], unmatched["title"], unmatched["reason"]) == ("unmatched", "'=cmd|x", "")
    assert (weak["section"], weak["values"], weak["score"]) == ("weak", '{"a": [null, true]}', "0.5")
    assert (rejected["artist"], rejected["seen_at"][-6:], rejected["seen_at"][10]) == ("'+A", "+00:00", "T")


def test_a_report_names_an_album_s_answer_by_its_key(run: Any, database: Any) -> None:
    with database.connect() as connection:
        connection.execute(
            "INSERT INTO answers (source, key, outcome, asked_at, tier, reason) VALUES"
            " ('aoty', 'album:ann|harbour', 'found', now(), 'medium', 'on its artist''s page')"
        )
    said = run("report").stdout
    assert "  album:ann|harbour: source aoty, " in said
    assert "None" not in said
