"""What the open sources tell of a song: each fact by the one that is believed most, whoever comes first."""

from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from tests.storage.making import dump, isrc, look, name_key, song, spotify_id, store, told_openly, track
from timbre_spider.items import STRENGTH, OpenFacts
from timbre_spider.storage.database import Database

pytestmark = pytest.mark.integration

NAME = name_key("A", "T")
SOURCES = "mbid_source, isrcs_source, album_source, release_date_source, duration_source"


def told(number: int, source: str, plays: int = 10, **values: Any) -> Any:
    made = song("A", "T", plays, open=told_openly(number, source, **values))
    made.isrc, made.isrc_source = (made.open.isrcs or (None,))[0], source
    return made


def test_sql_and_python_believe_the_same(database: Database) -> None:
    said = look(
        database, "SELECT s FROM unnest(%s::text[]) s ORDER BY timbre_source_strength(s) DESC", sorted(STRENGTH)
    )
    assert said == list(STRENGTH)
    assert look(database, "SELECT timbre_source_strength(NULL), timbre_source_strength('nobody')") == [(0, 0)]


def test_facts_are_stored_with_who_told_them(database: Database) -> None:
    store(database, told(3, "listenbrainz", release_date="1999-05"))
    columns = "mbid, isrcs, album_name, release_mbid, release_date::text, release_precision, duration_ms"
    assert look(database, f"SELECT {columns} FROM open_attrs") == [  # noqa: S608
        (UUID(int=3), [isrc(3), isrc(4)], "Album 3", UUID(int=4), "1999-05-01", "month", 3000)
    ]
    assert look(database, f"SELECT {SOURCES} FROM open_attrs") == [("listenbrainz",) * 5]  # noqa: S608


def test_a_song_that_nobody_knows_has_no_row(database: Database) -> None:
    store(database, song(), song("B", "U", open=OpenFacts()))
    assert look(database, "SELECT count(*) FROM open_attrs") == [0]


@pytest.mark.parametrize("order", [("listenbrainz", "deezer"), ("deezer", "listenbrainz")])
def test_no_weaker_source_overwrites_a_stronger_one(database: Database, order: tuple[str, str]) -> None:
    for source in order:
        store(database, told(STRENGTH.index(source), source))
    assert look(database, f"SELECT {SOURCES} FROM open_attrs") == [("listenbrainz",) * 5]  # noqa: S608
    assert look(database, "SELECT isrc, isrc_source FROM songs") == [(isrc(1), "listenbrainz")]
    assert look(database, "SELECT album_name FROM open_attrs") == ["Album 1"]


def test_a_weaker_source_fills_what_is_missing(database: Database) -> None:
    store(database, told(1, "listenbrainz", isrcs=(), duration_ms=None))
    store(database, told(3, "deezer"))
    assert look(database, f"SELECT {SOURCES}, isrcs, album_name FROM open_attrs") == [  # noqa: S608
        ("listenbrainz", "deezer", "listenbrainz", "listenbrainz", "deezer", [isrc(3), isrc(4)], "Album 1")
    ]


def test_the_same_source_told_again_is_believed_for_the_better_version_alone(database: Database) -> None:
    store(database, told(1, "deezer"))
    store(database, told(2, "deezer"))
    assert look(database, "SELECT album_name FROM open_attrs") == ["Album 2"]
    lesser = song(
        "A", "Z", 1, keys=[NAME], song_id=look(database, "SELECT id FROM songs")[0], open=told_openly(3, "deezer")
    )
    store(database, lesser)
    assert look(database, "SELECT album_name FROM open_attrs") == ["Album 2"]


def test_spotify_s_isrc_stays_when_an_open_one_comes_later(database: Database) -> None:
    store(database, song(number=1))
    again = told(5, "listenbrainz", plays=99)
    again.spotify = track(1)
    store(database, again)
    assert look(database, "SELECT isrc, isrc_source FROM songs") == [(isrc(1), "spotify")]


def test_the_view_shows_spotify_s_value_before_the_open_ones(database: Database) -> None:
    store(
        database,
        song("A", "T", number=1, open=told_openly(7)),
        song("B", "U", open=told_openly(8)),
        song("C", "V", open=told_openly(9, release_mbid=None)),
    )
    columns = "album_name, album_source, duration_ms, duration_source, release_date::text, release_date_source"
    assert look(database, f"SELECT {columns}, release_mbid_source FROM song_features ORDER BY artist") == [  # noqa: S608
        ("Album", "spotify", 200_000, "spotify", "1999-05-04", "spotify", "listenbrainz"),
        ("Album 8", "listenbrainz", 8000, "listenbrainz", "1998-01-01", "listenbrainz", "listenbrainz"),
        ("Album 9", "listenbrainz", 9000, "listenbrainz", "1999-01-01", "listenbrainz", None),
    ]


