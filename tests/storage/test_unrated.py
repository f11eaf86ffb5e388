"""Songs without a score of Album of the Year are kept apart, whoever writes songs or albums' values."""

from pathlib import Path

import pytest

from tests.storage.making import album, look, once_more, song, store
from timbre_spider.storage.database import Database

pytestmark = pytest.mark.integration

KEPT = "SELECT s.title || ' ' || u.has_album FROM songs_unrated u JOIN songs s ON s.id = u.song_id ORDER BY 1"
TRUE = """SELECT s.title || ' ' || (a.song_id IS NOT NULL) FROM songs s LEFT JOIN aoty_attrs a ON a.song_id = s.id
    WHERE a.user_score IS NULL ORDER BY 1"""
THREE = (song("A", "rated", aoty=album(1)), song("A", "unrated", aoty=album(2, None)), song("A", "bare"))
IDS = {f"THE_{title}": f"(SELECT id FROM songs WHERE title = '{title}')" for title in ("rated", "unrated", "bare")}  # noqa: S608


def test_a_song_without_a_score_is_among_them_from_the_start(database: Database) -> None:
    store(database, *THREE)
    assert look(database, KEPT) == ["bare false", "unrated true"]


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE aoty_attrs SET user_score = NULL",
        "UPDATE aoty_attrs SET user_score = 70",
        "DELETE FROM aoty_attrs",
        "UPDATE aoty_attrs SET song_id = THE_bare WHERE song_id = THE_rated",
        "UPDATE aoty_attrs SET song_id = THE_bare WHERE song_id = THE_unrated",
        "INSERT INTO aoty_attrs (song_id, url, album_title, user_score) SELECT THE_bare, 'u', 't', 50",
        "INSERT INTO aoty_attrs (song_id, url, album_title) SELECT THE_bare, 'u', 't'",
        "UPDATE songs SET id = gen_random_uuid()",
        "DELETE FROM songs WHERE title <> 'rated'",
    ],
)
def test_what_changes_it_is_noticed(database: Database, change: str) -> None:
    store(database, *THREE)
    before = look(database, KEPT)
    for name, song_id in IDS.items():
        change = change.replace(name, song_id)
    with database.connect() as connection:
        connection.execute(change.encode())
    assert look(database, KEPT) == look(database, TRUE)
    assert (look(database, KEPT) == before) is ("songs SET id" in change)


def test_merges_and_new_answers_are_noticed(database: Database) -> None:
    store(database, *THREE)
    gone = THREE[1].identity
    assert gone is not None
    store(database, song("A", "bare", 99, aoty=album(3, None)))
    assert look(database, KEPT) == look(database, TRUE) == ["bare true", "unrated true"]
    store(database, song("A", "rated", 99, aoty=album(1), absorbs=[gone.song_id]))
    assert look(database, KEPT) == look(database, TRUE) == ["bare true"]


def test_those_of_an_older_database_are_found(database: Database, schema: Path) -> None:
    [change] = schema.glob("0067_*.sql")
    store(database, *THREE)
    with database.connect() as connection:
        connection.execute("DELETE FROM songs_unrated")
    assert once_more(database, change, KEPT) == [[("bare false",), ("unrated true",)]]
