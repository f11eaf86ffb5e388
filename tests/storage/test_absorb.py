"""Two rows that become one, column by column: which of two values stays, and why."""

from typing import Any
from uuid import UUID

import pytest

from tests.storage.making import isrc, look, name_key, song, spotify_id, store
from tests.storage.test_merge_rules import NAME, only, with_track
from timbre_spider.items import Song
from timbre_spider.storage.database import Database

pytestmark = pytest.mark.integration


ABSORBED = {
    "the fuller": (with_track(1, 9, "full"), song("A", "bare", 90, tags={"b": 1}), ("full", spotify_id(1), {"b": 1})),
    "the more played": (
        song("A", "less", 1, keys=[NAME], song_id=UUID(int=1), tags={"l": 1}),
        song("A", "more", 2, tags={"m": 1}),
        ("more", None, {"m": 1}),
    ),
    "the only one with tags": (
        song("A", "less", 1, keys=[NAME], song_id=UUID(int=1), tags={"l": 1}),
        song("A", "more", 2),
        ("more", None, {"l": 1}),
    ),
}


@pytest.mark.parametrize("turned", [False, True])
@pytest.mark.parametrize("case", ABSORBED.values(), ids=ABSORBED.keys())
def test_which_of_two_merged_rows_is_shown(database: Database, case: tuple[Song, Song, Any], turned: bool) -> None:
    one, other, shown = case
    store(database, one)
    store(database, other)
    assert one.identity is not None
    assert other.identity is not None
    gone, stays = (one, other) if turned else (other, one)
    with database.connect() as connection:
        connection.execute("UPDATE songs SET created_at = '2020-01-01' WHERE id = %s", [gone.identity.song_id])
        connection.execute(
            "SELECT timbre_absorb(%s, %s, 'name', NULL, NULL)", [gone.identity.song_id, stays.identity.song_id]
        )
    assert only(database, "title, spotify_id, lastfm_tags", "song_features") == shown
    plays, completeness = only(database, "version_plays, completeness")
    assert plays == {"full": 9, "more": 2}[shown[0]]
    assert completeness == (10 if shown[1] else 0)
    assert only(database, "created_at::date::text") == "2020-01-01"
    assert only(database, "playcount", "lastfm_stats") == one.playcount + other.playcount


def test_of_two_merged_rows_of_a_kind_the_staying_canonical_id_stays(database: Database) -> None:
    store(database, song("A", "T", number=1), song("A", "Tee", 90, number=2))
    ids = dict(look(database, "SELECT title, id FROM songs"))
    with database.connect() as connection:
        connection.execute("SELECT timbre_absorb(%s, %s, 'name', NULL, NULL)", [ids["Tee"], ids["T"]])
    assert only(database, "title, canonical_id, isrc, spotify_id") == ("Tee", f"isrc:{isrc(1)}", isrc(2), spotify_id(2))


def test_a_bare_row_gains_what_the_absorbed_one_knew(database: Database) -> None:
    full = song("A", "less", 1, keys=[name_key("A", "less")])
    full.isrc, full.isrc_source = isrc(5), "deezer"
    store(database, with_track(1, 9, isrc=None), full)
    assert full.identity is not None
    with database.connect() as connection:
        connection.execute("SELECT timbre_absorb(%s, %s, 'name', NULL, NULL)", [full.identity.song_id, UUID(int=1)])
    assert only(database, "title, isrc, isrc_source, spotify_id") == ("T", isrc(5), "deezer", spotify_id(1))
