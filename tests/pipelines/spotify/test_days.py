"""Several evenings with an individual's key, on a clock of the test's own."""

import json
from datetime import UTC, datetime, timedelta

import pytest

from tests.pipelines.making import song
from tests.pipelines.spotify.web_api import WebApi, speaking
from tests.sources.server import Reply
from timbre_spider.items import Outcome
from timbre_spider.pipelines.spotify import Spotify

pytestmark = pytest.mark.integration

DAY, HOUR = timedelta(days=1), timedelta(hours=1)
QUOTA = 8


class Evenings(WebApi):
    """Answers QUOTA searches in a rolling day, and is locked until the first of them is a day old; each artist has one
    song. `against_lock` counts calls made while it was locked, the one that met the lock left out."""

    def __init__(self):
        super().__init__()
        self.now = datetime(2026, 3, 1, 20, tzinfo=UTC)
        self.taken = []
        self.locked_until = None
        self.against_lock = 0
        self.titles = [f"Tune {n:02}" for n in range(20)]

    def __call__(self, asked):
        if "/search" not in asked.path:
            return super().__call__(asked)
        if self.locked_until is not None and self.now < self.locked_until:
            self.against_lock += 1
            return self.lock()
        self.taken = [each for each in self.taken if each > self.now - DAY]
        if len(self.taken) >= QUOTA:
            self.locked_until = self.taken[0] + DAY
            return self.lock()
        self.taken.append(self.now)
        return super().__call__(asked)

    def lock(self):
        said = {"status": 429, "message": "x", "reason": "QUOTA_EXCEEDED"}
        wait = str(int((self.locked_until - self.now).total_seconds()))
        return Reply(429, json.dumps({"error": said}), {"Retry-After": wait})

    def track(self, title, spotify_id=None):
        return super().track(title, spotify_id) | {"artists": [{"name": title.replace("Tune", "Ann"), "id": "a" * 22}]}


@pytest.fixture
def api(bench):
    api = Evenings()
    bench.settings |= {"spotify_mode": "development", "clock": lambda: api.now}
    with speaking(bench, api):
        yield api


def evening(bench, count=20):
    """A run over the listener's songs; how many it has, how many are still deferred."""
    songs = [song(f"Ann {n:02}", f"Tune {n:02}", plays=99 - n) for n in range(count)]
    outcomes = [each.outcomes["spotify"] for each in bench.run(Spotify, *songs)]
    assert set(outcomes) <= {Outcome.FOUND, Outcome.DEFERRED}
    return outcomes.count(Outcome.FOUND)


@pytest.mark.parametrize("budget", [0, 6])
def test_three_evenings_with_a_kill_and_a_lock_ask_nothing_while_locked_and_end_with_all_songs(bench, api, budget):
    bench.settings["spotify_budget"] = budget
    # The first run is killed after three songs, and started again.
    assert evening(bench, 3) == 3
    api.now += HOUR / 2
    first = evening(bench)
    assert first == (QUOTA if budget == 0 else budget)
    met = len(api.calls)
    # Nor does a run an hour later ask, not even to see; nor one the next noon.
    for later in (HOUR, 14 * HOUR):
        api.now += later
        assert evening(bench) == first
    assert len(api.calls) == met
    found, days = first, 0
    while found < 20:
        api.now += DAY + HOUR
        days += 1
        more = evening(bench)
        assert more > found
        found = more
    # A clean evening makes the budget a quarter larger: 6, 7, 7.
    assert days == 2
    assert api.against_lock == 0


def test_a_budget_below_the_quota_never_meets_a_lock(bench, api):
    bench.settings["spotify_budget"] = 6
    while evening(bench) < 20:
        api.now += DAY + HOUR
    assert api.locked_until is None
