"""How much there is: counted, and reckoned by what the database last saw."""

import pytest

from tests.storage.making import album, answer, song, store, told_openly
from tests.storage.test_recall import remember
from timbre_spider.storage.counts import counts, counts_reckoned
from timbre_spider.storage.database import Database

pytestmark = pytest.mark.integration


def test_reckoned_they_are_those_of_the_last_look(new_database: Database) -> None:
    database = new_database
    songs = [song("A", str(n), number=n) for n in range(40)] + [song("B", str(n)) for n in range(60)]
    songs[0].aoty, songs[1].aoty, songs[2].open = album(1), album(2), told_openly(9)
    store(database, *songs)
    remember(database, answer())
    assert counts_reckoned(database)["songs"] in (0, 100)  # nobody has looked, or the server just has
    with database.connect() as connection:
        connection.execute("VACUUM ANALYZE")
    reckoned, counted = counts_reckoned(database), counts(database)
    assert reckoned == counted
    assert list(counted) == list(reckoned)
    assert counted == {
        "songs": 100, "with_isrc": 40, "with_spotify": 40, "with_aoty": 2, "spotify_attrs": 40, "open_attrs": 1,
        "lastfm_stats": 100, "aoty_attrs": 2, "aliases": 100, "song_keys": 180, "song_redirects": 0,
        "ratings_history": 0, "answers": 1, "rejects": 0, "overrides": 0, "runs": 0,
    }  # fmt: skip
