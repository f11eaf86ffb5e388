"""Which of several spellings a person means."""

import pytest

from tests.storage.making import name_key, song, store
from timbre_spider.errors import UsageError
from timbre_spider.items import ChartRow
from timbre_spider.storage.database import Database
from timbre_spider.storage.references import find_song, name_key_of, spelled

NAMES = [("Ann", "Lantern"), ("ann", "lantern"), ("Ann", "LANTERN")]


@pytest.mark.unit
@pytest.mark.parametrize(
    ("text", "names", "meant"),
    [
        ("Ann - LANTERN", NAMES, NAMES[2]),
        (" ann - lantern ", NAMES, NAMES[1]),
        ("ANN - Lantern", NAMES, NAMES[0]),
        ("Bob - Lantern", NAMES, None),
        ("Ann - Lantern", [], None),
    ],
)
def test_a_spelling_is_meant_as_written_else_in_whatever_case(text, names, meant):
    assert spelled(text, names) == meant


@pytest.mark.integration
def test_a_dash_may_be_of_either_name(database: Database) -> None:
    both = song("A - B", "C - D"), song("A", "x - y - z")
    store(database, *both)
    with database.connect() as connection:
        found = [find_song(connection, each) for each in ("A - B - C - D", "a - x - Y - z")]
    assert found == [each.identity.song_id for each in both]


@pytest.mark.integration
def test_a_name_key_is_that_of_the_spelling_named_else_of_the_most_played(database: Database) -> None:
    keys = {title: name_key("A", title) for title in ("T", "Tee", "Te", "Unheard")}
    plays = {"T": 3, "Tee": 9, "Te": 9}
    rows = [ChartRow("A", title, count, 1, name_id=keys[title]) for title, count in plays.items()]
    one = song("A", "T", keys=[f"isrc:{'USABC0000001'}", *keys.values()], rows=rows)
    store(database, one)
    with database.connect() as connection:
        for reference, title in (
            ("A - T", "T"),
            ("a - tee", "Tee"),
            ("isrc:USABC0000001", "Te"),
            (keys["Unheard"], "Unheard"),
            (str(one.identity.song_id), "Te"),
        ):
            assert name_key_of(connection, f" {reference} ") == keys[title], reference
        connection.execute("DELETE FROM aliases")
        assert name_key_of(connection, "isrc:USABC0000001") == min(keys.values())
        connection.execute("DELETE FROM song_keys WHERE key LIKE 'hash:%'")
        with pytest.raises(UsageError, match="has no name key"):
            name_key_of(connection, "isrc:USABC0000001")
