import math
from collections import Counter
from datetime import UTC, datetime

import pytest

from timbre_spider.extensions.estimate import Estimate
from timbre_spider.planning.budget import Allowance
from timbre_spider.planning.calls import Bucket
from timbre_spider.planning.forecast import Evening, Forecast

pytestmark = pytest.mark.unit

LIMITS = {"lastfm": 60, "spotify": 120, "aoty": 30, "listenbrainz": 60, "deezer": None, "musicbrainz": 50}
LABS = {"listenbrainz_labs": 12}
SONGS = Estimate(
    tags_of_artists={"a", "b"},
    songs_to_look_up=4,
    albums_due={"ann": {"x": True, "y": False}, "bob": {"z": True}},
    songs_without_album=Counter(bob=5, cy=1),
)
FREE = dict.fromkeys(Bucket, Allowance(math.inf, None))
CALLS = Forecast(30, 300, (Evening(17, 28, 290),), FREE)


def plan(estimate=SONGS, skipped=frozenset(), listenbrainz=True, spotify=CALLS, labs=False):
    return estimate.by_service(
        LIMITS | LABS, skipped=set(skipped), listenbrainz=listenbrainz, spotify=spotify, labs=labs
    )


def test_the_questions_of_each_service():
    assert {service: (each.least, each.most) for service, each in plan().items()} == {
        "lastfm": (2, 2),
        "spotify": (17, 17),
        "aoty": (1, 6),
        "listenbrainz": (2, 8),
        "deezer": (0, 12),
        "musicbrainz": (0, 0),
    }


def test_without_a_token_musicbrainz_is_asked_instead_and_listenbrainz_only_by_ids():
    told = plan(listenbrainz=False)
    assert [(told[name].least, told[name].most) for name in ("listenbrainz", "musicbrainz")] == [(0, 1), (0, 4)]


@pytest.mark.parametrize(("left", "artists", "most"), [(9, 40, 40), (9, 700, 600), (30, 40, 0), (math.inf, 40, 0)])
def test_where_calls_are_scarce_musicbrainz_is_asked_for_artists_albums(left, artists, most):
    waiting = Estimate(artists_without_spotify=set(map(str, range(artists))))
    calls = Forecast(30, 300, (Evening(9, 20, 150),), FREE | {Bucket.SEARCH: Allowance(left, 9)})
    told = plan(waiting, spotify=calls)["musicbrainz"]
    assert (told.least, told.most) == (0, most)


@pytest.mark.parametrize(("songs", "most"), [(0, 0), (1, 2), (50, 2), (51, 4)])
def test_labs_are_asked_in_lists_about_songs_spotify_may_not_tell(songs, most):
    told = plan(Estimate(songs_without_spotify=songs), labs=True)["listenbrainz_labs"]
    assert (told.least, told.most, told.seconds) == (0, most, 5.0 * most)


@pytest.mark.parametrize(
    ("known", "unnamed", "most"), [([True], 0, 1), ([True, True], 0, 2), ([False], 0, 2), ([True], 1, 2), ([], 3, 2)]
)
def test_an_artist_whose_albums_have_addresses_takes_a_page_for_each_or_two(known, unnamed, most):
    waiting = Estimate(songs_without_album=Counter(ann=unnamed))
    waiting.albums_due["ann"].update({str(number): has_page for number, has_page in enumerate(known)})
    assert plan(waiting)["aoty"].most == most


def test_the_time_is_that_of_the_most_at_the_limit():
    assert {service: each.seconds for service, each in plan().items() if service in ("spotify", "aoty", "deezer")} == {
        "spotify": 8.5,
        "aoty": 12.0,
        "deezer": None,
    }


def test_calls_that_nothing_bounds_take_no_evenings():
    told = plan()["spotify"]
    assert told.days is None
    assert told.reckoning == "about 17 calls for 30 songs, as the planner would make them"


def test_evenings_follow_from_what_the_ledger_leaves():
    back = datetime(2026, 11, 25, 18, 30, tzinfo=UTC)
    left = FREE | {Bucket.SEARCH: Allowance(9, 400), Bucket.ALBUMS: Allowance(0, 200, back)}
    told = plan(spotify=Forecast(30, 300, (Evening(12, 20, 150), Evening(5, 8, 140)), left))["spotify"]
    assert (told.least, told.most, told.days) == (17, 17, 2)
    assert "12 of them in the first evening find about 20 songs with 50% of the plays" in told.reckoning
    assert "left now: search 9 of 400, " in told.reckoning
    assert "albums none of 200 until 2026-11-25 18:30 UTC" in told.reckoning


def test_an_evening_that_is_locked_finds_nothing():
    locked = dict.fromkeys(Bucket, Allowance(0, 400, datetime(2026, 11, 25, 18, 30, tzinfo=UTC)))
    told = plan(spotify=Forecast(30, 300, (Evening(), Evening(5, 8, 140)), locked))["spotify"]
    assert told.days == 2
    assert "first evening" not in told.reckoning


def test_when_all_is_known_spotify_is_asked_nothing():
    told = plan(spotify=Forecast(0, 0, (), FREE | {Bucket.SEARCH: Allowance(9, 400)}))["spotify"]
    assert (told.most, told.days, told.reckoning) == (0, None, "no song waits for it")


@pytest.mark.parametrize(
    ("without", "silent"),
    [
        ({}, {"musicbrainz"}),
        ({"skipped": {"aoty"}}, {"aoty", "musicbrainz"}),
        ({"skipped": {"open"}}, {"listenbrainz", "deezer", "musicbrainz"}),
    ],
)
def test_what_is_left_out_is_asked_nothing(without, silent):
    assert {service for service, each in plan(**without).items() if each.most == 0} == silent


@pytest.mark.parametrize(("songs", "least"), [(0, 0), (1, 2), (50, 2), (51, 3), (1000, 21), (1001, 23)])
def test_listenbrainz_is_asked_in_lists(songs, least):
    planned = plan(Estimate(songs_to_look_up=songs))["listenbrainz"]
    assert (planned.least, planned.most) == (least, songs + 4 * math.ceil(songs / 50))
