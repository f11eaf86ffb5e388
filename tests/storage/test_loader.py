"""What becomes of each write of a batch: by what the database reports, and by how it refuses."""

import asyncio
import json
from collections.abc import Callable, Coroutine
from functools import wraps
from pathlib import Path
from typing import Any
from uuid import UUID

import psycopg
import pytest

from tests.storage.making import answer, song
from timbre_spider.items import ChartRow
from timbre_spider.storage.failure import FailureKind, RestFailure
from timbre_spider.storage.loader import Loader
from timbre_spider.storage.pending_write import PendingWrite, Receipt, Status

pytestmark = pytest.mark.unit

GONE, SLOW, POISON = (RestFailure(f"Supabase says {kind.name}", kind, kind.name) for kind in FailureKind)
A, B, C, D = (UUID(int=number) for number in range(1, 5))


class Answers:
    """In place of a link: answers each load by what `judge` makes of it, and remembers it."""

    def __init__(self, judge: Callable[[list[PendingWrite]], Any]) -> None:
        self.judge = judge
        self.loads: list[list[Any]] = []

    async def load(self, writes: list[PendingWrite]) -> Any:
        self.loads.append([(write.kind, [row[5] if write.kind == "songs" else row[1] for row in write.rows])
            for write in writes])  # fmt: skip
        told = self.judge(writes)
        if isinstance(told, Exception):
            raise told
        return told


def in_a_loop(test: Callable[..., Coroutine[Any, Any, None]]) -> Callable[..., None]:
    @wraps(test)
    def run(**fixtures: Any) -> None:
        asyncio.run(test(**fixtures))

    return run


def songs(*ids: UUID) -> list[PendingWrite]:
    return [PendingWrite.of_song(song("S", f"T{each.int}", song_id=each)) for each in ids]


def answers(*keys: str) -> PendingWrite:
    return PendingWrite.of_answers([answer(key) for key in keys])


def receipts(writes: list[PendingWrite]) -> list[Receipt]:
    return [write.receipt.result() for write in writes]


@pytest.mark.parametrize(
    ("report", "expected"),
    [
        ({}, [Receipt(Status.STORED, A), Receipt(Status.STORED, B)]),
        ({"new": [1]}, [Receipt(Status.STORED, A), Receipt(Status.STORED, B, True)]),
        ({"new": None, "moved": None, "gone": None}, [Receipt(Status.STORED, A), Receipt(Status.STORED, B)]),
        ({"contested": [0]}, [Receipt(Status.CONTESTED, A), Receipt(Status.STORED, B)]),
        ({"moved": {"1": str(C)}}, [Receipt(Status.STORED, A), Receipt(Status.MERGED, C)]),
        (
            {"gone": {str(B): str(C), str(C): str(D)}},
            [Receipt(Status.STORED, A, gone=(B, C)), Receipt(Status.MERGED, D, gone=(B, C))],
        ),
        ({"moved": {"0": str(B)}, "contested": [0]}, [Receipt(Status.CONTESTED, B), Receipt(Status.STORED, B)]),
    ],
)
@in_a_loop
async def test_a_receipt_says_what_the_report_says(tmp_path: Path, report: Any, expected: list[Receipt]) -> None:
    writes = songs(A, B)
    await Loader(Answers(lambda _: report), tmp_path).load(writes)
    assert receipts(writes) == expected


@in_a_loop
async def test_what_is_to_come_again_is_loaded_alone_and_in_order(tmp_path: Path) -> None:
    reports = iter([{"again": [2, 1], "new": [0]}, {"again": [1]}, {"new": [0]}])
    link, writes = Answers(lambda _: next(reports)), songs(A, B, C)
    await Loader(link, tmp_path).load(writes)
    assert [[row for _, row in load] for load in link.loads] == [[["S"]] * 3, [["S"]] * 2, [["S"]]]
    assert receipts(writes) == [
        Receipt(Status.STORED, A, True), Receipt(Status.STORED, B), Receipt(Status.STORED, C, True),
    ]  # fmt: skip


@in_a_loop
async def test_what_is_settled_is_not_loaded_again(tmp_path: Path) -> None:
    link, writes = Answers(lambda _: {}), [answers("a"), answers("b")]
    writes[0].settle(Receipt(Status.SPOOLED))
    for _ in range(2):
        await Loader(link, tmp_path).load(writes)
    assert link.loads == [[("answers", ["b"])]]


@pytest.mark.parametrize("error", [GONE, psycopg.OperationalError("away"), OSError("away")])
@in_a_loop
async def test_a_database_that_is_gone_is_told_of_and_nothing_is_settled(tmp_path: Path, error: Exception) -> None:
    link, writes = Answers(lambda _: error), [answers("a"), answers("b")]
    with pytest.raises(type(error)):
        await Loader(link, tmp_path).load(writes)
    assert len(link.loads) == 1
    assert not any(write.settled for write in writes)


