"""The songs out of the database, in three formats."""

import csv
import io
import json
import sys
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from psycopg import sql

from tests.storage.making import NOW, album, answer, isrc, look, name_key, song, spotify_id, store, told_openly, track
from timbre_spider.errors import ConfigError, UsageError
from timbre_spider.items import ChartRow
from timbre_spider.storage.columns import columns_of
from timbre_spider.storage.database import Database
from timbre_spider.storage.export import Exported, export, format_of
from timbre_spider.storage.writer import Writer

pytestmark = pytest.mark.integration

ROWS = [ChartRow("a", 'T, "live"\n', 2, 2), ChartRow("A", "T", 10, 1)]


def full(**parts: Any) -> Any:
    known = {
        "tags": {"rock": 100},
        "aoty": album(1, 80.5),
        "spotify": track(1, release_date="1999-05"),
        "open": told_openly(7),
    }
    return song("A", "T", number=1, rows=ROWS, **{**known, **parts})


async def answered(database: Database, *answers: Any) -> None:
    writer = Writer(database, spool_dir=Path("/nonexistent"))
    await writer.open()
    await writer.record(list(answers))
    await writer.close()


def lines(database: Database, **options: Any) -> list[dict[str, Any]]:
    out = io.BytesIO()
    exported = export(database, "jsonl", out, **options)
    told = [json.loads(line) for line in out.getvalue().decode().splitlines()]
    assert len(told) == exported.songs + exported.merged
    return told


def rows(database: Database, **options: Any) -> list[dict[str, str]]:
    out = io.BytesIO()
    export(database, "csv", out, **options)
    return list(csv.DictReader(io.StringIO(out.getvalue().decode(), newline="")))


def test_a_line_says_what_the_database_says(database: Database) -> None:
    import asyncio

    store(database, full(asked={("spotify", 0): name_key("A", "T")}), song("B", "U", 3))
    asyncio.run(answered(database, answer(name_key("A", "T"))))
    first, second = lines(database)
    times = {name: first.pop(name) for name in ("created_at", "updated_at")}
    assert all(datetime.fromisoformat(each).utcoffset() == timedelta(0) for each in times.values())
    assert first == {
        "id": str(look(database, "SELECT id FROM songs WHERE artist = 'A'")[0]),
        "canonical_id": f"isrc:{isrc(1)}",
        "artist": "A",
        "title": "T",
        "isrc": isrc(1),
        "isrc_source": "spotify",
        "spotify_id": spotify_id(1),
        "spotify_id_source": "history",
        "playcount": 12,
        "lastfm_tags": {"rock": 100},
        "isrcs": [isrc(7), isrc(8)],
        "isrcs_source": "listenbrainz",
        "mbid": str(UUID(int=7)),
        "mbid_source": "listenbrainz",
        "duration_ms": 200_000,
        "duration_source": "spotify",
        "popularity": 50,
        "album_id": "al",
        "artist_id": "ar",
        "album_name": "Album",
        "album_source": "spotify",
        "album_type": "album",
        "release_mbid": str(UUID(int=8)),
        "release_mbid_source": "listenbrainz",
        "release_date": "1999-05-01",
        "release_precision": "month",
        "release_date_source": "spotify",
        "explicit": False,
        "track_number": 3,
        "user_score": 80.5,
        "rating_count": 100,
        "critic_score": 75,
        "critic_count": 9,
        "genres": ["Rock"],
        "styles": [
            {"name": "rock", "kind": "genre", "weight": 0.98, "sources": ["aoty", "lastfm"]},
            {"name": "guitar", "kind": "sound", "weight": 0.4, "sources": ["aoty_tags"]},
        ],
        "aoty_tags": ["guitar"],
        "aoty_album": "Album",
        "aoty_url": album(1).url,
        "spotify_match_score": 0.9,
        "spotify_match_tier": "high",
        "spotify_checked_at": NOW.isoformat(),
        "open_match_score": None,
        "open_match_tier": None,
        "open_checked_at": None,
        "lastfm_checked_at": None,
        "aoty_match_score": None,
        "aoty_match_tier": None,
        "aoty_checked_at": None,
        "quality": 0.75,
        "completeness": 1,
        "certainty": 1,
        "agreement": 0.25,
        "freshness": 0,
        "aliases": [
            {"artist": "A", "title": "T", "playcount": 10},
            {"artist": "a", "title": 'T, "live"\n', "playcount": 2},
        ],
    }
    assert [each.name for each in columns_of(database)] == list(second) == [*first, *times]
    nothing = {name for name, value in second.items() if value is None}
    assert nothing == set(first) - {
        "id",
        "canonical_id",
        "artist",
        "title",
        "playcount",
        "lastfm_tags",
        "styles",
        "quality",
        "completeness",
        "certainty",
        "agreement",
        "freshness",
        "aliases",
    }


