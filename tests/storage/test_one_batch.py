"""What songs of one batch want of each other and of those that are there, and rows that tell less than others."""

from typing import Any
from uuid import UUID

import pytest

from tests.storage.making import isrc, look, name_key, rows_as_written, song, store
from tests.storage.test_merge_rules import load
from timbre_spider.items import ChartRow, Reject
from timbre_spider.storage.database import Database
from timbre_spider.storage.pending_write import PendingWrite

pytestmark = pytest.mark.integration

ONE, OTHER, THIRD = (UUID(int=number) for number in (1, 2, 3))
PLAYS = "SELECT s.title, l.playcount FROM songs s JOIN lastfm_stats l ON l.song_id = s.id ORDER BY 1"


def told(**values: Any) -> dict[str, Any]:
    """A song's row with nothing but what it must have."""
    return {"n": 0, "song_id": str(ONE), "canonical_id": name_key("A", "T"), "keys": [name_key("A", "T")],
        "artist": "A", "title": "T", "completeness": 0, "plays": 1, **values}  # fmt: skip


@pytest.mark.parametrize("values", [{}, {"absorbs": []}, {"taken_keys": []}])
def test_a_song_that_says_nothing_of_others_takes_nothing_from_them(database: Database, values: Any) -> None:
    store(database, song("B", "U", number=1, song_id=OTHER))
    keys = [f"isrc:{isrc(1)}", name_key("A", "T")]
    report = database.call("timbre_load", {"batch": {"songs": [told(keys=keys, **values)]}})
    assert report == {"new": [], "moved": {}, "gone": {}, "contested": [0], "again": []}
    report = database.call("timbre_load", {"batch": {"songs": [told(**values)]}})
    assert report == {"new": [0], "moved": {}, "gone": {}, "contested": [], "again": []}
    assert look(database, PLAYS) == [("T", 0), ("U", 10)]


def test_a_row_that_tells_neither_name_nor_rule_nor_rank_leaves_them(database: Database) -> None:
    alias = {"n": 0, "listener": "me", "artist": "A", "title": "T", "playcount": 5}
    known = {"name_key": name_key("A", "T"), "rule": "slip", "rank": 3}
    stored = "SELECT name_key, rule, rank, playcount FROM aliases"
    for more in (known, {}, {}):
        before = rows_as_written(database)
        database.call("timbre_load", {"batch": {"songs": [told()], "aliases": [alias | more]}})
        assert look(database, stored) == [(*known.values(), 5)]
    assert rows_as_written(database) == before
    database.call("timbre_load", {"batch": {"songs": [told()], "aliases": [alias | {"playcount": 9}]}})
    assert look(database, stored) == [(*known.values(), 9)]


def test_a_spelling_that_two_songs_bring_is_that_of_the_first_who_counts_most(database: Database) -> None:
    def brought(plays: int, song_id: UUID, title: str) -> Any:
        return song("A", title, song_id=song_id, rows=[ChartRow("A", "both", plays, 1)])

    store(database, brought(5, ONE, "T"), brought(9, OTHER, "U"), brought(9, THIRD, "V"))
    assert look(database, PLAYS) == [("T", 0), ("U", 9), ("V", 0)]
    assert look(database, "SELECT song_id FROM aliases") == [OTHER]


@pytest.mark.parametrize("turned", [False, True])
def test_a_song_whose_spellings_went_to_two_goes_to_the_one_with_more_plays(database: Database, turned: bool) -> None:
    rows = [ChartRow("A", title, 5 if (title == "T") is turned else 9, 1) for title in ("T", "U")]
    store(database, song("A", "was", song_id=UUID(int=9), keys=[name_key("A", "was")], rows=rows))
    ids = {"T": ONE, "U": OTHER}
    store(database, *(song("A", row.title, song_id=ids[row.title], rows=[row]) for row in rows))
    most = "U" if turned else "T"
    assert look(database, "SELECT old_id, song_id FROM song_redirects") == [(UUID(int=9), ids[most])]
    assert dict(look(database, "SELECT title, song_id FROM aliases")) == ids
    plays = dict(look(database, "SELECT song_id, playcount FROM lastfm_stats"))
    assert plays == {ids[row.title]: row.playcount for row in rows}


def test_a_spelling_that_leaves_a_song_takes_its_plays_along_whichever_are_more(database: Database) -> None:
    store(database, song("A", "T", song_id=ONE, rows=[ChartRow("A", "T", 10, 1), ChartRow("A", "U", 5, 2)]))
    store(database, song("A", "U", song_id=OTHER, rows=[ChartRow("A", "U", 2, 2), ChartRow("A", "u", 4, 2)]))
    assert look(database, PLAYS) == [("T", 10), ("U", 9)]


def test_of_what_one_batch_rejects_twice_the_later_is_kept(database: Database) -> None:
    def rejected(*told: tuple[int, str]) -> None:
        load(database, lambda: [PendingWrite.of_rejects([Reject("me", "", "T", *each)]) for each in told])

    kept = "SELECT playcount, reason FROM rejects"
    rejected((9, "empty"), (3, "long"))
    assert look(database, kept) == [(3, "long")]
    rejected((2, "odd"), (8, "empty"))
    assert look(database, kept) == [(8, "empty")]


def test_a_song_is_judged_when_it_is_loaded_and_one_that_is_not_loaded_is_not(database: Database) -> None:
    store(database, song("B", "U", number=1, song_id=OTHER))
    with database.connect() as connection:
        connection.execute("DELETE FROM song_quality")
    store(
        database,
        song("A", "T", keys=[f"isrc:{isrc(1)}", name_key("A", "T")], song_id=ONE),
        song("C", "V", song_id=THIRD),
    )
    assert look(database, "SELECT song_id FROM song_quality") == [THIRD]
