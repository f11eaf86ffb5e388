"""What calls of a kind are expected to bring, and how soon those made change that."""

import json

import pytest

from timbre_spider.items import SpotifyAlbum
from timbre_spider.planning.calls import Group, Kind
from timbre_spider.planning.want import KnownAlbum, Want
from timbre_spider.planning.yields import Yields

pytestmark = pytest.mark.unit

SONG, UNHEARD_OF = (Kind.SONG, 0), (Kind.ALBUM, 99)


@pytest.mark.parametrize(
    ("made", "expected"),
    [
        ([], 0.85),
        # Twelve songs at stake weigh as much as what was believed before.
        ([(12, 0)], 0.425),
        ([(12, 12)], 0.925),
        ([(6, 0), (6, 0)], 0.425),
        ([(6, 6), (6, 6)], 0.925),
        ([(1, 1)], (0.85 * 12 + 1) / 13),
        ([(228, 0)], 0.85 * 12 / 240),
    ],
)
def test_what_calls_brought_is_weighed_against_what_was_believed(
    made: list[tuple[float, float]], expected: float
) -> None:
    yields = Yields()
    for stake, hits in made:
        yields.learn(SONG, stake, hits)
    assert yields.of(SONG) == pytest.approx(expected)
    assert yields.of(UNHEARD_OF) == 0.5


def test_what_one_run_learned_another_goes_on_from_unless_it_has_learned_itself() -> None:
    one, other, third = Yields(), Yields(), Yields()
    one.learn(SONG, 12, 0)
    third.learn(SONG, 12, 12)
    for each in (other, third):
        each.recall([*json.loads(json.dumps(one.learned())), ["a kind there was once", 0, 1, 1]])
    assert [each.of(SONG) for each in (one, other, third)] == pytest.approx([0.425, 0.425, 0.925])


def test_who_only_looked_has_learned_nothing_and_may_still_recall() -> None:
    yields = Yields()
    yields.of(SONG)
    assert yields.learned() == []
    yields.recall([[*SONG, 12, 0]])
    assert yields.of(SONG) == pytest.approx(0.85 / 2)


@pytest.mark.parametrize("group", [(Kind.ARTIST_ALBUMS, 0), (Kind.ARTIST_ALBUMS, 1), (Kind.TRACK, 0), (Kind.TRACK, 1)])
def test_of_calls_that_find_no_song_by_themselves_nothing_is_learned(group: Group) -> None:
    yields = Yields()
    before = yields.of(group)
    yields.learn(group, 100, 0)
    assert yields.of(group) == before


@pytest.mark.parametrize(
    ("spotify_id", "unproven", "found"), [("", False, False), ("1", True, False), ("1", False, True), ("", True, False)]
)
def test_a_song_is_found_where_its_track_is_known_beyond_doubt(spotify_id: str, unproven: bool, found: bool) -> None:
    assert Want("hash:a", "ann", "Ann", "Lantern", 5, spotify_id=spotify_id, unproven=unproven).is_found is found


@pytest.mark.parametrize(
    ("kind", "told", "tracks", "collects"),
    [("album", 9, 9, False), ("compilation", 40, 40, True), ("single", 1, 1, False), (None, 0, 12, False)],
)
def test_an_album_has_as_many_tracks_as_it_tells_or_as_most_have(
    kind: str | None, told: int, tracks: int, collects: bool
) -> None:
    album = KnownAlbum("ann|harbour", SpotifyAlbum("1", "Harbour", ("Ann",), kind, tracks=told))
    assert (album.tracks, album.is_collection) == (tracks, collects)


PAGE, ALBUM = Kind.ARTIST_PAGE, Kind.ALBUM


@pytest.mark.parametrize(
    ("group", "expected"),
    [
        ((PAGE, 1), 0.35), ((PAGE, 2), 0.6), ((PAGE, 3), 0.7), ((PAGE, 4), 0.7),
        ((PAGE, 5), 0.15), ((PAGE, 6), 0.15), ((PAGE, 7), 0.2), ((PAGE, 8), 0.4),
        ((ALBUM, 0), 0.3), ((ALBUM, 1), 0.5), ((ALBUM, 2), 0.8), ((ALBUM, 3), 0.8), ((ALBUM, 4), 0.15),
        ((ALBUM, 5), 0.5),
        ((Kind.SONG, 0), 0.85), ((Kind.SONG, 1), 0.7), ((Kind.SONG, 2), 0.1), ((Kind.SONG_IN_WORDS, 0), 0.45),
        ((Kind.ALBUM_SEARCH, 0), 0.7), ((Kind.ARTIST_ALBUMS, 0), 0.3), ((Kind.ARTIST_ALBUMS, 1), 1.0),
        ((Kind.TRACK, 0), 1.0), ((Kind.TRACK, 1), 0.4), ((Kind.TRACK, 2), 0.9),
    ],
)  # fmt: skip
def test_what_was_measured_is_believed_before_any_call(group: Group, expected: float) -> None:
    assert Yields().of(group) == pytest.approx(expected)
