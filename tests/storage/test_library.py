"""A library at a glance, from a real database."""

import pytest

from tests.storage.making import album, song, store, track
from timbre_spider.matching.albums.key import artist_part
from timbre_spider.storage.database import Database
from timbre_spider.storage.library import Entry, Library, listeners, read_library, state_of_songs

pytestmark = pytest.mark.integration


def an_album(number: int, artist: str, title: str, score: float | None, year: str = "1999", **more: object):
    return album(number, score)._replace(artist=artist, title=title, release_date=year, **more)


# Of both who tell them, in another spelling, and what is no genre.
PUNK = {"PUNK": 100, "punk music": 40, "mellow": 20, "seen live": 90, "british": 5}


@pytest.fixture
def library(database: Database) -> Library:
    store(
        database,
        song("Ann", "One", 50, aoty=an_album(1, "Ann", "First", 85.0), tags={"indie": 100}),
        song("Ann", "Two", 30, aoty=an_album(1, "Ann", "First", 85.0), tags={"indie": 100}),
        song("ann", "Three", 1, number=3, spotify=track(3, "Three", album_name="Later", release_date="2021")),
        song("Bob", "Four", 60, aoty=an_album(2, "Bob", "Loud", 79.0, "2005-02-03", genres=("Punk",)), tags=PUNK),
        song("Cid", "Five", 5, aoty=an_album(3, "Cid", "Best", 100.0, genres=("Rock", "Punk"))),
        song("Dee", "Six", 4),
        song("Eve", "Seven", 900, listener="other"),
    )
    return read_library(database, "me", artist_part, top=3)


def names(entries: list[Entry]) -> list[tuple[str, int]]:
    return [(entry.name, entry.plays) for entry in entries]


def test_the_totals_are_the_listeners_alone(library: Library) -> None:
    counted = (library.songs, library.plays, library.artists, library.albums, library.rated_albums)
    assert counted == (6, 150, 4, 4, 3)


@pytest.mark.parametrize(
    ("part", "listed"),
    [
        ("top_artists", [("Ann", 81), ("Bob", 60), ("Cid", 5)]),
        ("top_albums", [("First", 80), ("Loud", 60), ("Best", 5)]),
        ("top_songs", [("Four", 60), ("One", 50), ("Two", 30)]),
        ("genres", [("rock", 85), ("indie", 80), ("punk", 65)]),
        ("moods", [("guitar", 145), ("mellow", 60)]),
        ("doubtful", [("Four", 60), ("One", 50), ("Two", 30)]),
        ("loved", [("First", 80), ("Best", 5)]),
        ("unrated", [("Later", 1)]),
        ("decades", [("1990s", 85), ("2000s", 60), ("2020s", 1)]),
        ("rated", [("First", 80), ("Loud", 60), ("Best", 5)]),
        ("scores", [("70–79", 60), ("80–89", 80), ("90–100", 5)]),
    ],
)
def test_each_list(library: Library, part: str, listed: list[tuple[str, int]]) -> None:
    assert names(getattr(library, part)) == listed


def test_as_many_rated_albums_as_can_be_drawn_and_albums_in_any_case_of_letters(database: Database) -> None:
    many = [song("Ann", f"T{n}", n, aoty=an_album(n, "Ann", f"Album {n}", 50.0)) for n in range(1, 302)]
    store(
        database, *many, song("ANN", "Last", 1000, aoty=an_album(1000, "ANN", "ALBUM 301", 80.0)),
        song("Bob", "High", 5, aoty=an_album(1001, "Bob", "High", 80.0)),
        song("Cid", "Higher", 3, aoty=an_album(1002, "Cid", "Higher", 79.9)),
    )  # fmt: skip
    library = read_library(database, "me", artist_part, top=2)
    assert len(library.rated) == 300
    assert names(library.rated)[:2] == [("ALBUM 301", 1301), ("Album 300", 300)]
    assert names(library.loved) == [("ALBUM 301", 1301), ("High", 5)]


def test_an_artist_is_one_however_the_name_is_written(database: Database) -> None:
    names = ("Strauß, Jörg", "Jörg Strauß", "Jorg Strauss feat. Ann", "Ann", "!", "?")
    store(database, *(song(name, f"T{at}", 10 + at) for at, name in enumerate(names)))
    library = read_library(database, "me", artist_part, top=2)
    assert library.top_artists == [Entry("Jorg Strauss feat. Ann", 3, 33), Entry("?", 1, 15)]
    assert library.artists == 4


def test_artists_of_as_many_plays_stand_by_their_names(database: Database) -> None:
    store(
        database, *(song(name, f"T{plays}", plays) for name, plays in (("Zed", 10), ("Ann", 6), ("ann", 4), ("Bob", 9)))
    )
    library = read_library(database, "me", str.lower, top=3)
    assert names(library.top_artists) == [("Ann", 10), ("Zed", 10), ("Bob", 9)]
    # A name of which nothing is left is one by itself.
    assert read_library(database, "me", lambda name: "", top=3).artists == 4


def test_genres_go_by_the_names_that_songs_have_them_by(database: Database, library: Library) -> None:
    with database.connect() as connection:
        counted = connection.execute(
            "SELECT style ->> 'name', count(*), sum(playcount)::bigint"
            " FROM song_features, jsonb_array_elements(styles) style"
            " WHERE style ->> 'kind' = 'genre' AND artist <> 'Eve' GROUP BY 1 ORDER BY 3 DESC"
        ).fetchall()
    assert [(entry.name, entry.songs, entry.plays) for entry in library.genres] == counted


def test_an_album_has_its_artist_its_songs_and_its_score(library: Library) -> None:
    assert library.top_albums[0] == Entry("First", 2, 80, artist="Ann", score=85.0)


def test_a_decade_has_the_mean_score_of_what_was_played(library: Library) -> None:
    assert [entry.score for entry in library.decades] == [(80 * 85.0 + 5 * 100.0) / 85, 79.0, None]


def test_a_song_can_be_gone_to(database: Database, library: Library) -> None:
    with database.connect() as connection:
        ids = dict(connection.execute("SELECT title, id::text FROM songs").fetchall())
    assert [entry.id for entry in library.top_songs] == [ids[entry.name] for entry in library.top_songs]


def test_everybody_together(database: Database, library: Library) -> None:
    assert listeners(database) == ["me", "other"]
    assert names(read_library(database, None, artist_part, top=1).top_songs) == [("Seven", 900)]


def test_the_state_of_songs_changes_with_any_of_them(database: Database, library: Library) -> None:
    states = [state_of_songs(database)]
    with database.connect() as connection:
        for change in (
            "UPDATE aoty_attrs SET user_score = 1 WHERE album_title = 'Best'",
            "DELETE FROM songs WHERE artist = 'Dee'",
        ):
            connection.execute(change)
            states.append(state_of_songs(database))
    assert states[-1] == state_of_songs(database)
    assert len(set(states)) == 3


def test_nothing_is_stored_yet(database: Database) -> None:
    assert read_library(database, None, artist_part, top=3).plays == 0
    assert listeners(database) == []
    assert state_of_songs(database) == 0
