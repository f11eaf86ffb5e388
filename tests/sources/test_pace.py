import asyncio
import itertools
import subprocess
import sys
import time

import pytest

from timbre_spider.errors import Unusable
from timbre_spider.sources.gate import Gate
from timbre_spider.sources.pace import JITTER
from timbre_spider.sources.redis_pace import RedisPace

pytestmark = pytest.mark.integration

_WORKER = """
import asyncio, sys, time
from timbre_spider.sources.gate import Gate
from timbre_spider.sources.redis_pace import RedisPace

async def main():
    gate = Gate("shared", 1200, pace=RedisPace(sys.argv[1], "shared", 1200))
    for _ in range(12):
        async with gate:
            print(time.time())
    await gate.aclose()

asyncio.run(main())
"""


def test_processes_share_one_pace(redis_server: str) -> None:
    """Three processes with a limit of 20 a second: their starts together are spaced as one's would be."""
    command = [sys.executable, "-c", _WORKER, redis_server]
    workers = [subprocess.Popen(command, stdout=subprocess.PIPE) for _ in range(3)]
    outputs = [worker.communicate(timeout=60)[0] for worker in workers]
    starts = sorted(float(line) for output in outputs for line in output.split())
    assert len(starts) == 36
    gaps = [later - earlier for earlier, later in itertools.pairwise(starts)]
    # The server's clock spaces them by 50 ms; a process may be late to say so.
    assert starts[-1] - starts[0] >= 35 * 0.05 - 0.05
    assert sorted(gaps)[len(gaps) // 2] >= 0.045


def test_services_do_not_wait_for_each_other(redis_server: str) -> None:
    async def ask() -> tuple[float, float, float]:
        one, other = RedisPace(redis_server, "one", 1), RedisPace(redis_server, "other", 1)
        waits = await one.take(), await other.take(), await one.take()
        await one.aclose()
        await other.aclose()
        return waits

    first, second, third = asyncio.run(ask())
    assert first == second == 0
    assert 55 < third <= 60.5 * (1 + JITTER)


def test_stop_wakes_those_who_wait_for_a_shared_turn(redis_server: str) -> None:
    async def ask() -> float:
        gate = Gate("slow", 1, pace=RedisPace(redis_server, "slow", 1))
        await gate.turn()
        waiting = [asyncio.ensure_future(gate.turn()) for _ in range(3)]
        await asyncio.sleep(0.2)
        began = time.monotonic()
        gate.close()
        outcomes = await asyncio.gather(*waiting, return_exceptions=True)
        assert [type(outcome).__name__ for outcome in outcomes] == ["Stopped"] * 3
        await gate.aclose()
        return time.monotonic() - began

    assert asyncio.run(ask()) < 1


def test_no_redis_is_one_clear_line_without_the_password() -> None:
    async def ask() -> None:
        pace = RedisPace("redis://:hunter2@127.0.0.1:1/0", "aoty", 30)
        try:
            await pace.take()
        finally:
            await pace.aclose()

    with pytest.raises(Unusable, match="REDIS_URL") as error:
        asyncio.run(ask())
    assert "hunter2" not in str(error.value)
    assert error.value.__suppress_context__
