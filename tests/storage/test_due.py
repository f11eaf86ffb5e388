"""Which songs are there still; what is due has its tests in test_ledger.py."""

from uuid import UUID

import pytest

from tests.storage.making import song, store
from timbre_spider.storage.database import Database
from timbre_spider.storage.due import still_songs

pytestmark = pytest.mark.integration


def test_how_many_of_the_songs_are_there_still(database: Database) -> None:
    ids = [UUID(int=number) for number in (1, 2, 3)]
    store(database, *(song("A", title, song_id=each) for title, each in zip("TUV", ids, strict=True)))
    told = [str(each) for each in ids]
    assert [still_songs(database, told[:count]) for count in range(4)] == [0, 1, 2, 3]
    store(database, song("A", "T", song_id=ids[0], absorbs=[ids[1]]))
    assert still_songs(database, told) == 2
    assert still_songs(database, [told[1], str(UUID(int=9))]) == 0
