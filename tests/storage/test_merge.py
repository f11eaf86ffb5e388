"""What becomes of songs that are loaded: the rules of the merge, each on a real database."""

import asyncio
from collections.abc import Mapping
from itertools import permutations
from typing import Any
from uuid import UUID, uuid4

import pytest

from tests.storage.making import (
    NOW,
    album,
    answer,
    dump,
    isrc,
    look,
    name_key,
    rows_as_written,
    song,
    spotify_id,
    store,
    told_openly,
    track,
)
from timbre_spider.items import ChartRow, Listens, Reject, SeenOn, Sighting
from timbre_spider.storage.database import Database
from timbre_spider.storage.link import Link
from timbre_spider.storage.migrate import migrate
from timbre_spider.storage.pending_write import PendingWrite
from timbre_spider.storage.supabase import RestLink

pytestmark = pytest.mark.integration


def test_a_full_song_fills_every_table(database: Database) -> None:
    full = song(number=1, plays=7, tags={"rock": 100}, aoty=album())
    [receipt] = store(database, full)
    assert (receipt.status, receipt.song_id, receipt.new) == ("stored", full.identity.song_id, True)
    [row] = look(database, "SELECT artist, title, canonical_id, isrc, spotify_id, playcount, lastfm_tags, duration_ms,"
        " popularity, album_name, release_date::text, release_precision, explicit, track_number, user_score,"
        " rating_count, genres, aoty_tags FROM song_features")  # fmt: skip
    assert row == (
        "A", "T", f"isrc:{isrc(1)}", isrc(1), spotify_id(1), 7, {"rock": 100}, 200_000, 50, "Album", "1999-05-04",
        "day", False, 3, 80, 100, ["Rock"], ["guitar"],
    )  # fmt: skip
    assert look(database, "SELECT count(*) FROM song_keys") == [3]
    assert look(database, "SELECT artist, title, playcount, rank, name_key FROM aliases") == [
        ("A", "T", 7, 1, name_key("A", "T"))
    ]


def test_loading_again_writes_nothing(database: Database) -> None:
    songs = [song("A", f"T{n}", number=n, tags={"x": 1}, aoty=album(n)) for n in range(50)]
    store(database, *songs)
    before = rows_as_written(database)
    receipts = store(database, *songs)
    assert {(each.status, each.new) for each in receipts} == {("stored", False)}
    assert rows_as_written(database) == before


def test_plays_are_summed_over_aliases_and_never_doubled_or_shrunk(database: Database) -> None:
    rows = [ChartRow("A", "T", 10, 1), ChartRow("a", "t", 5, 2)]
    store(database, song(rows=rows))
    store(database, song(rows=[ChartRow("A", "T", 3, 1)]))  # a shorter period
    store(database, song(rows=[ChartRow("a", "t", 8, 2)]))
    store(database, song(rows=[ChartRow("A", "T", 1, 9)], listener="you"))
    assert look(database, "SELECT playcount FROM lastfm_stats") == [10 + 8 + 1]


def version(kind: str, song_id: UUID):
    """Versions of one song, as different chart rows bring them."""
    keys = [name_key("A", "T")]
    made = {
        "bare": song("A", "T", 50, song_id=song_id, keys=keys, tags={"b": 1}),
        "found": song("a", "T live", 9, number=1, song_id=song_id, keys=[f"isrc:{isrc(1)}", *keys]),
        "fuller": song(
            "A", "T!", 5, number=2, song_id=song_id, keys=[*keys, f"spotify:{spotify_id(2)}"], aoty=album(2)
        ),
        "poorer": song("A ", "T?", 90, song_id=song_id, keys=keys, spotify=track(3, popularity=None, explicit=None)),
    }
    return made[kind]


def test_the_best_version_represents_the_song_whatever_the_order(database: Database) -> None:
    ended = []
    for order in permutations(["bare", "found", "fuller", "poorer"]):
        with database.connect() as connection:
            connection.execute("TRUNCATE songs, ratings_history CASCADE")
        for kind in order:
            store(database, version(kind, UUID(int=1)))
        ended.append(dump(database))
    assert all(each == ended[0] for each in ended)
    [row] = ended[0]["songs"]
    assert row[1:7] == ("a", "T live", f"isrc:{isrc(1)}", isrc(1), "spotify", spotify_id(1))


