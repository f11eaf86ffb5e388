"""What a file of sql/ makes of rows that were kept otherwise once."""

from pathlib import Path

import pytest

from tests.storage.making import once_more, song, store
from timbre_spider.storage.database import Database

pytestmark = pytest.mark.integration


def test_rows_of_a_listener_written_in_several_cases_become_one(database: Database, schema: Path) -> None:
    """As they were kept once; each with the most plays it had, and the song's plays told anew."""
    [change] = schema.glob("0003_*.sql")
    cases = [  # title, listener, plays, whether kept as it is kept now
        ("two", "Me", 5, False), ("two", "ME", 9, False),
        ("three", "Me", 8, False), ("three", "me", 3, True), ("three", "ME", 2, False),
        ("alike", "Me", 4, False), ("alike", "ME", 4, False),
        ("one", "Me", 6, False), ("as now", "Me", 7, True), ("as now", "you", 1, True),
    ]  # fmt: skip
    titles = dict.fromkeys(title for title, *_ in cases)
    store(database, *(song("A", title, 1) for title in titles))
    with database.connect() as connection:
        connection.execute("DELETE FROM aliases; DELETE FROM lastfm_stats")
        for title, listener, plays, now in cases:
            own = "timbre_alias_id(%(l)s, 'A', %(t)s)" if now else "md5(%(l)s || %(t)s)::uuid"
            told = {"l": listener, "t": title, "p": plays}
            connection.execute(
                f"INSERT INTO aliases (id, song_id, listener, artist, title, playcount)"  # noqa: S608
                f" SELECT {own}, id, %(l)s, 'A', %(t)s, %(p)s FROM songs WHERE title = %(t)s",
                told,
            )
            connection.execute(f"INSERT INTO rejects SELECT {own}, %(l)s, 'A', %(t)s, 1, 'x'", told)
    kept, plays, rejects = once_more(
        database,
        change,
        "SELECT title, playcount, id = timbre_alias_id(listener, artist, title) FROM aliases ORDER BY title, playcount",
        "SELECT s.title, l.playcount FROM lastfm_stats l JOIN songs s ON s.id = l.song_id ORDER BY 1",
        "SELECT title, listener FROM rejects ORDER BY 1, 2",
    )
    most = {"alike": 4, "one": 6, "three": 8, "two": 9}
    assert kept == sorted([("as now", 1, True), ("as now", 7, True), *((*each, True) for each in most.items())])
    assert plays == sorted(most.items())  # of those that changed alone
    assert rejects == [("as now", "Me"), ("as now", "you"), ("three", "me")]
