"""Plays by listener and source: never added up over sources or periods; and a listener forgotten."""

from dataclasses import replace

import pytest

from tests.storage.making import song, store
from timbre_spider.items import ChartRow, Listens, Scrobbled
from timbre_spider.storage.library import read_library
from timbre_spider.storage.scrobbles import settle, settled

pytestmark = pytest.mark.integration


def counted(title, *counts, artist="A"):
    """A row as these (source, period, plays, first, last) tell it."""
    listens = tuple(Listens(*count) for count in counts)
    return ChartRow(artist, title, max(each.plays for each in listens), 1, listens=listens)


def heard(database, *rows, listener="ann", title="T"):
    store(database, song("A", title, listener=listener, rows=list(rows)))


def look(database, query):
    with database.connect() as connection:
        return connection.execute(query).fetchall()


def plays(database):
    return dict(look(database, "SELECT s.title, l.playcount FROM songs s JOIN lastfm_stats l ON l.song_id = s.id"))


LASTFM, SPOTIFY = ("lastfm", "overall"), ("spotify", "history")
# (the runs' rows, plays of the song)
STORIES = {
    "a chart": ([[("T", (*LASTFM, 10))]], 10),
    "a chart twice": ([[("T", (*LASTFM, 10))]] * 2, 10),
    "a chart that grew": ([[("T", (*LASTFM, 10))], [("T", (*LASTFM, 12))]], 12),
    "a chart that shrank": ([[("T", (*LASTFM, 10))], [("T", (*LASTFM, 8))]], 10),
    "two spellings of a chart": ([[("T", (*LASTFM, 10)), ("t!", (*LASTFM, 3))]], 13),
    "two periods": ([[("T", (*LASTFM, 10))], [("T", ("lastfm", "7day", 4))]], 10),
    "chart and history, one spelling": ([[("T", (*LASTFM, 10))], [("T", (*SPOTIFY, 12))]], 12),
    "chart and history, other spellings": ([[("T", (*LASTFM, 10))], [("T - Remastered", (*SPOTIFY, 12))]], 12),
    "history and chart, other spellings": ([[("T - Remastered", (*SPOTIFY, 12))], [("T", (*LASTFM, 10))]], 12),
    "spellings of both": ([[("T", (*LASTFM, 10), (*SPOTIFY, 4)), ("t!", (*LASTFM, 3)), ("T.", (*SPOTIFY, 5))]], 13),
    "a chart that overtakes": ([[("T.", (*SPOTIFY, 12))], [("T", (*LASTFM, 10))], [("T", (*LASTFM, 15))]], 15),
}  # fmt: skip


@pytest.mark.parametrize(("runs", "expected"), STORIES.values(), ids=STORIES)
def test_the_source_that_counts_most_is_believed(database, runs, expected):
    for rows in runs:
        heard(database, *(counted(title, *counts) for title, *counts in rows))
    assert plays(database) == {"T": expected} or set(plays(database).values()) == {expected}
    assert read_library(database, "Ann", str, top=1).plays == expected
    before = look(
        database, "SELECT ctid::text, xmin::text FROM listens UNION SELECT ctid::text, xmin::text FROM lastfm_stats"
    )
    for rows in runs[-1:]:
        heard(database, *(counted(title, *counts) for title, *counts in rows))
    after = look(
        database, "SELECT ctid::text, xmin::text FROM listens UNION SELECT ctid::text, xmin::text FROM lastfm_stats"
    )
    assert sorted(before) == sorted(after)


def test_listeners_are_added_up_each_by_the_best_source(database):
    heard(database, counted("T", (*LASTFM, 10), (*SPOTIFY, 3)))
    heard(database, counted("T", (*LASTFM, 5), (*SPOTIFY, 30)), listener="BOB")
    heard(database, counted("t!", (*LASTFM, 1)), listener="bob")
    assert plays(database) == {"T": 40}
    assert sorted(look(database, "SELECT listener, plays FROM song_plays")) == [("ann", 10), ("bob", 30)]


def test_what_a_history_knows_is_kept_and_first_and_last_widen(database):
    known = ("Harbour", "1" * 22, "USABC2400001", "0d20530f-2176-447f-abf4-a9307f7d1c3f")
    heard(database, counted("T", (*SPOTIFY, 5, 1000, 2000, *known)))
    heard(database, counted("T", (*SPOTIFY, 4, 500, 1500)))
    heard(database, counted("T", (*SPOTIFY, 3, 700, 2500)))
    assert look(
        database,
        "SELECT plays, extract(epoch FROM first_play)::int, extract(epoch FROM last_play)::int,"
        " album, spotify_id, isrc, mbid FROM listens",
    ) == [(5, 500, 2500, *known)]


