"""Leases, in a real Redis: nothing is lost, nothing is counted twice."""

from uuid import uuid4

import pytest
from redis import Redis

from tests.workers.making import batches, job, run_out, song
from timbre_spider.errors import UsageError
from timbre_spider.workers import scripts
from timbre_spider.workers.entries import write_job
from timbre_spider.workers.overview import all_jobs, cancel, id_of, retry
from timbre_spider.workers.shared_work import SharedWork

pytestmark = pytest.mark.integration


@pytest.fixture
def redis(redis, monkeypatch):
    # As after a long time up.
    monkeypatch.setattr(scripts, "TAKE", scripts.TAKE.replace("not just_started(lease)", "true"))
    return redis


@pytest.fixture
def worker(redis):
    """Makes workers."""
    return lambda: SharedWork(redis, 15)


def open_job(worker, count=2, beyond=(), **fields):
    """A job whose chart was read, in so many batches."""
    put = job(**fields)
    reader = worker()
    reader.put([put])
    assert reader.take().stage == "read"
    reader.publish(put.id, batches(count), [each.model_dump_json() for each in beyond])
    return put


def states(redis):
    return [(each.state, each.waiting, each.in_hand, each.done, each.dead) for each in all_jobs(redis)]


def test_jobs_are_taken_once_each_the_oldest_first(worker):
    first, second = job("ann"), job("bob")
    assert [worker().put([first]), worker().put([second])] == [1, 2]
    here, there = worker(), worker()
    assert [here.take().job, there.take().job, here.take()] == [first, second, None]
    assert list(here.in_hand) == [first.id]


def test_a_batch_is_one_worker_s_until_it_is_done(worker, redis):
    put = open_job(worker)
    here, there = worker(), worker()
    one, other = here.take(), there.take()
    assert [one.id, other.id, here.take()] == [f"{put.id}:0", f"{put.id}:1", None]
    assert [each.chart_rows()[0].title for each in one.songs + other.songs] == ["Song 0", "Song 1"]
    assert states(redis) == [("open", 0, 2, 0, 0)]
    here.done(one.id, [uuid4()])
    assert states(redis) == [("open", 0, 1, 1, 0)]
    assert list(here.in_hand) == []
    there.done(other.id, [uuid4(), uuid4()])
    settling = here.take()
    assert (settling.job, settling.stage) == (put, "settle")
    assert len(here.handed_out(put.id).stored) == 3


def test_what_a_worker_leaves_behind_goes_to_another(worker, redis):
    put = open_job(worker, 1)
    dead, alive = worker(), worker()
    batch = dead.take()
    assert alive.take() is None
    run_out(redis)
    assert alive.take() == batch
    # It was only slow: whoever is done first counts, once.
    dead.done(batch.id, [uuid4()])
    alive.done(batch.id, [uuid4()])
    assert states(redis) == [("open", 0, 0, 1, 0)]
    assert alive.take().stage == "settle"
    assert alive.handed_out(put.id).batches == 1


def test_a_job_whose_reader_died_is_read_again_and_the_slow_one_is_not_heard(worker, redis):
    put = job()
    slow, quick = worker(), worker()
    slow.put([put])
    slow.take()
    run_out(redis)
    assert quick.take().stage == "read"
    quick.publish(put.id, batches(2), [])
    slow.publish(put.id, batches(3), [])
    assert redis.zcard("timbre:batches") == 2
    assert states(redis) == [("open", 2, 0, 0, 0)]


def test_a_sign_of_life_keeps_what_is_in_hand(worker, redis):
    open_job(worker, 1)
    here = worker()
    batch = here.take()
    run_out(redis)
    here.renew()
    assert worker().take() is None
    run_out(redis)
    assert worker().take() == batch
    # One that was lost meanwhile is no more renewed than a stranger's.
    worker().renew()


def test_unless_told_otherwise_a_lease_is_of_fifteen_seconds(redis):
    here, put = SharedWork(redis), job()
    here.put([put])
    seconds, _ = redis.time()
    here.take()
    assert 14 <= redis.zscore("timbre:leases", put.id) / 1000 - seconds < 20


def test_a_lease_that_ran_out_and_comes_to_the_same_worker_is_no_second_batch(worker, redis):
    open_job(worker, 1)
    here = worker()
    batch = here.take()
    run_out(redis)
    assert here.take() is None
    assert list(here.in_hand) == [batch.id]
    assert worker().take() is None


def test_a_server_that_just_started_takes_nothing_back(redis_server):
    with Redis.from_url(redis_server) as redis:
        redis.flushdb()
        put = job()
        here = SharedWork(redis, 10**9)
        here.put([put])
        here.take()
        run_out(redis)
        assert SharedWork(redis, 10**9).take() is None
        assert redis.zcard("timbre:leases") == 1