def test_several_spellings_in_one_batch_go_into_one_song(database: Database) -> None:
    one = UUID(int=1)
    receipts = store(database, *(song("A", f"T{n}", song_id=one, keys=[name_key("A", "T")]) for n in range(5)))
    assert {each.status for each in receipts} == {"stored"}
    assert sum(each.new for each in receipts) == 1
    assert look(database, "SELECT playcount FROM lastfm_stats") == [50]


def test_a_key_of_another_song_is_contested(database: Database) -> None:
    store(database, song("A", "T", number=1))
    thief = song("B", "U", keys=[f"isrc:{isrc(1)}", name_key("B", "U")])
    innocent = song("C", "V")
    receipts = store(database, thief, innocent)
    assert [each.status for each in receipts] == ["contested", "stored"]
    assert look(database, "SELECT count(*) FROM aliases WHERE artist = 'B'") == [0]


def test_of_two_new_songs_with_one_key_the_first_has_it(database: Database) -> None:
    receipts = store(
        database,
        song("A", "T", keys=[name_key("x", "x"), name_key("A", "T")]),
        song("B", "U", keys=[name_key("x", "x")]),
    )
    assert [each.status for each in receipts] == ["stored", "contested"]


def test_absorbing_moves_everything_and_redirects(database: Database) -> None:
    kept, gone = song("A", "T", 10), song("A", "T 2", 5, number=2, tags={"x": 1}, aoty=album())
    store(database, kept, gone)
    keys = [f"isrc:{isrc(2)}", name_key("A", "T")]
    [receipt] = store(database, song("A", "T", 10, keys=keys, absorbs=[gone.identity.song_id]))
    assert (receipt.status, receipt.song_id) == ("stored", kept.identity.song_id)
    assert look(database, "SELECT id, canonical_id, spotify_id, playcount, user_score FROM song_features") == [
        (kept.identity.song_id, f"isrc:{isrc(2)}", spotify_id(2), 15, 80)
    ]
    assert look(database, "SELECT old_id, song_id FROM song_redirects") == [
        (gone.identity.song_id, kept.identity.song_id)
    ]
    # The old id still leads there.
    [receipt] = store(database, song("A", "T 2", 6, number=2, song_id=gone.identity.song_id))
    assert (receipt.status, receipt.song_id) == ("merged", kept.identity.song_id)
    assert look(database, "SELECT playcount FROM lastfm_stats") == [16]


def test_redirects_never_form_chains(database: Database) -> None:
    ids = [UUID(int=n) for n in range(1, 4)]
    for n, each in enumerate(ids):
        store(database, song("A", f"T{n}", song_id=each))
    store(database, song("A", "T1", song_id=ids[1], absorbs=[ids[0]]))
    store(database, song("A", "T2", song_id=ids[2], absorbs=[ids[1]]))
    assert sorted(look(database, "SELECT old_id, song_id FROM song_redirects")) == [(ids[0], ids[2]), (ids[1], ids[2])]


def test_a_new_id_that_absorbs_takes_the_row_over(database: Database) -> None:
    old, new = uuid4(), uuid4()
    store(database, song("A", "T", song_id=old, number=1))
    store(database, song("A", "T", song_id=new, number=1, absorbs=[old]))
    assert look(database, "SELECT song_id FROM song_redirects WHERE old_id = %s", old) == [new]
    assert look(database, "SELECT song_id FROM spotify_attrs") == [new]


def test_absorbing_what_went_elsewhere_is_contested(database: Database) -> None:
    a, b, c = (song("A", title) for title in "abc")
    store(database, a, b, c)
    store(database, song("A", "b", absorbs=[a.identity.song_id]))
    [receipt] = store(database, song("A", "c", absorbs=[a.identity.song_id]))
    assert receipt.status == "contested"