def test_one_thing_a_history_tells_otherwise_is_renewed(database):
    known = Listens(
        *SPOTIFY, 5, 1000, 2000, "Harbour", "1" * 22, "USABC2400001", "0d20530f-2176-447f-abf4-a9307f7d1c3f"
    )
    other = {
        "plays": 6, "first_play": 900, "last_play": 2100, "album": "Pier", "spotify_id": "2" * 22,
        "isrc": "USABC2400002", "mbid": "1d20530f-2176-447f-abf4-a9307f7d1c3f",
    }  # fmt: skip
    later = [replace(known, **{name: value}) for name, value in other.items()]
    for told in ([known] * len(later), later):
        heard(database, *(ChartRow("A", str(n), each.plays, 1, listens=(each,)) for n, each in enumerate(told)))
    kept = look(
        database,
        "SELECT source, period, l.plays, extract(epoch FROM first_play)::int, extract(epoch FROM last_play)::int,"
        " album, spotify_id, isrc, mbid FROM listens l JOIN aliases a ON a.id = l.alias_id ORDER BY a.title",
    )
    assert [Listens(*row) for row in kept] == later


def test_of_what_a_batch_tells_twice_the_most_plays_stand(database):
    heard(database, counted("T", (*SPOTIFY, 3)), counted("T", (*SPOTIFY, 8)), counted("T", (*SPOTIFY, 5)))
    assert look(database, "SELECT plays FROM listens") == [(8,)]


def test_plays_follow_spellings_when_songs_merge(database):
    heard(database, counted("T", (*LASTFM, 10)))
    heard(database, counted("U", (*SPOTIFY, 12)), title="U")
    [one], [other] = look(database, "SELECT id FROM songs ORDER BY title")
    with database.connect() as connection:
        connection.execute("SELECT timbre_absorb(%s, %s, 'name', NULL, NULL)", [other, one])
    assert list(plays(database).values()) == [12]


def test_each_listener_has_a_row_a_song_beside_the_features(database):
    heard(database, counted("T", (*LASTFM, 10), (*SPOTIFY, 3, 1000, 5000, "Harbour")), counted("t!", (*LASTFM, 1)))
    heard(database, counted("T", (*SPOTIFY, 30, 2000, 3000, "Pier")), listener="BOB")
    heard(database, counted("t?", (*SPOTIFY, 4, 1500, 1600, "Dock")), listener="bob")
    told = look(
        database,
        "SELECT l.listener, f.title, l.plays, l.source, l.period, extract(epoch FROM l.first_play)::int,"
        " extract(epoch FROM l.last_play)::int, l.album"
        " FROM listener_songs l JOIN song_features f ON f.id = l.song_id ORDER BY 1",
    )
    assert told == [
        ("ann", "T", 11, "lastfm", "overall", 1000, 5000, "Harbour"),
        ("bob", "T", 34, "spotify", "history", 1500, 3000, "Pier"),
    ]


def test_of_sources_and_albums_heard_alike_the_first_by_name_is_told_and_an_album_may_be_unknown(database):
    heard(database, counted("T", (*SPOTIFY, 5, 1, 2, "Pier"), (*LASTFM, 5)), counted("t", (*SPOTIFY, 5, 1, 2, "Dock")))
    heard(database, counted("t", (*LASTFM, 5), ("lastfm", "12month", 5)), listener="bob")
    heard(database, counted("U", (*LASTFM, 1), (*SPOTIFY, 1)), title="U")
    told = "SELECT listener, plays, source, period, album FROM listener_songs ORDER BY plays DESC, listener"
    assert look(database, told) == [
        ("ann", 10, "spotify", "history", "Dock"),
        ("bob", 5, "lastfm", "12month", None),
        ("ann", 1, "lastfm", "overall", None),
    ]


def test_scrobbles_are_settled_once_and_added_up(database):
    assert settle(database, "bob", 0, 10, [Scrobbled("A", "T", "H", 9, 1, 9)])
    first = [
        Scrobbled("A", "T", "H", 2, 5, 6),
        Scrobbled("A", "T", None, 1, 7, 7),
        Scrobbled("A", "T", "H", 1, 4, 4),
    ]
    assert settle(database, "Ann", 0, 10, first)
    assert not settle(database, "ann", 0, 10, first)
    assert not settle(database, "ann", 5, 20, first)
    assert settle(database, "ann", 10, 20, [Scrobbled("A", "T", "H", 3, 11, 19)])
    until, counts = settled(database, "ANN")
    assert until == 20
    assert sorted(counts, key=lambda each: -each.plays) == [
        Scrobbled("A", "T", "H", 6, 4, 19), Scrobbled("A", "T", None, 1, 7, 7),
    ]  # fmt: skip
    assert settled(database, "bob") == (10, [Scrobbled("A", "T", "H", 9, 1, 9)])
    assert settled(database, "nobody") == (0, [])


def test_scrobbles_are_kept_apart_by_artist_title_and_album(database):
    names = [
        ("A B", "T", "H"),
        ("A", "B T", "H"),
        ("A", "B", "T H"),
        ("A", "B", "T"),
        ("A", "B", None),
        ("A", "C", "T"),
    ]
    told = [Scrobbled(*each, n, n, 100 + n) for n, each in enumerate(names, 1)]
    for since in (0, 100):
        assert settle(database, "ann", since, since + 100, told)
    _, counts = settled(database, "ann")
    assert {replace(each, plays=each.plays // 2) for each in counts} == set(told)