def test_after_three_strikes_a_batch_is_a_dead_letter_with_its_reason(worker, redis):
    put = open_job(worker, 2, beyond=[song("more")])
    here = worker()
    here.done(here.take().id, [uuid4()])
    for reason in ("first", "second"):
        here.give_back(here.take().id, reason)
    assert states(redis) == [("open", 1, 0, 1, 0)]
    worker().take()
    run_out(redis)
    assert here.take().stage == "settle"
    assert worker().handed_out(put.id).dead == 1
    here.end(put.id, 2, 1)
    assert states(redis) == [("dead", 0, 0, 1, 1)]
    assert all_jobs(redis)[0].reasons == ["every worker that had it in hand went away"]

    assert retry(redis, put.id) == 1
    assert states(redis) == [("open", 1, 0, 1, 0)]
    # Its strikes are forgotten.
    for reason in ("first", "second"):
        here.give_back(here.take().id, reason)
    here.done(here.take().id, [uuid4()])
    assert here.take().stage == "settle"
    here.end(put.id, 2, 2)
    assert states(redis) == [("done", 0, 0, 2, 0)]
    assert all_jobs(redis)[0].songs == 2
    assert retry(redis, put.id) == 0


def test_a_job_s_strikes_are_forgotten_once_its_chart_was_read(worker, redis):
    put, here = job(), worker()
    here.put([put])
    for reason in ("first", "second"):
        here.give_back(here.take().id, reason)
    here.take()
    here.publish(put.id, [], [])
    assert redis.hlen("timbre:strikes") == 0
    here.give_back(here.take().id, "third")
    assert here.take().stage == "settle"


def test_what_is_done_has_no_strikes_and_waits_no_more(worker, redis):
    put = open_job(worker, 1)
    slow, here = worker(), worker()
    batch = slow.take()
    run_out(redis)
    assert here.take() == batch
    # Lost once, failed once, and waiting again when the slow one is done with it.
    here.give_back(batch.id, "failed")
    assert redis.hgetall("timbre:strikes") == {batch.id.encode(): b"2"}
    slow.done(batch.id, [uuid4()])
    assert (redis.hlen("timbre:strikes"), redis.zcard("timbre:batches"), slow.waiting()) == (0, 0, 1)
    here.give_back(here.take().id, "failed")
    assert redis.hlen("timbre:strikes") == 1
    assert here.take().stage == "settle"
    here.end(put.id, 1, 1)
    assert (redis.hlen("timbre:strikes"), states(redis)) == (0, [("done", 0, 0, 1, 0)])


def test_a_cancelled_job_leaves_neither_strikes_nor_dead_letters(worker, redis):
    put = open_job(worker, 2)
    here = worker()
    here.bury(here.take().id, "broken")
    here.give_back(here.take().id, "failed")
    assert (redis.hlen("timbre:dead"), redis.hlen("timbre:strikes")) == (1, 1)
    assert cancel(redis, put.id)
    assert (redis.hlen("timbre:dead"), redis.hlen("timbre:strikes")) == (0, 0)
    assert all_jobs(redis)[0].reasons == []


def test_what_another_has_done_is_not_held_on_to(worker, redis):
    open_job(worker, 1)
    slow, here = worker(), worker()
    batch = slow.take()
    run_out(redis)
    assert here.take() == batch
    here.done(batch.id, [uuid4()])
    assert list(slow.in_hand) == [batch.id]
    slow.renew()
    assert redis.zcard("timbre:leases") == 0


def test_the_newest_job_is_shown_first(worker, redis):
    first, second, third = put = job("ann"), job("bob"), job("cy")
    worker().put(put)
    redis.zadd("timbre:all", {second.id: 1, third.id: 2})
    assert [each.job for each in all_jobs(redis)] == [first, third, second]


def test_given_back_without_a_reason_is_no_strike(worker, redis):
    open_job(worker, 1)
    here = worker()
    for _ in range(5):
        here.give_back(here.take().id)
    assert states(redis) == [("open", 1, 0, 0, 0)]


def test_a_job_that_cannot_be_read_is_dead_until_somebody_says_retry(worker, redis):
    put = job()
    here = worker()
    here.put([put])
    here.bury(here.take().id, "Last.fm has no user ann")
    assert here.is_all_done()
    assert states(redis) == [("dead", 0, 0, 0, 1)]
    assert retry(redis, put.id) == 1
    assert here.take().stage == "read"


def test_where_songs_merged_away_as_many_more_are_handed_out(worker, redis):
    beyond = [song(f"more {number}") for number in range(3)]
    put = open_job(worker, 1, beyond)
    here = worker()
    here.done(here.take().id, [uuid4()])
    here.take()
    told = here.handed_out(put.id)
    assert (told.batches, told.beyond) == (1, 3)
    assert here.beyond(put.id, 2) == beyond[:2]
    assert here.beyond(put.id, 0) == []
    for _ in range(2):  # the second as a slow worker's
        here.hand_out_more(put.id, 1, batches(1), 2)
    assert here.handed_out(put.id).beyond == 1
    assert here.take().id == f"{put.id}:1"
    assert here.take() is None


