"""What is known, read in bulk; and the record of runs."""

import asyncio
from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import psycopg
import pytest

from tests.sources.fake_time import run as in_fake_time
from tests.storage.making import NOW, album, answer, isrc, look, name_key, song, spotify_id, store, told_openly
from timbre_spider.errors import DatabaseUnreachable
from timbre_spider.items import Answer, ChartRow, KnownSong, Outcome, Song
from timbre_spider.storage.connect import database_at
from timbre_spider.storage.counts import counts
from timbre_spider.storage.database import Database
from timbre_spider.storage.link import PostgresLink
from timbre_spider.storage.recall import Known, Reader, recall
from timbre_spider.storage.runs import Runs
from timbre_spider.storage.writer import Writer

pytestmark = pytest.mark.integration

FULL = Answer(
    "aoty", "album:x", Outcome.FOUND, NOW, NOW + timedelta(days=9999), {"a": [1, None]}, 0.25, "low", "a reason"
)


def remember(database: Database, *answers: Answer) -> None:
    async def run() -> None:
        writer = Writer(database, spool_dir=Path("/nonexistent"), retry_attempts=0)
        await writer.open()
        await writer.record(answers)
        await writer.close()

    asyncio.run(run())


def ask(database: Database, work: Any) -> Any:
    async def run() -> Any:
        reader = Reader(database)
        try:
            return await work(reader)
        finally:
            await reader.close()

    return asyncio.run(run())


def test_an_answer_comes_back_as_it_went_in(database: Database) -> None:
    remember(database, FULL)
    assert ask(database, lambda reader: reader.answer("aoty", "album:x")) == FULL
    assert ask(database, lambda reader: reader.answer("aoty", "album:y")) is None
    assert ask(database, lambda reader: reader.answer("spotify", "album:x")) is None


def test_a_song_is_known_by_every_key_and_after_a_merge(database: Database) -> None:
    kept, gone = song("A", "T", number=1), song("A", "T 2", number=2)
    store(database, kept, gone)
    store(database, song("A", "T", number=1, absorbs=[gone.identity.song_id]))
    keys = [f"isrc:{isrc(1)}", f"spotify:{spotify_id(1)}", name_key("A", "T"), f"isrc:{isrc(2)}", name_key("A", "T 2")]
    owners = ask(database, lambda reader: reader.owners([*keys, name_key("no", "body")]))
    known = KnownSong(kept.identity.song_id, f"isrc:{isrc(1)}", "A", "T", isrc(1), spotify_id(1), 200_000)
    # Both versions are equally complete and played; the greater Spotify id wins.
    assert set(owners) == set(keys)
    assert {(each.song_id, each.canonical_id) for each in owners.values()} == {(known.song_id, known.canonical_id)}


@pytest.mark.parametrize(
    ("stored", "known"),
    [
        (song("A", "T", 7, number=1), (f"isrc:{isrc(1)}", isrc(1), spotify_id(1), 200_000, 7)),
        (song("A", "T", 7), (name_key("A", "T"), None, None, None, 7)),
    ],
)
def test_what_is_known_of_a_song(database: Database, stored: Song, known: Any) -> None:
    store(database, stored)
    key = name_key("A", "T")
    told = ask(database, lambda reader: reader.owners([key]))[key]
    assert (told.canonical_id, told.isrc, told.spotify_id, told.duration_ms, told.plays) == known


def test_a_song_nobody_counted_is_known_all_the_same(database: Database) -> None:
    store(database, song("A", "T", 7))
    with database.connect() as connection:
        connection.execute("DELETE FROM lastfm_stats")
    assert ask(database, lambda reader: reader.owners([name_key("A", "T")]))[name_key("A", "T")].plays == 0


class Counting(PostgresLink):
    queries = 0

    async def call(self, function: str, arguments: Mapping[str, Any]) -> Any:
        type(self).queries += 1
        return await super().call(function, arguments)


