"""What is due unless a moment is named, and which songs are there still; test_ledger.py has more of what is due."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest

from tests.storage.making import name_key, song, store
from tests.storage.test_recall import remember
from timbre_spider.items import Answer, ChartRow, Outcome
from timbre_spider.storage.database import Database
from timbre_spider.storage.due import due_rows, stale_keys, still_songs

pytestmark = pytest.mark.integration


def test_how_many_of_the_songs_are_there_still(database: Database) -> None:
    ids = [UUID(int=number) for number in (1, 2, 3)]
    store(database, *(song("A", title, song_id=each) for title, each in zip("TUV", ids, strict=True)))
    told = [str(each) for each in ids]
    assert [still_songs(database, told[:count]) for count in range(4)] == [0, 1, 2, 3]
    store(database, song("A", "T", song_id=ids[0], absorbs=[ids[1]]))
    assert still_songs(database, told) == 2
    assert still_songs(database, [told[1], str(UUID(int=9))]) == 0


def test_unless_a_moment_is_named_it_is_this_one(database: Database) -> None:
    rows = [ChartRow("A", title, 12 - rank, rank) for title, rank in (("past", 7), ("future", 8))]
    for row in rows:
        store(database, song("A", row.title, rows=[row], asked={("open", 0): name_key("A", row.title)}))
    now = datetime.now(UTC)
    for title, hours in (("past", -1), ("future", 1)):
        at = now + timedelta(hours=hours)
        remember(database, Answer("open", name_key("A", title), Outcome.FOUND, now - timedelta(days=9), at, {"a": 1}))
    assert due_rows(database, "me") == rows[:1]
    assert due_rows(database, "me", now + timedelta(hours=2)) == rows
    keys = [name_key("A", title) for title in ("past", "future")]
    assert stale_keys(database, "open", keys) == {keys[0]}
    assert stale_keys(database, "open", keys, now + timedelta(hours=2)) == set(keys)


def test_a_row_without_a_rank_has_none(database: Database) -> None:
    store(database, song("A", "T", rows=[ChartRow("A", "T", 5, 3)], asked={("open", 0): name_key("A", "T")}))
    with database.connect() as connection:
        connection.execute("UPDATE aliases SET rank = NULL")
    assert due_rows(database, "ME") == [ChartRow("A", "T", 5, 0)]
