"""A person names another answer of a source: what was known goes, and is known again when the word is undone."""

from typing import Any

import pytest

from tests.storage.making import album, answer, isrc, look, name_key, song, spotify_id, store, told_openly
from tests.storage.test_merges import everything
from tests.storage.test_recall import remember
from timbre_spider.storage.database import Database
from timbre_spider.storage.override_store import add_override, undo_override

pytestmark = pytest.mark.integration

NAME = name_key("A", "T")
OTHER = {"spotify": spotify_id(2), "aoty": album(2).url}


@pytest.fixture
def known(database: Database) -> dict[str, list[Any]]:
    """A song of which both sources have spoken, and another one; all that is stored."""
    store(
        database, song("A", "T", number=1, open=told_openly(1), aoty=album(1)), song("A", "U", number=7, aoty=album(1))
    )
    remember(
        database,
        *(answer(NAME, source) for source in ("spotify", "open", "lastfm")),
        answer(name_key("A", "U")),
        answer("album:x", "aoty", url=album(1).url),
    )
    return everything(database)


@pytest.mark.parametrize("asked", [False, True])
@pytest.mark.parametrize("kind", OTHER)
def test_a_word_undone_leaves_what_was_known_as_it_was(
    database: Database, known: dict[str, list[Any]], kind: Any, asked: bool
) -> None:
    word = add_override(database, kind, "A - T", OTHER[kind])
    assert everything(database) != known
    if asked:  # the run after the word has read what it names
        parts: dict[str, Any] = {"number": 2} if kind == "spotify" else {"number": 1, "aoty": album(2)}
        store(database, song("A", "T", **parts))
        read = answer(NAME, number=2) if kind == "spotify" else answer("album:y", "aoty", url=album(2).url)
        remember(database, read)
    undo_override(database, word.id)
    told = everything(database)
    for table in ("answers", "ratings_history") if asked else ():
        told[table] = [row for row in told[table] if row in known[table]]
    assert told == known


@pytest.mark.parametrize("kind", OTHER)
def test_a_word_said_twice_is_undone_at_once(database: Database, known: dict[str, list[Any]], kind: Any) -> None:
    for _ in range(2):
        word = add_override(database, kind, "A - T", OTHER[kind])
    undo_override(database, word.id)
    assert everything(database) == known


def test_words_are_undone_last_in_first_out(database: Database, known: dict[str, list[Any]]) -> None:
    first = add_override(database, "spotify", "A - T", spotify_id(2))
    store(database, song("A", "T", number=2, aoty=album(1)))
    second = add_override(database, "spotify", "A - T", spotify_id(3))
    store(database, song("A", "T", number=3, aoty=album(1)))
    ids = "SELECT isrc, spotify_id, canonical_id FROM songs WHERE title = 'T'"
    undo_override(database, second.id)
    assert look(database, ids) == [(isrc(2), spotify_id(2), f"isrc:{isrc(2)}")]
    undo_override(database, first.id)
    assert everything(database) == known


def test_what_an_older_word_said_once_more_displaced_is_asked_about_anew(
    database: Database, known: dict[str, list[Any]]
) -> None:
    first = add_override(database, "spotify", "A - T", spotify_id(2))
    store(database, song("A", "T", number=2))
    second = add_override(database, "spotify", "A - T", spotify_id(3))
    assert add_override(database, "spotify", "A - T", spotify_id(2)).id == first.id
    undo_override(database, first.id)
    undo_override(database, second.id)
    assert look(database, "SELECT spotify_id FROM songs WHERE title = 'T'") == [None]


def test_a_key_another_song_has_by_now_stays_there(database: Database, known: dict[str, list[Any]]) -> None:
    word = add_override(database, "spotify", "A - T", spotify_id(2))
    store(database, song("A", "V", number=1))
    undo_override(database, word.id)
    owner = "SELECT s.title FROM song_keys k JOIN songs s ON s.id = k.song_id WHERE k.key = %s"
    assert look(database, owner, f"isrc:{isrc(1)}") == ["V"]
    assert look(database, "SELECT canonical_id FROM songs WHERE title = 'T'") == [NAME]


def test_a_song_that_became_part_of_another_is_asked_about_anew(
    database: Database, known: dict[str, list[Any]]
) -> None:
    word = add_override(database, "spotify", "A - T", spotify_id(2))
    add_override(database, "same", "A - T", "A - U")
    undo_override(database, word.id)
    assert look(database, "SELECT title, spotify_id FROM songs") == [("U", None)]
    assert look(database, "SELECT count(*) FROM spotify_attrs") == [0]
