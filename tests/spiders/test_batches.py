import pytest
from hypothesis import given
from hypothesis import strategies as st

from timbre_spider.items import ChartRow
from timbre_spider.spiders.batches import Artists, in_batches, plays

pytestmark = pytest.mark.unit

SONGS = st.lists(st.tuples(st.sampled_from("abcdefgh"), st.integers(0, 50)), max_size=60)


def batches(songs, size):
    rows = [[ChartRow(artist, f"t{number}", count, number)] for number, (artist, count) in enumerate(songs)]
    return list(in_batches(rows, size, artist_of=[artist for artist, _ in songs]))


@given(SONGS, st.integers(1, 10))
def test_every_song_is_in_one_batch_of_at_most_the_size(songs, size):
    made = batches(songs, size)
    assert sorted(song[0].title for batch in made for song in batch) == sorted(f"t{n}" for n in range(len(songs)))
    assert all(0 < len(batch) <= size for batch in made)


def test_the_most_played_artist_goes_first_with_all_its_songs():
    made = batches([("a", 1), ("b", 9), ("a", 2), ("c", 1), ("b", 1)], 2)
    assert [[song[0].artist for song in batch] for batch in made] == [["b", "b"], ["a", "a"], ["c"]]


@pytest.mark.parametrize(("songs", "sizes"), [(8, [8, 4]), (7, [10, 1])])
def test_a_batch_that_is_nearly_full_goes_without_a_part_of_the_next_artist(songs, sizes):
    made = batches([("a", 9)] * songs + [("b", 1)] * 4, 10)
    assert [len(batch) for batch in made] == sizes


def test_an_artist_is_told_of_with_its_songs_and_three_in_a_hundred_songs_are_often_played():
    songs = [[ChartRow("The Ann" if number % 2 else "Bob", "t", 200 - number, number)] for number in range(150)]
    artists = Artists(songs)
    assert artists.told_of(songs[0]) == (75, "Bob", True)
    assert artists.told_of(songs[149]) == (75, "The Ann", False)
    assert [artists.told_of(song)[2] for song in songs].count(True) == 5
    assert Artists([[ChartRow("a", "t", 0, 1)]]).told_of([ChartRow("a", "t", 0, 1)]) == (1, "a", True)


def test_plays_of_a_song_are_those_of_all_its_rows():
    assert plays([ChartRow("a", "t", 3, 1), ChartRow("a", "T", 4, 2)]) == 7