def test_csv_says_the_same_in_cells(database: Database) -> None:
    store(database, full(), song("B", "U", 3))
    (first, second), (line, _) = rows(database), lines(database)
    assert list(first) == list(line)
    assert {name: value for name, value in first.items() if value and value != json.dumps(line[name])} == {
        name: line[name] for name in line if isinstance(line[name], str)
    }
    assert (first["explicit"], first["critic_score"], first["genres"]) == ("false", "75", '["Rock"]')
    assert json.loads(first["aliases"]) == line["aliases"]
    assert second["duration_ms"] == ""


def test_parquet_has_types_of_its_own(database: Database, tmp_path: Path) -> None:
    parquet = pytest.importorskip("pyarrow.parquet")
    store(database, full(), song("B", "U", 3))
    assert export(database, "parquet", tmp_path / "out.parquet") == Exported(2, 0)
    table = parquet.read_table(tmp_path / "out.parquet")
    first, second = table.to_pylist(maps_as_pydicts="strict")
    (line, _) = lines(database)
    assert first["release_date"] == date(1999, 5, 1)
    assert first["created_at"] == datetime.fromisoformat(line["created_at"])
    simple = [name for name in line if name not in ("release_date", "created_at", "updated_at")]
    assert {name: first[name] for name in simple} == {name: line[name] for name in simple}
    assert list(first) == list(line)
    assert second["popularity"] is None
    assert second["lastfm_tags"] == {}
    assert parquet.ParquetFile(tmp_path / "out.parquet").metadata.row_group(0).column(0).compression == "ZSTD"
    types = {field.name: str(field.type) for field in table.schema}
    assert types["lastfm_tags"].startswith("map<string, int32")
    assert types["genres"].startswith("list<")
    assert (types["release_date"], types["created_at"]) == ("date32[day]", "timestamp[us, tz=UTC]")
    assert table.schema.field("playcount").metadata == {b"description": b"Plays over all its spellings"}


def test_an_empty_database_gives_an_empty_file(database: Database, tmp_path: Path) -> None:
    pytest.importorskip("pyarrow")
    for kind in ("jsonl", "csv", "parquet"):
        assert export(database, kind, tmp_path / kind) == Exported(0, 0)  # type: ignore[arg-type]
        assert (tmp_path / kind).exists()


def test_without_pyarrow_the_cure_is_named(database: Database, tmp_path: Path, monkeypatch: Any) -> None:
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    with pytest.raises(ConfigError, match="pip install"):
        export(database, "parquet", tmp_path / "out")
    assert list(tmp_path.iterdir()) == []


def test_columns(database: Database) -> None:
    store(database, full())
    assert lines(database, columns=["title", "playcount"]) == [{"title": "T", "playcount": 12}]
    assert rows(database, columns=["title", "title"]) == [{"title": "T"}]
    with pytest.raises(UsageError, match=r"nonsense.*Choose from: id, canonical_id"):
        lines(database, columns=["title", "nonsense"])


@pytest.mark.parametrize(
    "change", [{"plays": 99}, {"tags": {"pop": 1}}, {"aoty": album(1, 81.0)}, {"spotify": track(1, popularity=7)}]
)
def test_since_means_anything_of_the_song(database: Database, change: dict[str, Any]) -> None:
    parts = {"plays": 5, "tags": {"rock": 1}, "aoty": album(1), "number": 1}
    store(database, song("A", "T", **parts), song("B", "U"))  # type: ignore[arg-type]
    since = look(database, "SELECT clock_timestamp()")[0]
    store(database, song("A", "T", **{**parts, **change}), song("B", "U"))  # type: ignore[arg-type]
    assert [each["artist"] for each in lines(database, since=since)] == ["A"]
    assert lines(database, since=datetime.now(UTC) + timedelta(days=1)) == []


def test_since_takes_in_the_moment_itself(database: Database) -> None:
    since, *_ = merged(database)
    [changed] = look(database, "SELECT updated_at FROM songs WHERE updated_at >= %s", since)
    told = lines(database, since=changed)
    assert [each.get("artist") for each in told] == ["B", None]
    [at] = look(database, "SELECT merged_at FROM song_redirects")
    assert [each["id"] for each in lines(database, since=at) if "merged_into" in each] == [str(UUID(int=1))]


def test_what_nobody_counted_comes_last_and_equals_by_their_ids(database: Database) -> None:
    store(database, *(song("A", str(n), plays, song_id=UUID(int=n)) for n, plays in ((3, 5), (1, 5), (2, 9), (4, 7))))
    with database.connect() as connection:
        connection.execute("DELETE FROM lastfm_stats WHERE playcount = 7")
    assert [each["title"] for each in lines(database)] == ["2", "1", "3", "4"]


def test_times_are_utc_whatever_the_server_s_zone(new_database: Database) -> None:
    store(new_database, song("A", "T"))
    with new_database.connect() as connection:
        name = connection.info.dbname
        connection.execute(sql.SQL("ALTER DATABASE {} SET timezone = 'Asia/Tokyo'").format(sql.Identifier(name)))
    [line] = lines(new_database)
    assert line["created_at"].endswith("+00:00")


