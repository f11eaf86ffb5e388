"""The same play told twice is one play; and what is known of a song is what most of its plays tell."""

from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.histories.making import HOUR, NOON, OTHER_ID, TRACK_ID, as_json, extended, scrobble
from timbre_spider.histories.play import Play
from timbre_spider.histories.read import read_histories
from timbre_spider.histories.tally import Tally

pytestmark = pytest.mark.unit


def rows_of(*plays, source="spotify"):
    tally = Tally()
    for play in plays:
        tally.add(source, play)
    return tally.rows(), tally


def test_parts_of_two_exports_overlap(tmp_path):
    plays = [extended(at=NOON + HOUR * number) for number in range(10)]
    (tmp_path / "old_0.json").write_bytes(as_json(plays[:7]))
    (tmp_path / "new_0.json").write_bytes(as_json(plays[3:]))
    histories = read_histories([tmp_path])
    assert [(row.title, row.playcount) for row in histories.rows] == [("Lantern", 10)]
    assert histories.doubles == 4
    assert read_histories([tmp_path, tmp_path]).rows == histories.rows


def test_a_name_that_changed_between_two_exports_is_one_song_s():
    [row], tally = rows_of(
        Play("Ann", "Lantern", 1, "Harbour", TRACK_ID),
        Play("Ann", "Lantern - Remastered", 1, "Harbour (Deluxe)", TRACK_ID),
        Play("Ann", "Lantern - Remastered", 2, "Harbour (Deluxe)", TRACK_ID),
    )
    assert (row.title, row.playcount, row.listens[0].album) == ("Lantern - Remastered", 2, "Harbour (Deluxe)")
    assert tally.doubles == 1


def test_one_spelling_of_several_tracks_is_one_row_with_the_id_played_most():
    [row], tally = rows_of(
        Play("Ann", "Lantern", 1, "Single", OTHER_ID),
        *(Play("Ann", "Lantern", at, "Harbour", TRACK_ID) for at in (2, 3)),
    )
    [listens] = row.listens
    assert (row.playcount, listens.spotify_id, listens.album, tally.doubles) == (3, TRACK_ID, "Harbour", 0)


def test_sources_are_counted_apart_and_the_row_has_the_highest_count(tmp_path):
    (tmp_path / "a.json").write_bytes(as_json([extended(at=NOON + 200), extended(at=NOON + HOUR)]))
    (tmp_path / "b.json").write_bytes(as_json([{"track": [scrobble(NOON)]}]))
    [row] = read_histories([tmp_path]).rows
    assert {each.source: each.plays for each in row.listens} == {"spotify": 2, "lastfm_export": 1}
    assert row.playcount == 2


@pytest.mark.parametrize(
    ("plays", "count", "doubles"),
    [
        ([Play("A", "T"), Play("A", "T")], 2, 0),
        ([Play("A", "T", plays=4), Play("A", "T", album="X", plays=3)], 7, 0),
        ([Play("A", "T", 1, plays=4), Play("A", "T", 1, plays=4), Play("A", "T", 2)], 5, 4),
        ([Play("A", "T", 1, plays=4), Play("A", "T", 1, album="X", plays=3)], 4, 3),
        ([Play("A", "T", 1, plays=4), Play("A", "T", 1, plays=2)], 4, 2),
        ([Play("A", "T", 1, plays=2), Play("A", "T", 1, plays=4)], 4, 2),
    ],
)
def test_plays_without_a_time_add_up_and_counts_at_a_time_do_not(plays, count, doubles):
    [row], tally = rows_of(*plays)
    assert (row.playcount, tally.doubles) == (count, doubles)


def test_rows_are_ranked_by_plays():
    rows, _ = rows_of(Play("B", "two", 1), Play("A", "one", 1), Play("A", "one", 2, duration_ms=5), Play("A", "one", 3))
    assert [(row.title, row.rank, row.playcount, row.duration_ms) for row in rows] == [
        ("one", 1, 3, 5),
        ("two", 2, 1, None),
    ]


plays = st.builds(
    Play,
    st.sampled_from(["Ann", "Bob"]),
    st.sampled_from(["One", "Two"]),
    st.integers(1, 9),
    st.sampled_from([None, "A", "B"]),
    st.sampled_from([None, TRACK_ID, OTHER_ID]),
    plays=st.integers(1, 2),
)


@given(st.lists(plays, max_size=12), st.integers())
def test_neither_order_nor_repetition_changes_what_is_counted(given_plays, order):
    rows, tally = rows_of(*given_plays)
    again = given_plays + given_plays
    Random(order).shuffle(again)
    shuffled, twice = rows_of(*again)
    counts = [{(row.artist, row.title): row.playcount for row in each} for each in (rows, shuffled)]
    assert counts[0] == counts[1]
    assert sum(counts[0].values()) + tally.doubles == sum(play.plays for play in given_plays)
    assert sum(counts[1].values()) + twice.doubles == 2 * sum(play.plays for play in given_plays)
