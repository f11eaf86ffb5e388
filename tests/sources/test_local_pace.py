"""Gaps between questions, in numbers."""

import asyncio

import pytest

from tests.sources.fake_time import run
from timbre_spider.sources import pace

pytestmark = pytest.mark.unit


@pytest.mark.parametrize(("limit", "seconds"), [(1, 60.5), (30, 2.0166), (200, 0.3025)])
def test_a_minute_and_a_little_is_shared_out(limit: int, seconds: float) -> None:
    assert pace.interval(limit) == pytest.approx(seconds, abs=0.0001)


def test_a_gap_is_never_shorter_and_up_to_a_tenth_longer(monkeypatch: pytest.MonkeyPatch) -> None:
    for pick, gap in ((min, 20), (max, 22)):
        monkeypatch.setattr(pace.random, "uniform", pick)
        assert pace.jittered(20) == pytest.approx(gap)


def test_whoever_comes_too_early_is_told_how_long_to_wait(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pace.random, "uniform", min)

    async def work() -> list[float]:
        local = pace.LocalPace(60)
        waits = [await local.take(), await local.take()]
        for seconds in (0.5, 0.508334, 0):
            await asyncio.sleep(seconds)
            waits.append(await local.take())
        return waits

    assert run(work()) == pytest.approx([0, 1.00833, 0.50833, 0, 1.00833], abs=0.0001)