def test_a_hash_song_gains_an_isrc_in_place(database: Database) -> None:
    store(database, song("A", "T"))
    store(database, song("A", "T", number=1))
    assert look(database, "SELECT canonical_id FROM songs") == [f"isrc:{isrc(1)}"]
    store(database, song("A", "T"))  # a run that learned less
    assert look(database, "SELECT canonical_id, isrc, spotify_id FROM songs") == [
        (f"isrc:{isrc(1)}", isrc(1), spotify_id(1))
    ]


def test_a_row_read_differently_now_leaves_its_song(database: Database) -> None:
    row = ChartRow("A", "T (x)", 5, 2)
    store(database, song("A", "T", rows=[ChartRow("A", "T", 10, 1), row]))
    store(database, song("A", "T (x)", rows=[row]))
    assert look(database, "SELECT title, playcount FROM song_features ORDER BY title") == [("T", 10), ("T (x)", 5)]


def test_a_song_left_without_rows_goes_where_they_went(database: Database) -> None:
    row = ChartRow("A", "T", 5, 1)
    old = song("A", "T", rows=[row], keys=[name_key("A", "t as it was read")], song_id=UUID(int=1))
    store(database, old)
    store(database, song("A", "T", rows=[row], song_id=UUID(int=2)))
    assert look(database, "SELECT id, playcount FROM song_features") == [(UUID(int=2), 5)]
    assert look(database, "SELECT song_id FROM song_redirects WHERE old_id = %s", UUID(int=1)) == [UUID(int=2)]


@pytest.mark.parametrize(
    ("given", "date", "precision"),
    [
        ("1999", "1999-01-01", "year"),
        ("1999-05", "1999-05-01", "month"),
        ("1999-05-04", "1999-05-04", "day"),
        ("1999-02-31", "1999-01-01", "year"),
        ("0000", None, None),
        ("soon", None, None),
        (None, None, None),
    ],
)
def test_release_dates(database: Database, given: str | None, date: str | None, precision: str | None) -> None:
    store(database, song(spotify=track(1, release_date=given)))
    assert look(database, "SELECT release_date::text, release_precision FROM spotify_attrs") == [(date, precision)]


def test_a_contested_taker_costs_the_holder_nothing(database: Database) -> None:
    store(database, song("A", "T", number=1), song("B", "U"))
    before = dump(database)
    taker = song("C", "V", keys=[f"isrc:{isrc(1)}", name_key("B", "U"), name_key("C", "V")])
    taker.identity.takes = (f"isrc:{isrc(1)}",)
    [receipt] = store(database, taker)
    assert receipt.status == "contested"  # the name is another's
    assert dump(database) == before


def test_who_was_merged_away_is_told(database: Database) -> None:
    one, two = song("A", "T", number=1), song("A", "Tee")
    store(database, one, two)
    [receipt] = store(database, song("A", "T", number=1, absorbs=[two.identity.song_id]))
    assert (receipt.status, receipt.gone) == ("stored", (two.identity.song_id,))


CATALOGUE = """
    SELECT sum(pg_total_relation_size(oid)) FROM pg_class
    WHERE relnamespace = 'pg_catalog'::regnamespace AND relkind = 'r'
"""


def test_batches_leave_nothing_in_the_catalogue(database: Database) -> None:
    def batches(count: int) -> None:
        async def run() -> None:
            link = database.link()
            for number in range(count):
                await link.load(
                    [
                        PendingWrite.of_song(song("A", f"T{number % 7}", number % 50)),
                        PendingWrite.of_answers([answer()]),
                    ]
                )
            await link.close()

        asyncio.run(run())

    batches(5)
    [before] = look(database, CATALOGUE)
    batches(100)
    [after] = look(database, CATALOGUE)
    assert after - before <= 100_000


KINDS = {
    "songs": {"staged_songs", "staged_aliases"},
    "questions": {"staged_questions"},
    "albums": {"staged_albums"},
    "answers": {"staged_answers"},
    "rejects": {"staged_rejects"},
}
STAGED = "SELECT relname, oid FROM pg_class WHERE relnamespace = pg_my_temp_schema() AND relname LIKE 'staged%%'"


