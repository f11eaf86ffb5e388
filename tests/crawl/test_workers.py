"""Several workers on one queue."""

import json
import signal
from pathlib import Path

import pytest
from redis import Redis

from tests.conftest import running_sandbox
from tests.waiting import PATIENCE, wait_until

pytestmark = pytest.mark.slow

WORKER = ("timbre", "worker", "--until-idle", "1")


@pytest.fixture(scope="module")
def slow(tmp_path_factory):
    """A sandbox slow enough that one worker cannot be done before the other looks."""
    with running_sandbox(tmp_path_factory.mktemp("slow"), "--rows=500", "--latency-ms=100") as running:
        yield running


@pytest.fixture
def shared(slow, workspace_for, redis_server):
    """A workspace with Redis, and batches so small that no worker can have all of them in work."""
    with Redis.from_url(redis_server) as redis:
        redis.flushall()
    return workspace_for(slow.env, REDIS_URL=redis_server, BATCH_SIZE="5")


def jobs_of(shared):
    return json.loads(shared.run("timbre", "jobs", "--json"))


def wait_for_batches(redis, least):
    """Until so many wait in the queue."""
    wait_until(lambda: redis.zcard("timbre:batches") >= least)


def wait_until_both_work(redis):
    """Until more is in hand than one worker takes."""
    wait_until(lambda: redis.zcard("timbre:leases") > 3)


def finish(*workers):
    said = [worker.communicate(timeout=200)[0] for worker in workers]
    assert [worker.returncode for worker in workers] == [0] * len(workers), "\n".join(said)[-3000:]
    return said


def test_two_workers_share_a_job_and_what_one_leaves_behind_is_done_by_the_other(shared, redis_server):
    """One is stopped, one killed; nobody enqueues again."""
    assert "Jobs waiting: 1" in shared.run("timbre", "enqueue", "--max-songs", "150")
    stopped, killed = shared.start(*WORKER), shared.start(*WORKER)
    with Redis.from_url(redis_server) as redis:
        wait_for_batches(redis, 15)
        [job] = jobs_of(shared)
        assert job["state"] == "open"
        assert all(key.startswith(b"timbre:") for key in redis.scan_iter())
        assert job["done"] + job["in_hand"] + job["waiting"] >= 30
        wait_until_both_work(redis)
        killed.kill()
        stopped.send_signal(signal.SIGTERM)
        stopped.communicate(timeout=PATIENCE)
        in_hand = redis.zcard("timbre:leases")
        assert 0 < in_hand <= 3, "the killed one's alone"
        finish(shared.start(*WORKER))
        [job] = jobs_of(shared)
        assert (job["state"], job["songs"], job["dead"]) == ("done", 150, 0)
        for_a_while = (b"timbre:cache", b"timbre:changing:", b"timbre:asked:")
        assert {key for key in redis.keys("*") if not key.startswith(for_a_while)} == {
            b"timbre:all", b"timbre:turn", f"timbre:job:{job['job']['id']}".encode(),
        }  # fmt: skip
    assert shared.counts()["songs"] == 150


def test_jobs_of_several_listeners_and_one_there_is_none_of(shared, redis_server):
    """The one that cannot be read is a dead letter; the other is stored all the same."""
    listener = shared.env["LASTFM_USERNAME"]
    (shared.folder / "users.txt").write_text(f"{listener}\nnobody_at_all\n")
    assert "2 jobs, 20 songs each" in shared.run("timbre", "enqueue", "--users", "users.txt", "--max-songs", "20")
    first = shared.start(*WORKER)
    said, _ = first.communicate(timeout=PATIENCE)
    assert first.returncode == 2, said
    summary = shared.summary()
    answers = summary["hot_answers"]
    assert answers["misses"] > 0
    assert answers["damaged"] == 0
    assert {each["check"]: each["found"] for each in summary["sanity"] if each["passed"] is False} == {}
    assert "py.warnings" not in Path(summary["log"]).read_text()
    states = {job["job"]["listener"]: (job["state"], job["songs"]) for job in jobs_of(shared)}
    assert states == {listener: ("done", 20), "nobody_at_all": ("dead", None)}
    shown = shared.run("timbre", "jobs")
    assert "nobody_at_all" in shown, "80 columns are enough"
    assert "timbre jobs retry" in shown
    [dead] = [job for job in jobs_of(shared) if job["state"] == "dead"]
    assert "Waiting again: 1" in shared.run("timbre", "jobs", "retry", dead["id"][:8])
    assert "is cancelled" in shared.run("timbre", "jobs", "cancel", dead["job"]["id"])
    assert "No job" in shared.run("timbre", "jobs", "cancel", dead["job"]["id"], status=1)
    assert "Nothing of job" in shared.run("timbre", "jobs", "retry", dead["job"]["id"], status=1)
