"""Who is who across runs: the stages dedup and postgres over a real database."""

import asyncio
from itertools import permutations

import pytest
from scrapy.exceptions import DropItem

from tests.pipelines.making import context_of, dropped_or, opened, stats
from timbre_spider.errors import RunError
from timbre_spider.items import ChartRow, Song, SpotifyTrack
from timbre_spider.matching.identify import name_id
from timbre_spider.pipelines.dedup import Dedup
from timbre_spider.pipelines.postgres import Postgres
from timbre_spider.storage.override_store import add_override
from timbre_spider.storage.pending_write import Receipt, Status
from timbre_spider.storage.writer import Writer

pytestmark = pytest.mark.integration

ISRC, OTHER_ISRC = "USABC2600001", "USABC2600002"


def run(database, tmp_path, *songs, meanwhile=lambda: None, failures=None, counted=None):
    """One run over `songs`, all at once; `meanwhile` happens between the two stages."""

    async def stages():
        context = context_of(database, tmp_path)
        await context.open_lines()
        dedup, postgres = Dedup(context), Postgres(context, counted or stats())

        async def through(song):
            try:
                identified = await dedup.process_item(song)
                meanwhile()
                await postgres.process_item(identified)
            except DropItem as dropped:
                return str(dropped)
            return "stored"

        try:
            return await asyncio.gather(*map(through, songs))
        finally:
            if failures is not None:
                failures.append(context.failures.first)
            await context.close_lines()

    return asyncio.run(stages())


def test_a_song_the_database_will_not_have_is_dropped_and_its_rows_are_rejected(database, tmp_path):
    counted = stats()
    poison = song("Ann", "Lantern", also=[("Ann", "Lantern (Live)")], spotify_id="1", duration_ms=2**40)
    told = run(database, tmp_path, poison, song("Ann", "Harbour"), counted=counted)
    assert [each.partition(":")[0] for each in told] == ["set aside", "stored"]
    flows = [
        counted.get_value(f"timbre/{what}/{part}") for part in ("rejected", "stored") for what in ("rows", "plays")
    ]
    assert flows == [2, 10, 1, 5]


def song(artist, title, plays=5, *, isrc=None, spotify_id=None, duration_ms=200_000, listener="ann", also=()):
    names = [(artist, title), *also]
    rows = [
        ChartRow(one, other, plays, rank, name_id=name_id(one, other)) for rank, (one, other) in enumerate(names, 1)
    ]
    made = Song(listener, artist, title, name_id(artist, title), rows)
    if spotify_id:
        made.spotify = SpotifyTrack(spotify_id.rjust(22, "0"), title, (artist,), isrc=isrc, duration_ms=duration_ms)
    made.isrc = isrc
    return made


def stored(database):
    with database.connect() as connection:
        return connection.execute(
            """SELECT s.title, s.canonical_id, l.playcount, (SELECT count(*) FROM aliases a WHERE a.song_id = s.id)
               FROM songs s JOIN lastfm_stats l ON l.song_id = s.id ORDER BY s.title, s.canonical_id"""
        ).fetchall()


def ids(database):
    with database.connect() as connection:
        return [row[0] for row in connection.execute("SELECT id FROM songs ORDER BY title")]


def test_a_song_known_by_name_later_gains_an_isrc_and_stays_the_same_row(database, tmp_path):
    run(database, tmp_path, song("Ann", "Tide"))
    [before] = ids(database)
    assert stored(database)[0][1].startswith("hash:")
    run(database, tmp_path, song("Ann", "Tide", isrc=ISRC, spotify_id="1"))
    assert ids(database) == [before]
    assert stored(database) == [("Tide", f"isrc:{ISRC}", 5, 1)]
    run(database, tmp_path, song("Ann", "Tide"))
    assert stored(database) == [("Tide", f"isrc:{ISRC}", 5, 1)]


def test_two_rows_found_to_be_one_are_merged_and_the_old_id_redirects(database, tmp_path):
    run(database, tmp_path, song("Ann", "Tide", 5), song("Ann", "Tidee", 3))
    assert len(before := ids(database)) == 2
    run(database, tmp_path, song("Ann", "Tide", 5, isrc=ISRC, spotify_id="1"))
    run(database, tmp_path, song("Ann", "Tidee", 3, isrc=ISRC, spotify_id="1"))
    assert stored(database) == [("Tide", f"isrc:{ISRC}", 8, 2)]
    [kept] = ids(database)
    with database.connect() as connection:
        assert connection.execute("SELECT old_id, song_id FROM song_redirects").fetchall() == [
            (next(each for each in before if each != kept), kept)
        ]


