"""What a dry run says of Spotify's calls."""

import math
from collections import Counter
from collections.abc import Mapping
from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.planning.making import album, want
from timbre_spider.planning.budget import Allowance
from timbre_spider.planning.calls import Bucket
from timbre_spider.planning.forecast import Forecast, forecast
from timbre_spider.planning.pool import Pool
from timbre_spider.planning.want import Want

pytestmark = pytest.mark.unit

FREE = dict.fromkeys(Bucket, Allowance(math.inf, None))
BACK = datetime(2026, 3, 1, tzinfo=UTC)


def of_songs(songs: Mapping[str, int], allowed: Mapping[Bucket, Allowance]) -> Forecast:
    """Artists with so many songs each, the first the most played."""
    pool = Pool()
    for artist, count in songs.items():
        for number in range(count):
            pool.add(want(str(number), artist, 100 - number))
    return forecast(pool, allowed)


def test_a_song_shares_calls_with_others_of_its_artist() -> None:
    alone = of_songs({f"artist {number}": 1 for number in range(40)}, FREE)
    together = of_songs({"ann": 40}, FREE)
    assert (alone.songs, together.songs) == (40, 40)
    assert 40 <= alone.calls <= 46, "and few for songs' words, which find next to nothing"
    assert 4 <= together.calls <= 20, "and albums with some of them"


def test_a_smaller_budget_takes_more_evenings_and_the_first_brings_the_most_plays() -> None:
    songs = {f"artist {number}": 1 + number % 7 for number in range(60)}
    many, few = (of_songs(songs, dict.fromkeys(Bucket, Allowance(calls, int(calls)))) for calls in (40.0, 10.0))
    assert 1 <= len(many.evenings) < len(few.evenings)
    assert few.evenings[0].plays == max(each.plays for each in few.evenings)
    assert few.evenings[0].calls <= 10 * len(Bucket)


def test_the_first_evening_has_what_is_left_and_later_ones_a_whole_budget() -> None:
    left = dict.fromkeys(Bucket, Allowance(3, 10))
    evenings = of_songs({f"artist {number}": 1 for number in range(40)}, left).evenings
    assert [each.calls for each in evenings][:2] == [3, 10]


def test_a_locked_evening_passes() -> None:
    locked = dict.fromkeys(Bucket, Allowance(0, 400, BACK))
    told = of_songs({"ann": 3}, locked)
    assert [bool(each.calls) for each in told.evenings] == [False, True]
    assert told.is_bounded


def test_nobody_waits() -> None:
    assert of_songs({}, FREE) == Forecast(0, 0, (), FREE)
    assert not of_songs({}, FREE).is_bounded


def test_a_tiny_budget_is_not_reckoned_to_its_end() -> None:
    tiny = dict.fromkeys(Bucket, Allowance(1, 1))
    assert len(of_songs({f"artist {number}": 1 for number in range(200)}, tiny).evenings) == 60


@settings(max_examples=60)
@given(
    st.dictionaries(st.sampled_from("abcdefgh"), st.integers(1, 30), max_size=8),
    st.dictionaries(st.sampled_from(Bucket), st.integers(0, 30)),
)
def test_it_ends_and_counts_each_song_once(songs: dict[str, int], left: dict[Bucket, int]) -> None:
    allowed = {bucket: Allowance(left.get(bucket, 0), left.get(bucket, 0) or 1) for bucket in Bucket}
    told = of_songs(songs, allowed)
    assert told.songs == sum(songs.values())
    assert sum(each.songs for each in told.evenings) <= told.songs
    assert sum(each.plays for each in told.evenings) <= told.plays
    assert told.calls <= sum(max(left.get(bucket, 0), 1) for bucket in Bucket) * max(len(told.evenings), 1)


def test_a_key_that_brings_more_at_a_time_is_told_fewer_calls() -> None:
    pools = [Pool(), Pool(50, 50, together=True)]
    for pool in pools:
        for number in range(60):
            pool.add(want(str(number % 20), f"artist {number % 3}", plays=100 - number))
    one_by_one, together = (forecast(pool, FREE).calls for pool in pools)
    assert together <= 0.7 * one_by_one


@pytest.mark.parametrize(("left", "calls"), [(9, 4), (1, 1), (0, 0)])
def test_isrcs_that_albums_do_not_tell_cost_calls_where_tracks_may_be_asked_for(left: int, calls: int) -> None:
    """Of 54 songs found on albums four lack theirs."""
    pool = Pool()
    for number in range(60):
        pool.add(want(str(number), plays=100 - number, album=f"album {number // 10}"))
    pool.tell_of("ann", [album(f"album {number}") for number in range(6)])
    nothing_else = dict.fromkeys(Bucket, Allowance(0, 0)) | {Bucket.ALBUMS: Allowance(math.inf, None)}
    both = forecast(pool, nothing_else | {Bucket.TRACKS: Allowance(left, 0)})
    assert both.calls == 6 + calls


@pytest.mark.parametrize(("left", "scarce"), [(2, True), (3, False), (4, False)])
def test_calls_are_scarce_where_fewer_are_left_than_songs_wait(left: float, scarce: bool) -> None:
    assert Forecast(3, 9, (), dict.fromkeys(Bucket, Allowance(left, 9))).is_scarce is scarce


def test_songs_of_no_known_album_are_taken_to_share_albums_as_songs_do() -> None:
    class Seen(Pool):
        def add(self, want: Want) -> None:
            albums[want.key] = want.album_key
            super().add(want)

    albums: dict[str, str] = {}
    pool = Seen()
    for number in range(12):
        pool.add(want(f"{number:02}", plays=100 - number))
    forecast(pool, FREE)
    assert list(Counter(albums[key] for key in sorted(albums)).values()) == [3, 2, 3, 2, 2]
