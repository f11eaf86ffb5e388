"""Why a spelling is its song: stored with the spelling, told by the report."""

from collections.abc import Sequence

import pytest

from tests.storage.making import look, name_key, rows_as_written, song, store
from timbre_spider.items import ChartRow, Song
from timbre_spider.storage.database import Database
from timbre_spider.storage.override_store import add_override
from timbre_spider.storage.report import most_played_joins, report

pytestmark = pytest.mark.integration

SLIP = name_key("A", "Tee")


def folded(rule: str = "slip", plays: int = 3) -> Song:
    """ "T", "T (Live)" and "Tee", the last joined by a rule."""
    keys = (name_key("A", "T"), SLIP)
    rows = [
        ChartRow("A", "T", 9, 1, name_id=keys[0]),
        ChartRow("A", "T (Live)", 5, 2, name_id=keys[0]),
        ChartRow("A", "Tee", plays, 3, name_id=keys[1], rule=rule),
    ]
    return song("A", "T", rows=rows, keys=keys)


def rules(database: Database) -> dict[str, str | None]:
    return dict(look(database, "SELECT title, rule FROM aliases"))


def told(database: Database) -> dict[str, str]:
    [merged] = report(database, lambda rows: [None, *["by names"] * (len(rows) - 1)], only="merged")
    return {row["joined_title"]: row["rule"] for row in merged.rows}


def test_a_rule_is_stored_with_the_spelling_it_joined(database: Database) -> None:
    store(database, folded())
    assert rules(database) == {"T": None, "T (Live)": None, "Tee": "slip"}
    assert told(database) == {"T (Live)": "by names", "Tee": "slip"}


def test_another_rule_takes_its_place_and_none_leaves_it(database: Database) -> None:
    store(database, folded())
    before = rows_as_written(database)
    store(database, folded())
    store(database, folded(rule=""))
    assert rows_as_written(database) == before
    assert rules(database)["Tee"] == "slip"
    store(database, folded("script"))
    assert rules(database)["Tee"] == "script"


def test_a_rule_is_told_only_of_another_name_than_the_most_played(database: Database) -> None:
    store(database, folded(plays=99))
    assert set(told(database)) == {"T", "T (Live)"}
    assert set(told(database).values()) == {"by names"}


def test_a_join_is_told_of_the_two_names_it_joined_also_where_the_song_bears_the_second(database: Database) -> None:
    store(database, folded(plays=99))
    [merged] = report(database, lambda rows: [None, *["by names"] * (len(rows) - 1)], only="merged")
    assert [(row["title"], row["joined_title"]) for row in merged.rows] == [("Tee", "T"), ("Tee", "T (Live)")]
    assert look(database, "SELECT title FROM songs") == ["T"]


@pytest.mark.parametrize("limit", [1, 2, 3, 9])
def test_the_most_played_joins_are_the_first_of_all(database: Database, limit: int) -> None:
    def why(rows: Sequence[ChartRow]) -> list[str | None]:
        return [None, *(None if row.title.startswith("not") else "by names" for row in rows[1:])]

    for artist, plays in (("A", (9, 5, 4)), ("B", (99, 5, 1)), ("C", (8,)), ("D", (7, 6, 2)), ("E", (50, 40))):
        rows = [
            ChartRow(artist, f"{'not ' * (plays == (50, 40))}T{at}", each, at, name_id=name_key(artist, "T"))
            for at, each in enumerate(plays)
        ]
        store(database, song(artist, "T", rows=rows))
    [merged] = report(database, why, only="merged", limit=limit)
    assert [row["playcount"] for row in merged.rows] == [6, 5, 5, 4, 2, 1][:limit]
    assert merged.count == 6
    assert most_played_joins(database, why, limit) == merged.rows


def test_a_spelling_that_a_person_parts_has_no_rule_any_more(database: Database) -> None:
    store(database, folded())
    add_override(database, "different", "A - T", "A - Tee")
    assert rules(database) == {"T": None, "T (Live)": None, "Tee": None}