def test_both_in_one_run_the_second_is_dropped_once_it_is_stored(database, tmp_path):
    said = run(
        database,
        tmp_path,
        song("Ann", "Tide", 5, isrc=ISRC, spotify_id="1"),
        song("Ann", "Tidee", 3, isrc=ISRC, spotify_id="1"),
    )
    assert sorted(said) == ["it is the same song as one already stored in this run", "stored"]
    assert [row[1:] for row in stored(database)] == [(f"isrc:{ISRC}", 8, 2)]


def test_an_isrc_shared_by_recordings_of_two_lengths_makes_them_no_one(database, tmp_path):
    run(database, tmp_path, song("Ann", "Tide", 6, isrc=ISRC, spotify_id="1"))
    run(database, tmp_path, song("Ann", "Tidee", 5, isrc=ISRC, spotify_id="2", duration_ms=400_000))
    assert [(title, plays) for title, _, plays, _ in stored(database)] == [("Tide", 6), ("Tidee", 5)]


def test_a_song_of_several_spellings_is_the_one_that_was_known_by_any_of_them(database, tmp_path):
    run(database, tmp_path, song("Ann", "Ebb", 3))
    [known] = ids(database)
    both = song("Ann", "Tide", 5, also=[("Ann", "Ebb")])
    assert run(database, tmp_path, both) == ["stored"]
    assert (ids(database), [row[2:] for row in stored(database)]) == ([known], [(10, 2)])


def test_a_song_that_others_are_merged_into_counts_once(database, tmp_path):
    """Of the first listener's two songs the second one's show that they are one."""
    songs = [
        song("Ann", "Tide", 5), song("Ann", "Tidee", 3),
        *(song("Ann", title, 2, isrc=ISRC, spotify_id="1", listener="bob") for title in ("Tide", "Tidee")),
    ]  # fmt: skip

    async def one_by_one():
        context = context_of(database, tmp_path)
        async with opened(context):
            dedup, postgres = Dedup(context), Postgres(context, stats())
            said = [await dropped_or(postgres.process_item(await dedup.process_item(each))) for each in songs]
            return said, context

    said, context = asyncio.run(one_by_one())
    assert said == ["", "", "", "it is the same song as one already stored in this run"]
    assert (len(context.stored), context.stored.songs_of("ann"), context.stored.songs_of("bob")) == (1, 1, 1)
    assert [context.listeners[name].plays_stored for name in ("ann", "bob")] == [8, 4]


def test_an_isrc_shared_by_two_songs_makes_them_no_one(database, tmp_path):
    run(database, tmp_path, song("Ann", "Tide", 6, isrc=ISRC, spotify_id="1"))
    run(database, tmp_path, song("Bob", "Completely Other", 5, isrc=ISRC, spotify_id="2"))
    kinds = {title: canonical.partition(":")[0] for title, canonical, *_ in stored(database)}
    assert kinds == {"Tide": "isrc", "Completely Other": "spotify"}


@pytest.mark.parametrize("order", [(0, 1), (1, 0)])
@pytest.mark.parametrize("at_once", [False, True])
def test_a_shared_isrc_belongs_to_the_more_played_whichever_came_first(database, tmp_path, order, at_once):
    songs = [
        song("Ann", "Tide", 9, isrc=ISRC, spotify_id="1"),
        song("Bob", "Completely Other", 5, isrc=ISRC, spotify_id="2"),
    ]
    runs = [[songs[n] for n in order]] if at_once else [[songs[n]] for n in order]
    for each in [*runs, songs]:
        run(database, tmp_path, *each)
    assert {title: canonical for title, canonical, *_ in stored(database)} == {
        "Tide": f"isrc:{ISRC}",
        "Completely Other": f"spotify:{'2'.rjust(22, '0')}",
    }


@pytest.mark.parametrize("order", list(permutations(range(3))))
def test_a_shared_isrc_belongs_to_the_more_played_whichever_listener_came_first(database, tmp_path, order):
    songs = [
        song("Ann", "Tide", 6, isrc=ISRC, spotify_id="1"),
        song("Ann", "Tide", 6, isrc=ISRC, spotify_id="1", listener="bob"),
        song("Bob", "Completely Other", 9, isrc=ISRC, spotify_id="2"),
    ]
    for number in order:
        run(database, tmp_path, songs[number])
    kinds = {title: canonical.partition(":")[0] for title, canonical, *_ in stored(database)}
    assert kinds == {"Tide": "isrc", "Completely Other": "spotify"}


