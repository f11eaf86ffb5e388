"""Batches: when they are flushed, what is set aside, what survives."""

import asyncio
import json
import time
from datetime import timedelta
from pathlib import Path
from typing import Any

import psycopg
import pytest

from tests.storage.making import NOW, album, answer, look, name_key, song, store, track
from timbre_spider.items import Reject
from timbre_spider.storage.database import Database
from timbre_spider.storage.recall import Reader
from timbre_spider.storage.writer import Writer

pytestmark = pytest.mark.integration


def run(database: Database, spool_dir: Path, work: Any, **options: Any) -> Any:
    """`await work(writer)` between open and close."""

    async def inner() -> Any:
        writer = Writer(database, spool_dir=spool_dir, **options)
        await writer.open()
        try:
            return await work(writer)
        finally:
            await writer.close()

    return asyncio.run(inner())


def test_a_lone_song_waits_for_others_and_not_for_ever(database: Database, spool_dir: Path) -> None:
    async def work(writer: Writer) -> float:
        await writer.store(song("warm", "up"))
        started = time.monotonic()
        await writer.store(song())
        return time.monotonic() - started

    assert run(database, spool_dir, work, max_wait=0.2) > 0.19


def test_a_full_batch_does_not_wait(database: Database, spool_dir: Path) -> None:
    async def work(writer: Writer) -> None:
        async with asyncio.timeout(30):
            await asyncio.gather(*(writer.store(song("A", str(n))) for n in range(10)))

    run(database, spool_dir, work, batch_size=10, max_wait=3600)


def test_a_stored_song_is_seen_by_others(database: Database, spool_dir: Path) -> None:
    async def work(writer: Writer) -> None:
        for n in range(3):
            await writer.store(song("A", str(n)))
            assert len(look(database, "SELECT id FROM songs")) == n + 1

    run(database, spool_dir, work, max_wait=0.01)


def test_answers_are_committed_within_a_moment_on_their_own(database: Database, spool_dir: Path) -> None:
    async def work(writer: Writer) -> None:
        await writer.record([answer("hash:1"), answer("hash:2")])
        async with asyncio.timeout(30):
            while sorted(look(database, "SELECT key FROM answers")) != ["hash:1", "hash:2"]:
                await asyncio.sleep(0.01)

    run(database, spool_dir, work, max_wait=3600)


def test_an_answer_does_not_wait_for_songs_that_cannot_be_merged_yet(database: Database, spool_dir: Path) -> None:
    async def work(writer: Writer) -> None:
        with database.connect() as other, other.transaction():
            other.execute("SELECT timbre_lock_songs()")
            storing = [asyncio.create_task(writer.store(song("A", str(n)))) for n in range(4)]
            async with asyncio.timeout(30):
                await asyncio.sleep(0)
                await writer.record([answer("hash:1")])
                await writer.flush(songs=False)
                assert look(database, "SELECT key FROM answers")
            assert not any(task.done() for task in storing)
        await asyncio.gather(*storing)

    run(database, spool_dir, work, batch_size=1)


def test_the_newest_answer_stands(database: Database, spool_dir: Path) -> None:
    async def work(writer: Writer) -> None:
        for hours, value in ((0, "first"), (2, "newest"), (1, "late arrival")):
            await writer.record([answer("hash:1", at=NOW + timedelta(hours=hours), value=value)])
            await writer.flush()

    run(database, spool_dir, work)
    assert look(database, 'SELECT "values" FROM answers') == [{"value": "newest"}]


def test_answers_of_one_call_in_one_transaction(database: Database, spool_dir: Path) -> None:
    async def work(writer: Writer) -> None:
        await writer.record([answer(f"hash:{n}") for n in range(50)])
        await writer.flush()

    run(database, spool_dir, work, batch_size=7)
    assert len(set(look(database, "SELECT xmin::text FROM answers"))) == 1