def test_a_complete_job_leaves_only_what_became_of_it(worker, redis):
    put = open_job(worker, 1, beyond=[song()])
    here = worker()
    here.done(here.take().id, [uuid4()])
    here.take()
    here.end(put.id, 1, 1)
    left = {key.decode() for key in redis.keys("*")}
    assert left == {f"timbre:job:{put.id}", "timbre:all", "timbre:turn"}
    assert redis.ttl(f"timbre:job:{put.id}") == 7 * 24 * 3600
    redis.delete(f"timbre:job:{put.id}")
    assert all_jobs(redis) == []
    assert redis.zcard("timbre:all") == 0


@pytest.mark.parametrize("told", [b"no JSON", b"{}", write_job(job()).encode()], ids=["no JSON", "no job", "another"])
def test_what_is_no_job_of_ours_is_shown_among_the_dead(worker, redis, told):
    strange = "f" * 32
    redis.hset(f"timbre:job:{strange}", mapping={"job": told, "state": "waiting"})
    redis.zadd("timbre:all", {strange: 1})
    redis.lpush("timbre:jobs", strange)
    assert worker().take() is None
    [state] = all_jobs(redis)
    assert (state.id, state.job, state.state, state.dead, len(state.reasons)) == (strange, None, "dead", 1, 1)
    assert cancel(redis, id_of(redis, "ffff"))


def test_an_id_is_told_by_how_it_begins_where_one_alone_does(redis):
    redis.zadd("timbre:all", {"abc": 1, "abd": 2, "xyz": 3})
    assert [id_of(redis, begins) for begins in ("abc", "x", "q", "")] == ["abc", "xyz", "q", ""]
    with pytest.raises(UsageError, match="2 jobs have an id that begins with ab: give more of it"):
        id_of(redis, "ab")


def test_an_empty_chart_is_a_complete_job(worker, redis):
    put = open_job(worker, 0)
    here = worker()
    assert here.take().stage == "settle"
    here.end(put.id, 0, 0)
    assert states(redis) == [("done", 0, 0, 0, 0)]


def test_nothing_more_of_a_cancelled_job_is_handed_out(worker, redis):
    put = open_job(worker, 3, beyond=[song()])
    here = worker()
    batch = here.take()
    assert cancel(redis, put.id)
    assert here.take() is None
    here.done(batch.id, [uuid4()])
    assert states(redis) == [("cancelled", 0, 0, 0, 0)]
    assert not cancel(redis, put.id)
    assert not cancel(redis, "nobody's")
    assert {key.decode() for key in redis.keys("*")} == {f"timbre:job:{put.id}", "timbre:all", "timbre:turn"}
    waiting = job()
    here.put([waiting])
    assert cancel(redis, waiting.id)
    assert here.take() is None


def test_listeners_take_turns_and_each_has_the_most_played_first(worker):
    first = open_job(worker, 6)
    here = worker()
    assert [here.take().id for _ in range(3)] == [f"{first.id}:{number}" for number in range(3)]
    # Who comes in later neither waits for all of the others nor goes before them all.
    second = open_job(worker, 3)
    taken = [here.take().id for _ in range(6)]
    assert taken[0] == f"{second.id}:0"
    assert set(taken[1:3]) == {f"{first.id}:3", f"{second.id}:1"}
    assert set(taken[3:5]) == {f"{first.id}:4", f"{second.id}:2"}
    assert taken[5] == f"{first.id}:5"


def test_only_so_many_listeners_are_worked_on_at_a_time(worker, redis):
    here = worker()
    here.put([job(f"l{number}") for number in range(16 + 2)])
    opened = [here.take() for _ in range(16)]
    for each in opened:
        here.publish(each.job.id, batches(1), [])
    taken = here.take()
    assert taken.id in {f"{each.id}:0" for each in opened}
    # One that may be complete makes room.
    here.done(taken.id, [uuid4()])
    assert here.take().stage == "settle"
    here.end(taken.id.partition(":")[0], 1, 1)
    assert here.take().stage == "read"
    # With no batch left a worker does not stand about.
    for _ in range(16 - 1):
        here.take()
    assert here.take().stage == "read"


def test_what_is_none_of_ours_is_a_dead_letter_and_the_next_is_taken(worker, redis, caplog):
    put = open_job(worker, 2)
    redis.hset(f"timbre:job:{put.id}:batches", 0, b"\x80\x04pickle")
    bad = job()
    worker().put([bad])
    redis.hset(f"timbre:job:{bad.id}", "job", b"{}")
    redis.zadd("timbre:batches", {b"\xff\x00": 0, b"no such job:7": 0})
    redis.lpush("timbre:jobs", b"\xfe", b"")
    here = worker()
    assert here.take().id == f"{put.id}:1"
    assert here.take() is None
    assert set(redis.hkeys("timbre:dead")) == {bad.id.encode(), f"{put.id}:0".encode()}
    assert "not worked on: no job of ours" in caplog.text


def test_a_job_under_another_s_name_is_not_worked_on(worker, redis):
    put, other = job(), job()
    here = worker()
    here.put([put, other])
    redis.hset(f"timbre:job:{put.id}", "job", redis.hget(f"timbre:job:{other.id}", "job"))
    assert here.take().job == other
    assert redis.hkeys("timbre:dead") == [put.id.encode()]