def test_what_is_to_be_loaded_is_staged_and_anew_only_where_its_columns_are_others_now(database: Database) -> None:
    with database.connect() as connection:
        stage = lambda *kinds: connection.execute("SELECT timbre_stage(%s)", [list(kinds)])  # noqa: E731
        made = lambda: dict(connection.execute(STAGED).fetchall())  # noqa: E731
        connection.execute("DISCARD TEMP")
        for kind, tables in KINDS.items():
            before = made()
            stage(kind)
            assert made().keys() - before.keys() == tables
        first = made()
        connection.execute("ALTER TABLE pg_temp.staged_songs DROP COLUMN verdict")
        connection.execute("ALTER TABLE pg_temp.staged_albums ADD COLUMN more integer")
        connection.execute("ALTER TABLE pg_temp.staged_answers ALTER COLUMN score TYPE float8")
        connection.execute("ALTER TABLE pg_temp.staged_rejects ALTER COLUMN n TYPE bigint")
        stage(*KINDS)
        assert {name for name, oid in made().items() if oid != first[name]} == {
            "staged_songs", "staged_albums", "staged_answers", "staged_rejects",
        }  # fmt: skip
        connection.execute("INSERT INTO staged_questions (n) VALUES (1)")
        assert connection.execute("SELECT count(*) FROM staged_questions").fetchone() == (0,)  # that was a transaction
        again = made()
        stage(*KINDS)
        assert made() == again


class OneCall(RestLink):
    """What goes over REST, straight to the function."""

    def __init__(self, database: Database) -> None:
        self.database = database

    async def close(self) -> None:
        pass

    async def call(self, function: str, arguments: Mapping[str, Any]) -> Any:
        return self.database.call(function, arguments)


def everything_at_once() -> list[PendingWrite]:
    """Something of each kind; made where a loop runs, as a write must be."""
    heard = ChartRow("A", "T", 7, 1, listens=(Listens("spotify", "history", 8, 1000, 2000),))
    made = song(number=1, rows=[heard], tags={"x": 1}, aoty=album(), open=told_openly(3), asked={("open", 0): "hash:x"})
    seen = Sighting(1, "a|album", album(1, 81.0), SeenOn.ALBUM, "there", NOW)
    return [
        PendingWrite.of_song(made),
        PendingWrite.of_answers([answer()]),
        PendingWrite.of_rejects([Reject("me", "", "T", 1, "empty")]),
        PendingWrite.of_albums([seen]),
    ]


@pytest.mark.parametrize("kinds", [None, ["songs"], ["answers"], ["rejects"], ["albums"]])
def test_one_call_loads_what_copy_and_merge_load(database: Database, kinds: list[str] | None) -> None:
    async def loaded(link: Link) -> Any:
        report = await link.load([each for each in everything_at_once() if kinds is None or each.kind in kinds])
        await link.close()
        return report, dump(database), look(database, "SELECT song_key, source, key FROM questions"), look(
            database, "SELECT source, plays, first_play, last_play FROM listens")  # fmt: skip

    copied = asyncio.run(loaded(database.link()))
    filled = {table for table, rows in copied[1].items() if rows}
    assert filled >= {*(kinds or ["songs", "answers", "rejects"])} - {"albums"}
    with database.connect() as connection:
        connection.execute("TRUNCATE songs, answers, rejects, questions, aoty_sightings, ratings_history CASCADE")
    assert asyncio.run(loaded(OneCall(database))) == copied


def test_a_session_that_staged_before_the_schema_changed_goes_on(new_database: Database) -> None:
    async def run() -> None:
        link = new_database.link()
        await link.load([PendingWrite.of_song(song("A", "T"))])
        with new_database.connect() as connection:
            connection.execute("ALTER TYPE staged_song ADD ATTRIBUTE more integer")
            connection.execute("UPDATE schema_migrations SET checksum = NULL")
        await link.load([PendingWrite.of_song(song("A", "T"))])
        await asyncio.to_thread(migrate, new_database)
        await link.load([PendingWrite.of_song(song("B", "U"))])
        await link.close()

    asyncio.run(run())
    assert sorted(look(new_database, "SELECT title FROM songs")) == ["T", "U"]