def test_rejects_are_counted_until_the_row_is_stored(database: Database, spool_dir: Path) -> None:
    async def work(writer: Writer) -> None:
        await writer.reject([Reject("me", "A", "T", 5, "empty artist"), Reject("me", "B", "T", 5, "empty title")])
        await writer.reject([Reject("me", "A", "T", 5, "empty artist")])
        await writer.flush()
        assert sorted(look(database, "SELECT reason FROM rejects")) == ["empty artist", "empty title"]
        await writer.store(song("A", "T"))

    run(database, spool_dir, work)
    assert look(database, "SELECT reason FROM rejects") == ["empty title"]


POISON = {
    "score": lambda: song("P", "T", aoty=album(1, score=101.0)),
    "count": lambda: song("P", "T", aoty=album(1, count=-1)),
    "popularity": lambda: song("P", "T", spotify=track(1, popularity=101)),
    "duration": lambda: song("P", "T", spotify=track(1, duration_ms=2**40)),
    "isrc": lambda: song("P", "T", isrc="not one"),
    "spotify id": lambda: song("P", "T", spotify=track(-1)),
    "key": lambda: song("P", "T", keys=["hash:zz"]),
    "title": lambda: song("P", ""),
    "plays": lambda: song("P", "T", plays=2**40),
}


@pytest.mark.parametrize("kind", POISON)
def test_one_poisonous_song_is_set_aside_and_the_others_stay(database: Database, spool_dir: Path, kind: str) -> None:
    async def work(writer: Writer) -> list[Any]:
        songs = [song("A", str(n)) for n in range(20)]
        songs.insert(13, POISON[kind]())
        receipts = await asyncio.gather(*(writer.store(each) for each in songs))
        assert writer.set_aside == 1
        return receipts

    receipts = run(database, spool_dir, work)
    assert [n for n, each in enumerate(receipts) if each.status != "stored"] == [13]
    assert receipts[13].status == "set_aside"
    assert receipts[13].reason
    assert look(database, "SELECT count(*) FROM songs") == [20]
    assert look(database, "SELECT artist, reason FROM rejects") == [("P", f"database: {receipts[13].reason}")]
    [kept] = (spool_dir / "set_aside").glob("*.jsonl")
    assert json.loads(kept.read_text())["reason"] == receipts[13].reason


def test_a_poisonous_answer_does_not_take_its_neighbours_along(database: Database, spool_dir: Path) -> None:
    async def work(writer: Writer) -> None:
        bad = answer("hash:bad")
        object.__setattr__(bad, "score", 2.0)
        await writer.record([answer("hash:1"), bad, answer("hash:2")])
        await writer.flush()

    run(database, spool_dir, work)
    assert sorted(look(database, "SELECT key FROM answers")) == ["hash:1", "hash:2"]


NASTY = [
    "nul \x00 here",
    "half \ud800 pair",
    "tab\tnew\nline\r",
    "back\\slash \\N \\.",
    '{"quoted", }',
    "ｗｉｄｅ 😀 ñ",
    "x" * 10_000,
]


@pytest.mark.parametrize("text", NASTY)
def test_any_text_can_be_stored(database: Database, spool_dir: Path, text: str) -> None:
    kept = text.replace("\x00", "\ufffd").replace("\ud800", "\ufffd")
    odd = song(text, text, number=1, tags={text: 1}, aoty=album())
    key = f"artist:{text}"

    async def work(writer: Writer) -> None:
        await writer.record([answer(key, "lastfm", deep=[{text: [text]}])])
        await writer.reject([Reject("me", text, "T", 5, text)])
        assert (await writer.store(odd)).status == "stored"

    run(database, spool_dir, work)
    assert look(database, "SELECT artist, title FROM songs") == [(kept, kept)]
    assert look(database, "SELECT tags FROM lastfm_stats") == [{kept: 1}]
    assert look(database, 'SELECT "values" FROM answers') == [{"deep": [{kept: [kept]}]}]

    async def recall() -> Any:
        reader = Reader(database)
        try:
            return await reader.answer("lastfm", key)
        finally:
            await reader.close()

    assert asyncio.run(recall()).key == key


