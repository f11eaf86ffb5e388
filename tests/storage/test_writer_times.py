"""When the writer loads, tries again, gives up and closes: in fake time, over a loader that is told what to do."""

import asyncio
import itertools
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import psycopg
import pytest

from tests.sources.fake_time import run as in_fake_time
from tests.storage.making import answer, song
from tests.storage.test_albums import FULL, seen
from timbre_spider.config import load_config
from timbre_spider.items import Reject
from timbre_spider.storage import waiting, writer
from timbre_spider.storage.database import Database
from timbre_spider.storage.loader import Loader
from timbre_spider.storage.pending_write import Receipt, Status
from timbre_spider.storage.writer import Writer

pytestmark = pytest.mark.integration


def now() -> float:
    return asyncio.get_running_loop().time()


@pytest.fixture
def time_is_fake(monkeypatch: pytest.MonkeyPatch) -> None:
    for module in (waiting, writer):
        monkeypatch.setattr(module, "time", SimpleNamespace(monotonic=now))


@pytest.mark.usefixtures("time_is_fake")
def test_a_database_that_is_away_is_tried_later_each_time_then_left_alone_for_half_a_minute(
    database: Database, spool_dir: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def is_away(loader: Loader, writes: Any) -> None:
        tried.append(now())
        raise psycopg.OperationalError("gone")

    async def work() -> list[int]:
        kept = []
        filled = Writer(database, spool_dir=spool_dir, max_wait=0, retry_attempts=8, retry_delay=1)
        await filled.open()
        for seconds in (0, 1, 28.9, 0.2, 29, 2):
            await asyncio.sleep(seconds)
            receipt = await filled.store(song())
            kept.append((receipt.status.value, len(tried)))
        await filled.close()
        return kept

    tried: list[float] = []
    monkeypatch.setattr(Loader, "load", is_away)
    assert in_fake_time(work()) == [("spooled", each) for each in (9, 9, 9, 10, 10, 11)]
    # Twice as long each time, a minute at most.
    assert [later - before for before, later in itertools.pairwise(tried[:9])] == [1, 2, 4, 8, 16, 32, 60, 60]


NOWHERE = Database("host=127.0.0.1 port=1 dbname=x", "nowhere")


@dataclass
class Loads:
    """In place of a loader's loading: when, and what kinds of writes; `judge` may raise, or wait."""

    judge: Callable[[], Awaitable[None] | None] = lambda: None
    told: list[tuple[float, list[str]]] = field(default_factory=list)

    async def load(self, loader: Loader, writes: Any) -> None:
        self.told.append((now(), [write.kind for write in writes]))
        waits = self.judge()
        if waits is not None:
            await waits
        for write in writes:
            write.settle(Receipt(Status.STORED, write.song_id))


@pytest.fixture
def loads(monkeypatch: pytest.MonkeyPatch, time_is_fake: None) -> Loads:
    loads = Loads()

    async def load(loader: Loader, writes: Any) -> None:
        await loads.load(loader, writes)

    monkeypatch.setattr(Loader, "load", load)
    return loads


def gone() -> None:
    raise psycopg.OperationalError("gone")


def test_unless_told_otherwise_songs_wait_a_fifth_of_a_second_and_500_are_a_batch(
    spool_dir: Path, loads: Loads
) -> None:
    async def work() -> None:
        made = Writer(NOWHERE, spool_dir=spool_dir)
        await made.open()
        await asyncio.gather(*(made.store(song("A", str(n))) for n in range(501)))
        await asyncio.sleep(1)
        await made.record([answer()])
        await asyncio.sleep(1)
        await made.close()

    in_fake_time(work())
    assert [(pytest.approx(when), len(kinds)) for when, kinds in loads.told] == [(0, 500), (0.2, 1), (1.3, 1)]


def test_unless_told_otherwise_it_tries_for_half_a_minute(
    spool_dir: Path, loads: Loads, caplog: pytest.LogCaptureFixture
) -> None:
    async def work() -> None:
        made = Writer(NOWHERE, spool_dir=spool_dir, max_wait=0)
        await made.open()
        assert (await made.store(song())).status == "spooled"
        await made.close()

    loads.judge = gone
    in_fake_time(work())
    assert [when for when, _ in loads.told] == [0, 1, 3, 7, 15, 31]
    tried, given_up = caplog.messages[:5], caplog.messages[5:]
    assert tried[0] == "The database did not take a batch (gone); trying again in 1 s."
    assert [line.partition("(gone). ")[0] for line in given_up] == ["The database is gone "]


def test_once_it_is_back_it_is_tried_as_at_first(
    spool_dir: Path, loads: Loads, caplog: pytest.LogCaptureFixture
) -> None:
    async def work() -> list[tuple[str, int]]:
        made = Writer(NOWHERE, spool_dir=spool_dir, max_wait=0, retry_attempts=2)
        await made.open()
        told = []
        for judge in (gone, lambda: None, gone):
            await asyncio.sleep(31)
            loads.judge = judge
            told.append(((await made.store(song())).status.value, len(loads.told)))
        await made.close()
        return told

    assert in_fake_time(work()) == [("spooled", 3), ("stored", 4), ("spooled", 7)]
    assert [line for line in caplog.messages if line.startswith("The database is gone")] == [caplog.messages[2]] * 2


def test_it_works_as_the_configuration_says(tmp_path: Path, database: Database, loads: Loads) -> None:
    async def work() -> None:
        config = load_config(
            _env_file=None, data_dir=tmp_path, db_batch_size=7, db_retry_attempts=2, db_retry_delay=0.5
        )
        made = Writer.from_config(database, config)
        await made.open()
        receipts = await asyncio.gather(*(made.store(song("A", str(n))) for n in range(7)))
        assert {each.status for each in receipts} == {"spooled"}
        await made.close()

    loads.judge = gone
    in_fake_time(work())
    assert [(when, len(kinds)) for when, kinds in loads.told] == [(0, 7), (0.5, 7), (1.5, 7)]
    assert len(list((tmp_path / "spool").glob("*.jsonl"))) == 1


def test_an_error_of_its_own_spools_too_and_is_told_with_where_it_happened(
    spool_dir: Path, loads: Loads, caplog: pytest.LogCaptureFixture
) -> None:
    def wrong() -> None:
        raise KeyError("wrong")

    async def work() -> None:
        made = Writer(NOWHERE, spool_dir=spool_dir, max_wait=0, retry_attempts=1)
        await made.open()
        assert (await made.store(song())).status == "spooled"
        await made.close()

    loads.judge = wrong
    in_fake_time(work())
    assert [record.exc_info is not None for record in caplog.records] == [True, False, True, False]
    assert "(KeyError)" in caplog.messages[1]


@pytest.mark.parametrize("kind", ["record", "catalogue", "reject"])
def test_who_tells_much_waits_until_there_is_room(spool_dir: Path, loads: Loads, kind: str) -> None:
    """Songs wait for their receipts; of what is queued ten batches wait at most."""
    told: dict[str, Any] = {
        "record": answer(), "catalogue": seen(FULL), "reject": Reject("me", "", "T", 1, "x")
    }  # fmt: skip

    async def work() -> list[bool]:
        may_load = asyncio.Event()
        loads.judge = may_load.wait  # type: ignore[assignment]
        made = Writer(NOWHERE, spool_dir=spool_dir, batch_size=2)
        await made.open()
        tell = getattr(made, kind)
        for _ in range(11):  # two are on their way
            await tell([told[kind]] * 2)
        more = asyncio.create_task(tell([told[kind]]))
        await asyncio.sleep(60)
        done = [more.done()]
        may_load.set()
        await more
        await made.close()
        return [*done, more.done()]

    assert in_fake_time(work()) == [False, True]
    assert sum(len(kinds) for _, kinds in loads.told) == 12


def test_nothing_told_is_nothing_queued(spool_dir: Path, loads: Loads) -> None:
    async def work() -> None:
        made = Writer(NOWHERE, spool_dir=spool_dir)
        for tell in (made.record, made.catalogue, made.reject):
            await tell([])  # not even to a writer that is not open
        await made.open()
        await made.open()  # once more is no harm
        assert len(made._tasks) == 3
        await made.flush()
        await made.close()

    in_fake_time(work())
    assert loads.told == []


def test_closing_waits_five_seconds_for_what_is_on_its_way_and_no_more(spool_dir: Path, loads: Loads) -> None:
    async def work(takes: float) -> tuple[str, float]:
        loads.judge = lambda: asyncio.sleep(takes)
        made = Writer(NOWHERE, spool_dir=spool_dir, max_wait=0)
        await made.open()
        waits = asyncio.create_task(made.store(song()))
        await asyncio.sleep(1)
        began = now()
        await made.close()
        return (await waits).status.value, round(now() - began, 1)

    assert in_fake_time(work(5.9)) == ("stored", 4.9)
    assert in_fake_time(work(3600)) == ("spooled", 5.0)


def test_closing_does_not_wait_for_the_next_try(spool_dir: Path, loads: Loads) -> None:
    async def work() -> tuple[str, int]:
        made = Writer(NOWHERE, spool_dir=spool_dir, max_wait=0, retry_delay=3600)
        await made.open()
        waits = asyncio.create_task(made.store(song()))
        await asyncio.sleep(1)
        await made.close()
        assert now() == 1
        return (await waits).status.value, len(loads.told)

    loads.judge = gone
    assert in_fake_time(work()) == ("spooled", 2)


def test_songs_have_two_lines_and_answers_one_of_their_own(spool_dir: Path, loads: Loads) -> None:
    async def work() -> list[list[str]]:
        loads.judge = lambda: asyncio.sleep(3600)
        made = Writer(NOWHERE, spool_dir=spool_dir, max_wait=0, batch_size=1)
        await made.open()
        waits = [asyncio.create_task(made.store(song("A", str(n)))) for n in range(4)]
        for n in range(4):
            await made.record([answer(f"hash:{n}")])
        await asyncio.sleep(1)
        at_once = [kinds for _, kinds in loads.told]
        await made.close()
        await asyncio.gather(*waits)
        return sorted(at_once)

    assert in_fake_time(work()) == [["answers"], ["songs"], ["songs"]]


@pytest.mark.parametrize("has_room", [True, False])
def test_what_is_spooled_and_what_is_lost_are_counted_in_songs(spool_dir: Path, loads: Loads, has_room: bool) -> None:
    async def work() -> tuple[int, int, Any, Any]:
        made = Writer(NOWHERE, spool_dir=spool_dir, max_wait=0, retry_attempts=0)
        await made.open()
        await made.record([answer()])
        first, other = song(), song("B", "U")
        receipts = await asyncio.gather(made.store(first), made.store(other))
        await made.close()
        assert [each.song_id for each in receipts] == [each.identity.song_id for each in (first, other)]
        return made.spooled, made.lost, receipts[0].status.value, receipts[0].reason

    if not has_room:
        spool_dir.write_text("a file in its place")
    loads.judge = gone
    spooled, lost, status, reason = in_fake_time(work())
    assert (spooled, lost, status) == ((2, 0, "spooled") if has_room else (0, 2, "set_aside"))
    assert reason.startswith("" if has_room else "the spool cannot be written: [Errno 17]")


def test_work_is_refused_while_it_closes(spool_dir: Path, loads: Loads) -> None:
    async def work() -> None:
        made = Writer(NOWHERE, spool_dir=spool_dir)
        await made.open()
        await made.close()
        with pytest.raises(RuntimeError, match="between open"):
            await made.store(song())
        with pytest.raises(RuntimeError, match="between open"):
            await made.record([answer()])

    in_fake_time(work())