def test_many_askers_share_one_query(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    store(database, *(song("A", str(n), number=n) for n in range(100)))
    remember(database, *(answer(name_key("A", str(n)), number=n) for n in range(100)))
    monkeypatch.setattr(database, "link", lambda: Counting(database.connect_async))

    async def work(reader: Reader) -> list[Any]:
        asked = (
            reader.song(key, [("spotify", key), ("open", key)]) for key in (name_key("A", str(n)) for n in range(100))
        )
        return await asyncio.gather(*asked)

    Counting.queries = 0
    told = ask(database, work)
    assert Counting.queries == 1
    for n, (known, answers) in enumerate(told):
        assert known.title == str(n)
        assert [each.values for each in answers.values()] == [{"number": n}]


def test_a_reader_outlives_its_connection(database: Database) -> None:
    remember(database, FULL)

    async def work(reader: Reader) -> None:
        assert await reader.answer("aoty", "album:x")
        look(database, "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE datname = current_database() AND pid <> pg_backend_pid()")  # fmt: skip
        assert await reader.answer("aoty", "album:x")

    ask(database, work)


def test_without_a_database_nothing_is_known_and_the_run_goes_on(caplog: pytest.LogCaptureFixture) -> None:
    async def run() -> None:
        reader = Reader(database_at("postgresql://u:hunter2@127.0.0.1:1/db"), retry_attempts=1, retry_delay=0.01)
        for _ in range(3):
            assert await reader.song("hash:x", [("spotify", "hash:x")]) == (None, {})
        assert reader.blind
        await reader.close()

    asyncio.run(run())
    assert len(caplog.records) == 1
    assert "hunter2" not in caplog.text


def test_a_database_that_is_away_is_tried_later_each_time_and_once_a_question_from_then_on(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    async def away(*_: object, **__: object) -> Known:
        tried.append(asyncio.get_running_loop().time())
        if len(tried) > 6:
            return Known()
        raise psycopg.OperationalError("gone")

    async def work() -> list[tuple[int, bool]]:
        reader = Reader(database_at("postgresql://u@127.0.0.1:1/db"), retry_attempts=3, retry_delay=1)
        told = []
        for _ in range(3):
            assert await reader.answer("aoty", "album:x") is None
            told.append((len(tried), reader.blind))
        return told

    tried: list[float] = []
    monkeypatch.setattr("timbre_spider.storage.recall.recall", away)
    assert in_fake_time(work()) == [(5, True), (6, True), (7, False)]
    # A lost connection is made anew at once.
    assert tried == [0, 0, 1, 3, 7, 7, 7]


def test_unless_told_otherwise_a_database_that_is_away_is_waited_for_half_a_minute(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    async def away(*_: object, **__: object) -> Known:
        tried.append(asyncio.get_running_loop().time())
        raise psycopg.OperationalError("gone\n away")

    async def work() -> None:
        reader = Reader(database_at("postgresql://u@127.0.0.1:1/db"))
        assert not reader.blind
        assert await reader.answer("aoty", "album:x") is None

    tried: list[float] = []
    monkeypatch.setattr("timbre_spider.storage.recall.recall", away)
    in_fake_time(work())
    assert tried == [0, 0, 1, 3, 7, 15, 31]
    assert caplog.messages == ["The database cannot be asked what is known (gone away); the run goes on without."]


def test_an_error_of_its_own_is_told_to_all_who_ask_together(monkeypatch: pytest.MonkeyPatch) -> None:
    async def wrong(*_: object, **__: object) -> Known:
        raise KeyError("wrong")

    async def work() -> list[Any]:
        reader = Reader(database_at("postgresql://u@127.0.0.1:1/db"))
        asked = [asyncio.create_task(reader.answer("aoty", f"album:{n}")) for n in range(3)]
        await asyncio.sleep(0)
        asked[1].cancel()
        told = await asyncio.gather(*asked, return_exceptions=True)
        await reader.close()
        return [type(each) for each in told]

    monkeypatch.setattr("timbre_spider.storage.recall.recall", wrong)
    assert asyncio.run(work()) == [KeyError, asyncio.CancelledError, KeyError]


def test_who_waits_when_it_is_closed_is_cancelled(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    async def work() -> list[Any]:
        reader = Reader(database)
        with database.connect() as other, other.transaction():
            other.execute("LOCK TABLE answers IN ACCESS EXCLUSIVE MODE")
            first = asyncio.create_task(reader.answer("aoty", "album:x"))
            async with asyncio.timeout(20):
                while not await asyncio.to_thread(look, database, "SELECT pid FROM pg_locks WHERE NOT granted"):
                    await asyncio.sleep(0.01)
            second = asyncio.create_task(reader.answer("aoty", "album:y"))
            await asyncio.sleep(0)
            await reader.close()
            return [type(each) for each in await asyncio.gather(second, return_exceptions=True)] + [first.cancel()]

    assert asyncio.run(work()) == [asyncio.CancelledError, True]


def test_what_is_due_is_told_by_the_reader_s_clock_and_its_run_s_start(database: Database) -> None:
    """What this run has asked it does not ask again, whatever the answer was."""
    checked = NOW + timedelta(days=3)
    remember(database, Answer("aoty", "album:x", Outcome.FOUND, NOW, checked, {"a": 1}, 0.9, "high", ""))

    async def due(started: int, at: int) -> bool:
        reader = Reader(database, run_started=NOW + timedelta(days=started), clock=lambda: NOW + timedelta(days=at))
        try:
            told = await reader.answer("aoty", "album:x")
        finally:
            await reader.close()
        assert told is not None
        assert (told.asked_at, told.next_check) == (NOW, checked)
        return told.due

    cases = [(1, 2), (1, 4), (-1, 4), (0, 4)]
    assert [asyncio.run(due(*case)) for case in cases] == [False, True, False, False]


def test_a_long_key_is_asked_about_as_it_is_kept_and_told_as_it_was_asked(database: Database) -> None:
    keys = ["k" * 400 + end for end in "ab"]
    remember(database, *(answer(key, n=n) for n, key in enumerate(keys)))
    questions = [("spotify", key) for key in [*keys, "k" * 400]]
    told = ask(database, lambda reader: reader.answers(questions))
    assert [(key, each.values) for (_, key), each in told.items()] == [(keys[0], {"n": 0}), (keys[1], {"n": 1})]
    assert ask(database, lambda reader: reader.answers([])) == {}


def test_what_others_played_is_asked_of_the_database(database: Database) -> None:
    mine, theirs = song("A", "T", 3), song("A", "T", 50, listener="you")
    store(database, mine, theirs)
    assert mine.identity is not None
    song_id = mine.identity.song_id
    for listener, plays in (("me", 50), ("you", 3), ("nobody", 53)):
        assert ask(database, lambda reader, name=listener: reader.plays_of_others(song_id, name)) == plays


def test_where_the_catalogue_cannot_be_asked_all_is_unrated_and_nothing_known() -> None:
    async def work() -> list[object]:
        reader = Reader(database_at("postgresql://u@127.0.0.1:1/db"))
        try:
            return [
                await reader.unrated([7, 8], NOW),
                await reader.albums(["ann"], "ann|tide"),
                await reader.albums_on_spotify(["ann"]),
                await reader.plays_of_others(UUID(int=1), "ann"),
            ]
        finally:
            await reader.close()

    assert asyncio.run(work()) == [{7, 8}, [], [], 0]


def test_who_asks_no_more_keeps_nobody_s_answer(database: Database) -> None:
    remember(database, FULL)

    async def work(reader: Reader) -> Answer | None:
        gone = asyncio.create_task(reader.answer("aoty", "album:x"))
        waits = asyncio.create_task(reader.answer("aoty", "album:x"))
        await asyncio.sleep(0)
        gone.cancel()
        async with asyncio.timeout(20):
            return await waits

    assert ask(database, work) == FULL


def test_a_database_without_the_schema_says_what_to_do(empty_database: Database) -> None:
    with pytest.raises(DatabaseUnreachable, match="timbre db migrate"):
        counts(empty_database)


def test_recall_of_nothing(database: Database) -> None:
    async def run() -> Any:
        link = database.link()
        try:
            return await recall(link)
        finally:
            await link.close()

    known = asyncio.run(run())
    assert (known.songs, known.answers) == ({}, {})


def test_a_run_is_recorded(database: Database) -> None:
    runs = Runs(database)
    run_id = runs.start("lastfm_top", sandbox=True, listener="me", parameters={"max": 5})
    runs.finish(run_id, "finished", {"songs": 5, "odd": "\x00\ud800"})
    assert look(database, "SELECT id, spider, listener, sandbox, parameters, finish_reason, summary FROM runs") == [
        (run_id, "lastfm_top", "me", True, {"max": 5}, "finished", {"songs": 5, "odd": "\ufffd\ufffd"})
    ]
    assert isinstance(run_id, UUID)


def test_counts(database: Database) -> None:
    store(
        database,
        song("A", "T", number=1, aoty=album(1), open=told_openly(1)),
        song("B", "U", number=2),
        song("C", "V", rows=[ChartRow("C", "V", 1, 1), ChartRow("C", "v", 1, 1)], isrc=isrc(7)),
        *(song("D", str(n)) for n in range(3)),
    )
    store(database, song("D", "0", absorbs=[song("D", "1").identity.song_id]))
    remember(database, FULL)
    with database.connect() as connection:
        connection.execute(
            """INSERT INTO rejects SELECT timbre_alias_id('me', '', n::text), 'me', '', n::text, 1, 'x'
                FROM generate_series(1, 7) n;
            INSERT INTO overrides (kind, subject, object) SELECT 'same', 'a', n::text FROM generate_series(1, 8) n;
            INSERT INTO runs (id, spider, sandbox) SELECT gen_random_uuid(), 'x', true FROM generate_series(1, 9);
            INSERT INTO ratings_history (url) SELECT 'x' FROM generate_series(1, 10)"""
        )
    assert counts(database) == {
        "songs": 5, "with_isrc": 3, "with_spotify": 2, "with_aoty": 1, "spotify_attrs": 2, "open_attrs": 1,
        "lastfm_stats": 5, "aoty_attrs": 1, "aliases": 7, "song_keys": 10, "song_redirects": 1, "ratings_history": 10,
        "answers": 1, "rejects": 7, "overrides": 8, "runs": 9,
    }  # fmt: skip
