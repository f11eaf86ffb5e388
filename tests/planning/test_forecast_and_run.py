"""What a dry run says, held against the calls that a run makes of the same listener's songs."""

import asyncio
import math
from pathlib import Path

import pytest

from timbre_spider.pipelines.spotify.match import want_of
from timbre_spider.planning.budget import Allowance
from timbre_spider.planning.calls import Bucket
from timbre_spider.planning.forecast import forecast
from timbre_spider.planning.pool import Pool

pytestmark = pytest.mark.slow

BENCHMARKS = Path(__file__).resolve().parents[2] / "benchmarks"


def test_as_many_calls_are_told_as_an_individual_s_key_makes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(str(BENCHMARKS))
    from bench_planner import World, planned
    from planner_kinds import Tally

    pool = Pool()
    world = World(rows=1500, songs=500, seed=1, weather="real")
    for batch in world.songs():
        for song in batch:
            pool.add(want_of(song))
    told = forecast(pool, dict.fromkeys(Bucket, Allowance(math.inf, None))).calls
    _, made = asyncio.run(planned(world, "development", dict.fromkeys(Bucket, math.inf), Tally()))
    assert told == pytest.approx(made.total(), rel=0.15)