def test_what_does_not_change_is_not_written(database: Database) -> None:
    versions = "SELECT xmin::text, ctid::text FROM open_attrs"
    store(database, told(1, "listenbrainz"))
    before = look(database, versions)
    store(database, told(1, "listenbrainz"))
    store(database, told(9, "deezer"))
    assert look(database, versions) == before


@pytest.mark.parametrize("stronger_goes", [True, False])
def test_of_two_rows_that_become_one_the_stronger_facts_stay(database: Database, stronger_goes: bool) -> None:
    stays, goes = ("deezer", "musicbrainz") if stronger_goes else ("musicbrainz", "deezer")
    one = song("A", "T", 50, number=1, open=told_openly(1, stays))
    other = song("A", "Tee", 5, open=told_openly(2, goes, duration_ms=None))
    store(database, one, other)
    before = dump(database)
    store(database, song("A", "T", 50, number=1, keys=[NAME, name_key("A", "Tee")], absorbs=[other.identity.song_id]))
    assert look(database, "SELECT album_source, mbid_source FROM open_attrs") == [("musicbrainz", "musicbrainz")]
    [merge] = look(database, "SELECT id FROM merges")
    look(database, "SELECT timbre_part_merge(%s, NULL)", merge)
    assert dump(database)["open_attrs"] == before["open_attrs"]


def test_a_row_that_goes_takes_its_facts_along(database: Database) -> None:
    goes = song("A", "Tee", 5, open=told_openly(2))
    store(database, song("A", "T", 50), goes)
    store(database, song("A", "T", 50, keys=[NAME, name_key("A", "Tee")], absorbs=[goes.identity.song_id]))
    assert look(database, "SELECT album_name FROM open_attrs") == ["Album 2"]


def test_the_length_an_open_source_tells_is_known_of_a_song(database: Database) -> None:
    store(database, song("A", "T", open=told_openly(4)), song("B", "U", number=1, open=told_openly(5)))
    known = database.call(
        "timbre_recall",
        {"identities": [NAME, f"spotify:{spotify_id(1)}"], "sources": [], "keys": [], "started": "now", "at": "now"},
    )
    assert sorted(each[7] for each in known["songs"]) == [4000, 200_000]


def test_answers_of_before_are_asked_anew_and_what_they_found_survives(database: Database, schema: Path) -> None:
    [change] = schema.glob("0013_*.sql")
    with database.connect() as connection:
        connection.execute(
            """INSERT INTO answers (source, key, outcome, asked_at, "values") VALUES
                ('isrc', 'hash:found', 'found', '2026-01-01', '{"isrc": "USABC2600001", "service": "deezer"}'),
                ('isrc', 'hash:absent', 'absent', '2026-01-01', '{}'),
                ('isrc', 'hash:known', 'found', '2026-01-01', '{"isrc": "USABC2600002", "service": "deezer"}'),
                ('open', 'hash:known', 'absent', '2026-02-01', '{}'),
                ('aoty', 'hash:found', 'refused', '2026-01-01', '{}')"""
        )
        connection.execute(
            """INSERT INTO questions (song_key, source, page, key) VALUES
                ('hash:found', 'isrc', 0, 'hash:found'), ('hash:known', 'isrc', 0, 'hash:old'),
                ('hash:known', 'open', 0, 'hash:known'), ('hash:known', 'isrc', 1, 'hash:paged'),
                ('hash:absent', 'isrc', 0, 'hash:absent'), ('hash:found', 'aoty', 0, 'album:a')"""
        )
    found = {"deezer": {"id": "", "artist": "", "title": "", "isrcs": ["USABC2600001"]}}
    for _ in range(2):
        with database.connect() as connection:
            connection.execute(change.read_bytes())
        told = """SELECT source, key, outcome, next_check = asked_at, "values"::jsonb FROM answers ORDER BY 1, 2"""
        assert look(database, told) == [
            ("aoty", "hash:found", "refused", None, {}),
            ("open", "hash:absent", "absent", True, {}),
            ("open", "hash:found", "found", True, found),
            ("open", "hash:known", "absent", None, {}),
        ]
        assert look(database, "SELECT song_key, source, page, key FROM questions ORDER BY 1, 2, 3") == [
            ("hash:absent", "open", 0, "hash:absent"),
            ("hash:found", "aoty", 0, "album:a"),
            ("hash:found", "open", 0, "hash:found"),
            ("hash:known", "open", 0, "hash:known"),
            ("hash:known", "open", 1, "hash:paged"),
        ]
