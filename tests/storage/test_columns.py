"""The columns of a song: explained in the database, and promised by a JSON Schema that real lines keep."""

import io
import json
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from tests.storage.making import album, look, song, store, track
from timbre_spider.items import ChartRow
from timbre_spider.storage.columns import columns_of, song_schema
from timbre_spider.storage.database import Database
from timbre_spider.storage.export import export

pytestmark = pytest.mark.integration

SCHEMA = Path(__file__).parents[2] / "docs/schema/song.json"


def judge(schema: dict[str, Any]) -> Any:
    # Here and not above: its checkers of formats take seconds to load, and every process loads every file.
    jsonschema = pytest.importorskip("jsonschema")
    jsonschema.Draft202012Validator.check_schema(schema)
    return jsonschema.Draft202012Validator(schema, format_checker=jsonschema.FormatChecker())


def lines(database: Database, since: Any = None) -> list[dict[str, Any]]:
    out = io.BytesIO()
    export(database, "jsonl", out, since=since)
    return [json.loads(line) for line in out.getvalue().splitlines()]


@pytest.mark.parametrize("view", ["song_features", "song_answers"])
def test_every_column_has_a_comment(database: Database, view: str) -> None:
    bare = (
        "SELECT attname FROM pg_attribute WHERE attrelid = %s::regclass AND attnum > 0"
        " AND col_description(attrelid, attnum) IS NULL"
    )
    assert look(database, bare, view) == []


def test_the_schema_in_the_documentation_is_the_one_of_the_database(database: Database) -> None:
    # timbre export --schema > docs/schema/song.json
    assert json.loads(SCHEMA.read_text()) == song_schema(database)


def test_real_lines_keep_the_schema(database: Database) -> None:
    since = look(database, "SELECT now()")[0]
    rows = [ChartRow("A", "T", 10, 1), ChartRow("a", "T (x)", 2, 2)]
    store(
        database,
        song("A", "T", number=1, rows=rows, tags={"rock": 100}, aoty=album(1, 80.5)),
        song("B", "U", 3, song_id=UUID(int=1)),
        song("C", "V", number=2, spotify=track(2, release_date=None, popularity=None), aoty=album(2, None, None)),
    )
    store(database, song("D", "W", absorbs=[UUID(int=1)]))
    told = lines(database, since)
    assert [len(each) for each in told] == [len(columns_of(database))] * 3 + [3]
    schema = judge(song_schema(database))
    for line in told:
        schema.validate(line)


@pytest.mark.parametrize(
    "wrong",
    [
        {"id": None},
        {"id": "no uuid"},
        {"playcount": "10"},
        {"user_score": "80.5"},
        {"explicit": "false"},
        {"release_date": "1999"},
        {"lastfm_tags": []},
        {"lastfm_tags": {"rock": "x"}},
        {"genres": ["Rock", 1]},
        {"aliases": [{"artist": "A", "title": "T"}]},
        {"more": 1},
    ],
)
def test_the_schema_notices(database: Database, wrong: dict[str, Any]) -> None:
    store(database, song("A", "T", number=1, tags={"rock": 100}, aoty=album()))
    (line,) = lines(database)
    schema = judge(song_schema(database))
    schema.validate(line)
    assert not schema.is_valid({**line, **wrong})
    assert not schema.is_valid({name: value for name, value in line.items() if name != "title"})
