"""What an artist has brought out, and how much of it a page shows."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from timbre_spider.items import Release
from timbre_spider.planning.releases import Releases, shown

pytestmark = pytest.mark.unit


def test_editions_of_an_album_count_together_and_pressings_of_one_name_once() -> None:
    told = [
        ("tide", Release("Tide", 10)),
        ("tide", Release("Tide (Deluxe)", 14)),
        ("tide", Release("Tide", 12)),
        ("ebb", Release("Ebb")),
    ]
    releases = Releases(told)
    assert (releases.tracks["tide"], releases.tracks["ebb"], releases.tracks["flow"]) == (26, 0, 0)
    assert (releases.tracks.total(), releases.collections) == (26, {})


def test_collections_are_known_by_the_name_told_first() -> None:
    told = [("best", Release("Best", 12, is_collection=True)), ("best", Release("Best, The", 14, is_collection=True))]
    assert Releases([*told, ("tide", Release("Tide", 9))]).collections == {"best": "Best"}


@pytest.mark.parametrize(
    ("tracks", "songs", "share"),
    [
        (10, 4, 1.0),
        (10, 10, 1.0),
        # No more than ten places, whoever waits.
        (14, 14, 10 / 14),
        (11, 40, 0.25),
        # A tenth of the places for a tenth of the tracks, thrice as many for those that were heard.
        (100, 12, 0.30),
        (350, 12, 0.095),
    ],
)
def test_a_page_shows_its_share_of_the_songs(tracks: int, songs: int, share: float) -> None:
    assert shown(10, tracks, songs) == pytest.approx(share, abs=0.005)


@given(st.integers(1, 50), st.integers(1, 2000), st.integers(1, 300))
def test_no_page_shows_more_than_it_has_places_or_songs_wait_and_of_more_tracks_less(
    places: int, tracks: int, songs: int
) -> None:
    share = shown(places, tracks, songs)
    assert 0 < share <= 1
    assert shown(places, tracks + 1, songs) <= share
    assert tracks <= places or share * songs <= places + 1e-9
