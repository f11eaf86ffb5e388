"""What is loaded together: its tables, its way into a file and back, and who waits for it."""

import asyncio
import json
from collections.abc import Callable
from functools import wraps
from typing import Any
from uuid import UUID

import pytest

from tests.storage.making import answer, song, told_openly
from tests.storage.test_albums import FULL, seen
from timbre_spider.items import ChartRow, Reject
from timbre_spider.storage.pending_write import PendingWrite, Receipt, Status

pytestmark = pytest.mark.unit


def in_a_loop(test: Callable[..., None]) -> Callable[..., None]:
    @wraps(test)
    def run(**fixtures: Any) -> None:
        async def inner() -> None:
            test(**fixtures)

        asyncio.run(inner())

    return run


def a_song() -> PendingWrite:
    rows = [ChartRow("A", "T", 10, 1), ChartRow("a", "t", 2, 5, rule="case")]
    asked = {("spotify", 0): "hash:x", ("aoty", 0): "album:x"}
    return PendingWrite.of_song(song("A", "T", number=1, rows=rows, asked=asked, open=told_openly(1)))


WRITES: dict[str, tuple[Callable[[], PendingWrite], dict[str, int]]] = {
    "song": (a_song, {"songs": 1, "aliases": 2, "questions": 2}),
    "answers": (lambda: PendingWrite.of_answers([answer("hash:1"), answer("hash:2", ü="\ud800")]), {"answers": 2}),
    "albums": (lambda: PendingWrite.of_albums([seen(FULL)]), {"albums": 1}),
    "rejects": (lambda: PendingWrite.of_rejects([Reject("me", "", str(n), n, "x") for n in range(3)]), {"rejects": 3}),
}


@pytest.mark.parametrize("kind", WRITES)
@in_a_loop
def test_its_rows_go_into_the_tables_of_its_kind_and_come_back_from_a_file(kind: str) -> None:
    make, counts = WRITES[kind]
    write = make()
    assert {name: len(rows) for name, rows in write.tables()} == counts
    assert {name: len(lines) for name, lines in write.lines.items()} == counts
    assert write.size == next(iter(counts.values()))
    again = PendingWrite.from_json(json.loads(json.dumps(write.as_json())))
    assert (again.kind, again.song_id, again.lines) == (write.kind, write.song_id, write.lines)
    assert (write.settled, again.settled) == (False, False)


@in_a_loop
def test_a_song_knows_its_id() -> None:
    made = song("A", "T", song_id=UUID(int=7))
    assert PendingWrite.of_song(made).song_id == UUID(int=7)
    assert PendingWrite.of_answers([answer()]).song_id is None
    made.identity = None
    with pytest.raises(ValueError, match="after the dedup stage"):
        PendingWrite.of_song(made)


@in_a_loop
def test_who_waits_is_told_once_and_who_left_is_no_harm() -> None:
    write, left = PendingWrite.of_answers([answer()]), PendingWrite.of_answers([answer()])
    first = Receipt(Status.STORED)
    write.settle(first)
    write.settle(Receipt(Status.SPOOLED))
    assert (write.settled, write.receipt.result()) == (True, first)
    left.receipt.cancel()
    left.settle(first)
    assert left.settled