@in_a_loop
async def test_what_takes_too_long_is_tried_in_halves_and_alone_it_is_given_up(tmp_path: Path) -> None:
    link = Answers(lambda writes: SLOW if len(writes) > 1 else {})
    writes = [answers(key) for key in "abc"]
    await Loader(link, tmp_path).load(writes)
    sizes = [len(load) for load in link.loads]
    assert sizes == [3, 1, 2, 1, 1]
    assert all(write.settled for write in writes)
    alone = answers("d", "e")
    with pytest.raises(RestFailure):
        await Loader(Answers(lambda _: SLOW), tmp_path).load([alone])
    assert not alone.settled
    assert kept(tmp_path) == []


def kept(folder: Path) -> list[Any]:
    return [json.loads(line) for path in sorted(folder.iterdir()) for line in path.read_text().splitlines()]


@in_a_loop
async def test_of_several_answers_the_poisonous_one_alone_is_set_aside(tmp_path: Path) -> None:
    def judge(writes: list[PendingWrite]) -> Any:
        return POISON if any(row[1] == "bad" for write in writes for row in write.rows) else {}

    link, writes = Answers(judge), [answers("a"), answers("b", "bad", "c"), answers("d")]
    loader = Loader(link, tmp_path)
    await loader.load(writes)
    loaded = [key for load in link.loads if judge_of(load) for _, keys in load for key in keys]
    assert sorted(loaded) == ["a", "b", "c", "d"]
    assert receipts(writes) == [Receipt(Status.STORED)] * 3
    assert dict(loader.set_aside) == {"answers": 1}
    [aside] = kept(tmp_path)
    assert (aside["kind"], [row[1] for row in aside["rows"]], aside["reason"]) == ("answers", ["bad"], "POISON")


def judge_of(load: list[Any]) -> bool:
    return not any("bad" in keys for _, keys in load)


@in_a_loop
async def test_a_poisonous_song_s_rows_are_rejected_with_the_reason_and_plays_that_fit(tmp_path: Path) -> None:
    rows = [ChartRow("P", "T", 2**70, 1), ChartRow("P", "U", -5, 2), ChartRow("P", "V", 7, 3)]
    rejected: list[Any] = []

    def judge(writes: list[PendingWrite]) -> Any:
        rejected.extend(row for write in writes if write.kind == "rejects" for row in write.rows)
        return {} if writes[0].kind == "rejects" else POISON

    [write] = [PendingWrite.of_song(song("P", "T", song_id=A, rows=rows))]
    loader = Loader(Answers(judge), tmp_path)
    await loader.load([write])
    reason = "database: POISON"
    assert rejected == [
        ("me", "P", "T", 2**62, reason), ("me", "P", "U", 0, reason), ("me", "P", "V", 7, reason),
    ]  # fmt: skip
    assert receipts([write]) == [Receipt(Status.SET_ASIDE, A, reason="POISON")]
    assert loader.set_aside["songs"] == 1
    [aside] = kept(tmp_path)
    assert (aside["kind"], len(aside["aliases"]), aside["reason"]) == ("songs", 3, "POISON")


@in_a_loop
async def test_a_song_is_set_aside_though_its_rows_cannot_be_rejected(tmp_path: Path) -> None:
    [write] = songs(A)
    await Loader(Answers(lambda writes: GONE if writes[0].kind == "rejects" else POISON), tmp_path).load([write])
    assert receipts([write]) == [Receipt(Status.SET_ASIDE, A, reason="POISON")]


@pytest.mark.parametrize(
    ("error", "reason"),
    [
        (RestFailure("Supabase says no", FailureKind.POISON, "x" * 400), "x" * 300),
        (RestFailure("Supabase says no", FailureKind.POISON), "Supabase says no"),
        (psycopg.DataError("no such text"), "no such text"),
        (ValueError("cannot be written"), "cannot be written"),
        (ValueError(), "ValueError"),
    ],
)
@in_a_loop
async def test_a_reason_is_what_the_database_said_else_the_error_itself(
    tmp_path: Path, error: Exception, reason: str
) -> None:
    [write] = songs(A)
    await Loader(Answers(lambda _: error), tmp_path).load([write])
    assert receipts([write])[0].reason == reason


class Noting:
    """In place of the copies in Redis."""

    def __init__(self, link: Answers) -> None:
        self.link = link
        self.told: list[Any] = []

    def change(self, questions: Any) -> None:
        self.told.append((list(questions), len(self.link.loads)))


@in_a_loop
async def test_copies_of_answers_are_told_before_the_ledger_is(tmp_path: Path) -> None:
    link = Answers(lambda _: {})
    hot = Noting(link)
    await Loader(link, tmp_path, hot).load([answers("a", "b"), *songs(A), answers("c")])
    await Loader(link, tmp_path, hot).load(songs(B))
    assert hot.told == [([("spotify", "a"), ("spotify", "b"), ("spotify", "c")], 0)]
    assert len(link.loads) == 2
