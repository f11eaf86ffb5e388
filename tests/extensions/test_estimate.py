import math
from datetime import UTC, datetime

import pytest

from timbre_spider.extensions.estimate import SPOTIFY_A_DAY, Estimate, days_for
from timbre_spider.storage.runs import QuotaUsed

pytestmark = pytest.mark.unit

LIMITS = {"lastfm": 60, "spotify": 120, "aoty": 30, "listenbrainz": 60, "deezer": None, "musicbrainz": 50}
LABS = {"listenbrainz_labs": 12}
SONGS = Estimate(
    tags_of_artists={"a", "b"},
    artist_pages={"a#0", "a#1"},
    songs_on_pages=12,
    songs_alone=3,
    songs_to_look_up=4,
    albums_due={"x": 1, "y": 2},
    songs_without_album=5,
)


def plan(estimate=SONGS, skipped=frozenset(), listenbrainz=True, quota=None, labs=False):
    return estimate.by_service(LIMITS | LABS, skipped=set(skipped), listenbrainz=listenbrainz, quota=quota, labs=labs)


def test_the_questions_of_each_service():
    assert {service: (each.least, each.most) for service, each in plan().items()} == {
        "lastfm": (2, 2),
        "spotify": (5, 17),
        "aoty": (3, 13),
        "listenbrainz": (2, 8),
        "deezer": (0, 12),
        "musicbrainz": (0, 0),
    }


def test_without_a_token_musicbrainz_is_asked_instead_and_listenbrainz_only_by_ids():
    told = plan(listenbrainz=False)
    assert [(told[name].least, told[name].most) for name in ("listenbrainz", "musicbrainz")] == [(0, 1), (0, 4)]


@pytest.mark.parametrize(("songs", "most"), [(0, 0), (1, 2), (50, 2), (51, 4)])
def test_labs_are_asked_in_lists_about_songs_spotify_may_not_tell(songs, most):
    told = plan(Estimate(songs_on_pages=songs // 2, songs_alone=songs - songs // 2), labs=True)["listenbrainz_labs"]
    assert (told.least, told.most, told.seconds) == (0, most, 5.0 * most)


def test_the_time_is_that_of_the_most_at_the_limit():
    assert {service: each.seconds for service, each in plan().items() if service in ("spotify", "aoty", "deezer")} == {
        "spotify": 8.5,
        "aoty": 26.0,
        "deezer": None,
    }


@pytest.mark.parametrize(
    ("questions", "used", "days"),
    [(0, 9999, 0), (1, 0, 1), (SPOTIFY_A_DAY, 0, 1), (SPOTIFY_A_DAY, 1, 2), (1, SPOTIFY_A_DAY, 2), (1, 99_999, 2)],
)
def test_days_at_the_quota(questions, used, days):
    assert days_for(questions, used) == days


def test_only_an_individuals_key_has_days():
    assert plan()["spotify"].days is None
    assert plan(quota=QuotaUsed(0, None))["spotify"].days == 1


def test_what_is_used_and_a_lock_are_said():
    said = plan(quota=QuotaUsed(300, datetime(2026, 11, 25, 18, 30, tzinfo=UTC)))["spotify"].reckoning
    assert "at most 300 of 450" in said
    assert "locked until 2026-11-25 18:30 UTC" in said


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