def test_songs_due_to_be_judged_are_judged_before(database: Database) -> None:
    store(database, song("A", "T"))
    with database.connect() as connection:
        connection.execute("DELETE FROM song_quality")
    assert lines(database)[0]["quality"] is not None


def merged(database: Database) -> tuple[datetime, UUID, UUID]:
    """Two songs that became one: a time between, the id that went, the id that stays."""
    store(database, song("A", "T", 5, song_id=UUID(int=1)), song("B", "U", 7, song_id=UUID(int=2)), song("C", "V"))
    since = look(database, "SELECT clock_timestamp()")[0]
    store(database, song("B", "U", 7, song_id=UUID(int=2), absorbs=[UUID(int=1)]))
    return since, UUID(int=1), UUID(int=2)


def test_since_tells_where_merged_ids_lead(database: Database, tmp_path: Path) -> None:
    since, gone, stays = merged(database)
    (at,) = look(database, "SELECT merged_at FROM song_redirects")
    changed, redirect = lines(database, since=since)
    assert (changed["id"], changed["playcount"]) == (str(stays), 12)
    assert redirect == {"id": str(gone), "merged_into": str(stays), "merged_at": redirect["merged_at"]}
    # PostgreSQL leaves the zeros off at the end of a fraction of a second, Python does not.
    assert datetime.fromisoformat(redirect["merged_at"]) == at
    row, last = rows(database, since=since)
    assert (row["merged_into"], row["merged_at"]) == ("", "")
    assert {name: value for name, value in last.items() if value} == redirect
    parquet = pytest.importorskip("pyarrow.parquet")
    assert export(database, "parquet", tmp_path / "out", since=since) == Exported(1, 1)
    row, last = parquet.read_table(tmp_path / "out").to_pylist()
    assert row["merged_into"] is None
    told = {"id": str(gone), "merged_into": str(stays), "merged_at": at}
    assert {name: value for name, value in last.items() if value is not None} == told
    assert lines(database, since=at + timedelta(seconds=1)) == []


def test_merged_ids_are_told_in_the_order_they_were_merged(database: Database) -> None:
    since, first, _ = merged(database)
    store(database, song("C", "V", absorbs=[UUID(int=2)]))
    assert [each["id"] for each in lines(database, since=since) if "merged_into" in each] == [
        str(first), str(UUID(int=2)),
    ]  # fmt: skip


def test_songs_and_merged_ids_are_those_of_one_moment(database: Database) -> None:
    store(database, song("A", "T", song_id=UUID(int=1)), song("B", "U", song_id=UUID(int=2)))
    since = look(database, "SELECT created_at FROM songs")[0]

    def merge_meanwhile(done: int, total: int) -> None:
        store(database, song("B", "U", song_id=UUID(int=2), absorbs=[UUID(int=1)]))

    told = lines(database, since=since, progress=merge_meanwhile)
    assert sorted(each["id"] for each in told) == [str(UUID(int=1)), str(UUID(int=2))]


def test_merged_ids_are_told_only_with_ids_and_since(database: Database) -> None:
    since, *_ = merged(database)
    assert lines(database, since=since, columns=["title"]) == [{"title": "U"}]
    assert rows(database, since=since, columns=["title"]) == [{"title": "U"}]
    assert not any("merged_into" in each for each in lines(database))


def test_a_spreadsheet_runs_no_cell(database: Database) -> None:
    evil = "=cmd|' /C calc'!A0"
    store(database, song("@SUM(1)", evil, 5), song("-1", "U", 3))
    first, second = rows(database, spreadsheet=True, columns=["artist", "title", "playcount"])
    assert first == {"artist": "'@SUM(1)", "title": f"'{evil}", "playcount": "5"}
    assert second["artist"] == "-1"
    assert rows(database, columns=["title"])[0] == {"title": evil}


def test_progress_and_more_than_one_chunk(database: Database) -> None:
    with database.connect() as connection:
        connection.execute(
            "INSERT INTO songs (id, artist, title, canonical_id) SELECT gen_random_uuid(), 'A', n::text,"
            " 'hash:' || lpad(to_hex(n), 40, '0') FROM generate_series(1, 4500) n"
        )
    told: list[tuple[int, int]] = []
    assert len(lines(database, progress=lambda done, total: told.append((done, total)))) == 4500
    assert told == [(2000, 4500), (4000, 4500), (4500, 4500)]


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
    assert export(database, "jsonl", target) == Exported(1, 0)
    assert target.read_text() != "old"


@pytest.mark.parametrize(
    ("name", "format"),
    [
        ("x.jsonl", "jsonl"),
        ("x.jl", "jsonl"),
        ("x.csv", "csv"),
        ("X.PARQUET", "parquet"),
        ("x", "jsonl"),
        ("", "jsonl"),
    ],
)
def test_the_name_tells_the_format(name: str, format: str) -> None:
    assert format_of(name) == format


def test_a_name_of_another_format_is_refused() -> None:
    with pytest.raises(UsageError, match=r"x\.xlsx.*--format"):
        format_of("x.xlsx")
