"""Several workers on one queue."""

import json
import signal
import time

import pytest
from redis import Redis

from tests.conftest import running_sandbox

pytestmark = pytest.mark.slow

WORKER = ("timbre", "worker", "--until-idle", "6")


@pytest.fixture(scope="module")
def slow(tmp_path_factory):
    """A sandbox slow enough that one worker cannot be done before the other looks."""
    with running_sandbox(tmp_path_factory.mktemp("slow"), "--rows=500", "--latency-ms=200") as running:
        yield running


@pytest.fixture
def shared(slow, workspace_for, redis_server):
    """A workspace with Redis, and batches so small that no worker can have all of them in work."""
    with Redis.from_url(redis_server) as redis:
        redis.flushall()
    return workspace_for(slow.env, REDIS_URL=redis_server, BATCH_SIZE="5")


def wait_for_batches(redis, least):
    """Until so many wait in the queue; the first of them."""
    for _ in range(6000):
        if redis.zcard("timbre:lastfm_top:batches") >= least:
            return redis.zrange("timbre:lastfm_top:batches", 0, 0)[0]
        time.sleep(0.01)
    raise AssertionError("no batches come")


def finish(*workers):
    said = [worker.communicate(timeout=200)[0] for worker in workers]
    assert [worker.returncode for worker in workers] == [0] * len(workers), "\n".join(said)[-3000:]
    return said


def test_two_workers_share_a_job_and_a_second_time_crawls_again(shared, redis_server):
    assert "Jobs waiting: 1" in shared.run("timbre", "enqueue", "--max-songs", "150")
    first = shared.start(*WORKER)
    with Redis.from_url(redis_server) as redis:
        wait_for_batches(redis, 3)
    finish(first, shared.start(*WORKER))
    assert shared.counts()["songs"] == 150
    summaries = [json.loads(path.read_text()) for path in shared.folder.glob("logs/pipeline_*.json")]
    taken = [summary["songs"]["stored"] for summary in summaries]
    assert len(taken) == 2
    assert min(taken) > 0, "one worker did it all"

    shared.run("timbre", "enqueue", "--max-songs", "150")
    finish(shared.start(*WORKER))
    assert shared.counts()["songs"] == 150
    assert shared.summary()["songs"]["stored"] == 150
    with Redis.from_url(redis_server) as redis:
        assert not [key for key in redis.keys("*") if b"pace" not in key], "something is left over"


def test_stopping_one_worker_leaves_the_queue_to_the_others(shared, redis_server):
    shared.run("timbre", "enqueue", "--max-songs", "150")
    first = shared.start(*WORKER)
    with Redis.from_url(redis_server) as redis:
        wait_for_batches(redis, 4)
        first.send_signal(signal.SIGTERM)
        first.communicate(timeout=30)
        left = redis.zcard("timbre:lastfm_top:batches")
    assert left > 0
    finish(shared.start(*WORKER))
    with Redis.from_url(redis_server) as redis:
        assert redis.zcard("timbre:lastfm_top:batches") == 0
    # What the stopped worker had in hand is repaired by the job itself.
    shared.run("timbre", "enqueue", "--max-songs", "150")
    finish(shared.start(*WORKER))
    assert shared.counts()["songs"] == 150


def test_what_lies_in_redis_is_no_pickle(shared, redis_server):
    shared.run("timbre", "enqueue", "--max-songs", "150")
    worker = shared.start(*WORKER)
    with Redis.from_url(redis_server) as redis:
        entry = wait_for_batches(redis, 1)
    finish(worker)
    assert entry.startswith(b"{")
