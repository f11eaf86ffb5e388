"""The database goes away: the run spools and goes on; replay brings it in, again and again without harm."""

import asyncio
import json
from pathlib import Path
from typing import Any

import psycopg
import pytest

from tests.conftest import free_port
from tests.storage.making import answer, dump, isrc, look, name_key, song, spotify_id, store
from timbre_spider.errors import DatabaseUnreachable
from timbre_spider.items import Reject
from timbre_spider.storage.connect import database_at
from timbre_spider.storage.database import Database
from timbre_spider.storage.loader import Loader
from timbre_spider.storage.pending_write import Receipt, Status
from timbre_spider.storage.replay import ReplayReport, replay
from timbre_spider.storage.spool import spooled_files
from timbre_spider.storage.writer import Writer

pytestmark = pytest.mark.integration


def nowhere() -> Database:
    """An address nobody listens at."""
    return database_at(f"postgresql://u:hunter2@127.0.0.1:{free_port()}/db")


def load(database: Database, spool_dir: Path, **options: Any) -> Writer:
    async def run() -> Writer:
        writer = Writer(database, spool_dir=spool_dir, **{"retry_attempts": 0, "max_wait": 0.02, **options})
        await writer.open()
        receipts = await asyncio.gather(*(writer.store(song("A", str(n), number=n)) for n in range(10)))
        await writer.record([answer("hash:1"), answer("hash:2")])
        await writer.reject([Reject("me", "", "T", 1, "empty artist")])
        receipts.append(await writer.store(song("late", "one \x00\ud800")))
        await writer.close()
        assert {each.status for each in receipts} <= {"spooled", "stored"}
        return writer

    return asyncio.run(run())


def test_what_the_database_misses_is_replayed(database: Database, spool_dir: Path, caplog: Any) -> None:
    writer = load(nowhere(), spool_dir)
    assert writer.spooled == 11
    gone = [record.message for record in caplog.records if record.levelname == "ERROR"]
    assert len(gone) == 1
    assert "timbre replay" in gone[0]
    assert "hunter2" not in caplog.text
    files = len(spooled_files(spool_dir))
    assert replay(database, spool_dir) == ReplayReport(files=files, songs=11, answers=2, rejects=1)
    assert spooled_files(spool_dir) == []
    replayed = dump(database)
    with database.connect() as connection:
        connection.execute("TRUNCATE songs, answers, rejects, ratings_history CASCADE")
    load(database, spool_dir)
    assert dump(database) == replayed
    assert replay(database, spool_dir) == ReplayReport()


@pytest.mark.parametrize("columns", [6, 7])
def test_a_spool_of_before_plays_had_sources_or_spellings_rules_replays(
    database: Database, spool_dir: Path, columns: int
) -> None:
    load(nowhere(), spool_dir)
    for path in spooled_files(spool_dir):
        lines = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
        for line in lines:
            line["aliases"] = [alias[:columns] for alias in line["aliases"]]
        path.write_text("".join(json.dumps(line) + "\n" for line in lines), encoding="utf-8")
    report = replay(database, spool_dir)
    assert (report.songs, report.damaged, report.set_aside) == (11, 0, 0)
    if columns == 6:
        told = look(database, "SELECT DISTINCT source, period, plays FROM song_listens")
        assert told == [("lastfm", "overall", 10)]


def test_replaying_what_is_in_already_changes_nothing(database: Database, spool_dir: Path) -> None:
    load(nowhere(), spool_dir)
    load(database, spool_dir)
    before = dump(database)
    replay(database, spool_dir)
    assert dump(database) == before


def test_no_half_files(database: Database, spool_dir: Path) -> None:
    spool_dir.mkdir()
    (spool_dir / ".20260101-1-000000.jsonl.half").write_text('{"kind": "songs", "ro')
    assert replay(database, spool_dir) == ReplayReport()