def test_a_listener_is_one_in_any_case(database, tmp_path):
    for name in ("RJ", "rj", "Rj"):
        run(database, tmp_path, song("Ann", "Tide", 5, listener=name))
    assert [row[2:] for row in stored(database)] == [(5, 1)]


def test_a_song_that_joined_another_meanwhile_leaves_with_that_ones_id(database, tmp_path):
    run(database, tmp_path, song("Ann", "Tide", 5, isrc=ISRC), song("Ann", "Ebb", 3))
    with database.connect() as connection:
        gone, kept = (connection.execute("SELECT id FROM songs WHERE title = %s", [title]).fetchone()[0]
                      for title in ("Ebb", "Tide"))  # fmt: skip
    late = song("Ann", "Ebb", 3)

    def meanwhile():
        with database.connect() as connection:
            connection.execute("SELECT timbre_absorb(%s, %s, 'name', NULL, NULL)", [gone, kept])

    assert run(database, tmp_path, late, meanwhile=meanwhile) == ["stored"]
    assert late.identity.song_id == kept


@pytest.mark.parametrize(("taken", "said"), [(9, "stored"), (10, "contested without end")])
def test_a_song_whose_keys_others_take_time_and_again_fails_the_run(database, tmp_path, monkeypatch, taken, said):
    store, tried = Writer.store, []

    async def contested(writer, each):
        tried.append(each)
        return Receipt(Status.CONTESTED) if len(tried) <= taken else await store(writer, each)

    monkeypatch.setattr(Writer, "store", contested)
    failures = []
    assert run(database, tmp_path, song("Ann", "Tide"), failures=failures) == [said]
    assert len(tried) == 10
    [failure] = failures
    if said == "stored":
        assert failure is None
    else:
        assert isinstance(failure, RunError)
        assert "Ann - Tide was not stored: others changed who it is 10 times" in str(failure)


def test_plays_are_summed_over_listeners_and_never_twice_over_runs(database, tmp_path):
    for _ in range(3):
        run(database, tmp_path, song("Ann", "Tide", 5), song("Ann", "Tide", 7, listener="bob"))
    assert [row[2:] for row in stored(database)] == [(12, 2)]


@pytest.mark.parametrize("again", [False, True])
def test_said_to_be_the_same_they_are_and_stay(database, tmp_path, again):
    songs = [song("Ann", "Tide", 5, isrc=ISRC, spotify_id="1"), song("Ann", "Ebb", 3, isrc=OTHER_ISRC, spotify_id="2")]
    run(database, tmp_path, *songs)
    add_override(database, "same", "Ann - Tide", "Ann - Ebb")
    if again:
        run(database, tmp_path, *songs)
    assert [row[2:] for row in stored(database)] == [(8, 2)]


@pytest.mark.parametrize("again", [False, True])
def test_said_to_differ_they_part_and_stay_apart_whatever_their_ids(database, tmp_path, again):
    songs = [song("Ann", "Tide", 5, isrc=ISRC, spotify_id="1"), song("Ann", "Tidee", 3, isrc=ISRC, spotify_id="1")]
    run(database, tmp_path, *songs)
    assert len(stored(database)) == 1
    add_override(database, "different", "Ann - Tide", "Ann - Tidee")
    if again:
        run(database, tmp_path, *songs)
    assert [(title, plays, rows) for title, _, plays, rows in stored(database)] == [("Tide", 5, 1), ("Tidee", 3, 1)]


def test_a_spelling_folded_into_a_song_can_be_said_to_differ(database, tmp_path):
    run(database, tmp_path, song("Ann", "Tide", 5, isrc=ISRC, spotify_id="1", also=[("Ann", "Tidee")]))
    add_override(database, "different", "Ann - Tide", "Ann - Tidee")
    assert [(title, plays, rows) for title, _, plays, rows in stored(database)] == [("Tide", 5, 1), ("Tidee", 5, 1)]


def test_two_runs_that_store_the_same_songs_at_once_end_with_each_once(database, tmp_path):
    def songs(listener):
        return [song("Ann", f"Song {number}", number + 1, isrc=f"USABC26{number:05}", spotify_id=str(number + 1),
                     listener=listener) for number in range(60)]  # fmt: skip

    async def both():
        runs = (asyncio.to_thread(run, database, tmp_path / name, *songs(name)) for name in ("ann", "bob"))
        return await asyncio.gather(*runs)

    said = asyncio.run(both())
    assert {each for one in said for each in one} == {"stored"}
    assert [row[2] for row in sorted(stored(database), key=lambda row: row[2])] == [2 * (n + 1) for n in range(60)]