def test_numbers_that_are_no_json_become_null(database: Database, spool_dir: Path) -> None:
    async def work(writer: Writer) -> None:
        await writer.record([answer("hash:1", value=float("nan"), other=float("inf"))])

    run(database, spool_dir, work)
    assert look(database, 'SELECT "values" FROM answers') == [{"value": None, "other": None}]


def test_a_statement_over_the_timeout_is_tried_in_halves(new_database: Database, spool_dir: Path) -> None:
    """As on Supabase: its statement timeout cancels what takes too long."""
    with new_database.connect() as connection:
        connection.execute("CREATE FUNCTION slow() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN"
            " PERFORM pg_sleep(0.02); RETURN NEW; END $$")  # fmt: skip
        connection.execute("CREATE TRIGGER slow BEFORE INSERT ON songs FOR EACH ROW EXECUTE FUNCTION slow()")
        name = connection.execute("SELECT current_database()").fetchone()[0]
        connection.execute(psycopg.sql.SQL("ALTER DATABASE {} SET statement_timeout = '300ms'").format(
            psycopg.sql.Identifier(name)))  # fmt: skip
    receipts = store(new_database, *(song("A", str(n)) for n in range(40)), spool_dir=spool_dir, max_wait=0.05)
    assert {each.status for each in receipts} == {"stored"}


def test_closing_flushes(database: Database, spool_dir: Path) -> None:
    async def work(writer: Writer) -> None:
        for n in range(30):
            await writer.record([answer(f"hash:{n}")])

    run(database, spool_dir, work, max_wait=30)
    assert look(database, "SELECT count(*) FROM answers") == [30]


def test_closing_while_the_database_hangs_spools_within_seconds(database: Database, spool_dir: Path) -> None:
    blocker = database.connect()

    async def work() -> float:
        writer = Writer(database, spool_dir=spool_dir)
        await writer.open()
        waiting = asyncio.create_task(writer.store(song()))
        await asyncio.sleep(0.5)
        started = time.monotonic()
        await writer.close(within=1)
        took = time.monotonic() - started
        assert (await waiting).status == "spooled"
        return took

    try:
        with blocker.transaction():
            blocker.execute("SELECT timbre_lock_songs()")
            assert asyncio.run(work()) < 8
    finally:
        blocker.close()
    assert len(list(spool_dir.glob("*.jsonl"))) == 1


def test_work_is_refused_before_open_and_after_close(database: Database, spool_dir: Path) -> None:
    writer = Writer(database, spool_dir=spool_dir)
    with pytest.raises(RuntimeError, match="between open"):
        asyncio.run(writer.record([answer()]))


def test_two_writers_with_the_same_songs_neither_deadlock_nor_lose(database: Database, spool_dir: Path) -> None:
    first = [song("A", str(n), n + 1, number=n) for n in range(200)]
    second = [song("A", str(n), n + 1, number=n, listener="you") for n in reversed(range(200))]

    async def load(songs: list[Any]) -> set[str]:
        writer = Writer(database, spool_dir=spool_dir, batch_size=20)
        await writer.open()
        for n in range(200):
            await writer.record([answer(f"hash:{n if songs is first else 199 - n}")])
        receipts = await asyncio.gather(*(writer.store(each) for each in songs))
        await writer.close()
        return {each.status for each in receipts}

    async def both() -> None:
        assert await asyncio.gather(load(first), load(second)) == [{"stored"}, {"stored"}]

    asyncio.run(both())
    assert look(database, "SELECT count(*), sum(playcount) FROM song_features") == [(200, 2 * sum(range(1, 201)))]
    assert look(database, "SELECT count(*) FROM answers") == [200]


def test_name_keys_of_aliases(database: Database) -> None:
    store(database, song("A", "T", number=1))
    assert look(database, "SELECT name_key FROM aliases") == [name_key("A", "T")]