def test_a_damaged_line_does_not_take_the_others_along(
    database: Database, spool_dir: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # In several batches.
    monkeypatch.setattr("timbre_spider.storage.replay._BATCH", 4)
    load(nowhere(), spool_dir)
    [first, *_] = spooled_files(spool_dir)
    first.write_text("{nonsense\n" + first.read_text() + "[]\n")
    report = replay(database, spool_dir)
    assert (report.songs, report.damaged) == (11, 2)
    assert look(database, "SELECT count(*) FROM songs") == [11]


def test_a_spool_is_kept_while_the_database_is_away(spool_dir: Path) -> None:
    load(nowhere(), spool_dir)
    before = spooled_files(spool_dir)
    with pytest.raises(DatabaseUnreachable):
        replay(nowhere(), spool_dir)
    assert spooled_files(spool_dir) == before


def test_a_song_whose_keys_were_taken_meanwhile_goes_where_its_name_is(database: Database, spool_dir: Path) -> None:
    async def run() -> None:
        writer = Writer(nowhere(), spool_dir=spool_dir, retry_attempts=0)
        await writer.open()
        await asyncio.gather(
            writer.store(song("A", "T", 7, listener="you", keys=[f"isrc:{isrc(1)}", name_key("A", "T")])),
            writer.store(song("B", "U", keys=[f"isrc:{isrc(2)}", name_key("B", "U")])),
        )
        await writer.close()

    asyncio.run(run())
    # Meanwhile another worker stored the first name under another id, and another song has the second's ISRC.
    from uuid import UUID

    store(database, song("A", "T", 3, song_id=UUID(int=9)), song("C", "V", number=2))
    assert replay(database, spool_dir).songs == 2
    assert sorted(look(database, "SELECT artist, canonical_id, playcount FROM song_features")) == [
        ("A", f"isrc:{isrc(1)}", 10),
        ("B", name_key("B", "U"), 10),
        ("C", f"isrc:{isrc(2)}", 10),
    ]


def spooled(spool_dir: Path, *songs: Any, answers: Any = ()) -> None:
    """Songs and answers, each call's in a file of their own, the songs first."""

    async def run() -> None:
        writer = Writer(nowhere(), spool_dir=spool_dir, retry_attempts=0)
        await writer.open()
        await asyncio.gather(*(writer.store(each) for each in songs))
        for each in answers:
            await writer.record(each)
        await writer.close()

    asyncio.run(run())


def test_a_contested_song_absorbs_and_takes_nothing(database: Database, spool_dir: Path) -> None:
    """What was decided of others was decided by what they were then."""
    other, third = song("C", "V", 3, number=2), song("D", "W", 4)
    contested = song(
        "A", "T", 7, keys=[f"isrc:{isrc(1)}", f"isrc:{isrc(2)}", name_key("A", "T")],
        absorbs=[third.identity.song_id],
    )  # fmt: skip
    contested.identity.takes = (f"isrc:{isrc(2)}",)
    spooled(spool_dir, contested)
    store(database, other, third, song("B", "U", 5, number=1))
    assert replay(database, spool_dir) == ReplayReport(files=1, songs=1)
    assert look(database, "SELECT artist, canonical_id, playcount FROM song_features ORDER BY artist") == [
        ("A", name_key("A", "T"), 7), ("B", f"isrc:{isrc(1)}", 5), ("C", f"isrc:{isrc(2)}", 3),
        ("D", name_key("D", "W"), 4),
    ]  # fmt: skip


def test_of_the_keys_it_has_left_a_song_goes_by_the_strongest(database: Database, spool_dir: Path) -> None:
    ids = [f"isrc:{isrc(1)}", f"spotify:{spotify_id(9)}", name_key("A", "T")]
    spooled(spool_dir, song("A", "T", keys=ids))
    store(database, song("B", "U", number=1))
    replay(database, spool_dir)
    assert look(database, "SELECT canonical_id FROM songs WHERE artist = 'A'") == [f"spotify:{spotify_id(9)}"]


def test_keys_that_are_its_own_already_stay_a_contested_song_s(database: Database, spool_dir: Path) -> None:
    """Also where nobody holds its name."""
    ids = [f"isrc:{isrc(1)}", f"isrc:{isrc(2)}", name_key("A", "T")]
    spooled(spool_dir, song("A", "T", 7, keys=ids[:2]))
    store(database, song("A", "T", 3, keys=ids[:1]), song("B", "U", number=2))
    assert replay(database, spool_dir).songs == 1
    assert look(database, "SELECT canonical_id, playcount FROM song_features WHERE artist = 'A'") == [(ids[0], 7)]


def test_what_is_set_aside_is_not_told_as_loaded(database: Database, spool_dir: Path) -> None:
    """Neither at once nor once it was contested; nor an answer, alone or among others."""
    bad, worse = answer("hash:1"), answer("hash:2")
    for each in (bad, worse):
        object.__setattr__(each, "score", 2.0)
    contested = song("A", "T", keys=[f"isrc:{isrc(1)}", name_key("A", "T")], isrc="not one")
    spooled(
        spool_dir, song("A", "S", isrc="not one"), contested, song("A", "U"),
        answers=[[bad], [answer("hash:3"), worse, answer("hash:4")]],
    )  # fmt: skip
    store(database, song("B", "U", number=1))
    report = replay(database, spool_dir)
    assert (report.songs, report.set_aside, report.answers, report.damaged) == (1, 2, 2, 0)
    assert sorted(look(database, "SELECT key FROM answers")) == ["hash:3", "hash:4"]
    assert spooled_files(spool_dir) == []
    assert len(spooled_files(spool_dir / "set_aside")) == 4


def test_copies_of_what_is_replayed_are_told_of_it(database: Database, spool_dir: Path) -> None:
    hot = Noting()
    spooled(spool_dir, answers=[[answer("hash:1")]])
    assert replay(database, spool_dir, hot).answers == 1  # type: ignore[arg-type]
    assert hot.told == [("spotify", "hash:1")]


class Noting:
    """In place of the copies in Redis."""

    def __init__(self) -> None:
        self.told: list[Any] = []

    def change(self, questions: Any) -> None:
        self.told += questions


def test_a_file_of_many_songs_is_loaded_in_parts(
    database: Database, spool_dir: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    loaded = []

    async def counted(loader: Loader, writes: Any) -> None:
        loaded.append(len(writes))
        for write in writes:
            write.settle(Receipt(Status.STORED, write.song_id))

    spooled(spool_dir, song())
    [path] = spooled_files(spool_dir)
    path.write_text(path.read_text() * 1100)
    monkeypatch.setattr(Loader, "load", counted)
    assert replay(database, spool_dir).songs == 1100
    assert loaded == [500, 500, 100]


def test_songs_that_stay_contested_are_tried_five_times_and_kept(
    database: Database, spool_dir: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    tried = []

    async def contested(loader: Loader, writes: Any) -> None:
        tried.append(len(writes))
        for write in writes:
            write.settle(Receipt(Status.CONTESTED, write.song_id))

    spooled(spool_dir, song())
    monkeypatch.setattr(Loader, "load", contested)
    with pytest.raises(DatabaseUnreachable, match="contested without end"):
        replay(database, spool_dir)
    assert tried == [1] * 5
    assert len(spooled_files(spool_dir)) == 1


def test_a_database_that_refuses_is_told_in_a_line_and_the_rest_stays(
    database: Database, spool_dir: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def refuses(loader: Loader, writes: Any) -> None:
        raise psycopg.errors.UndefinedFunction("no such\n  function" + "!" * 300)

    spooled(spool_dir, song())
    monkeypatch.setattr(Loader, "load", refuses)
    with pytest.raises(DatabaseUnreachable) as told:
        replay(database, spool_dir)
    assert f"(no such function{'!' * 184})" in str(told.value)
    assert f"stays in {spool_dir}" in str(told.value)
    assert len(spooled_files(spool_dir)) == 1


def test_the_writer_waits_for_a_database_that_comes_back(
    database: Database, spool_dir: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    real, away = database.connect_async, 3

    async def connect() -> Any:
        nonlocal away
        away -= 1
        if away >= 0:
            raise DatabaseUnreachable("away")
        return await real()

    monkeypatch.setattr(database, "connect_async", connect)
    [receipt] = store(database, song(), spool_dir=spool_dir, retry_attempts=5, retry_delay=0.01)
    assert receipt.status == "stored"
    assert spooled_files(spool_dir) == []


def test_a_spool_that_cannot_be_written_stops_nobody(tmp_path: Path) -> None:
    (tmp_path / "spool").write_text("a file in its place")
    [receipt] = store(nowhere(), song(), spool_dir=tmp_path / "spool")
    assert receipt.status == "set_aside"
    assert "spool cannot be written" in receipt.reason


def test_spool_lines_are_plain_json(spool_dir: Path) -> None:
    load(nowhere(), spool_dir)
    lines = [line for path in spooled_files(spool_dir) for line in path.read_text(encoding="utf-8").splitlines()]
    kinds = [json.loads(line)["kind"] for line in lines]
    assert {kind: kinds.count(kind) for kind in kinds} == {"songs": 11, "answers": 1, "rejects": 1}
