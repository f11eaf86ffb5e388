from datetime import timedelta
from uuid import uuid4

import pytest
from redis import Redis

from tests.storage.making import song as stored_song
from timbre_spider.extensions.stored_songs import StoredSongs
from timbre_spider.spiders.job import Job
from timbre_spider.spiders.jobs import LocalJobs
from timbre_spider.spiders.redis_jobs import RedisJobs


@pytest.mark.unit
def test_in_one_process_the_job_s_songs_are_those_the_run_stored_of_its_listener():
    stored = StoredSongs()
    jobs, job = LocalJobs(stored), Job("1", "ann", 5)
    jobs.add_waiting(job.id, 2)
    for number, listener in enumerate(("ann", "ann", "bob")):
        song = stored_song(title=str(number), listener=listener)
        stored.add(song, song.identity)
    jobs.one_done(job.id, uuid4(), ())
    assert (jobs.stored(job), jobs.waiting(job.id)) == (2, 1)


@pytest.mark.unit
def test_a_job_with_nothing_to_do_ends_like_any_other():
    LocalJobs(StoredSongs()).end("job")


@pytest.mark.integration
def test_workers_count_distinct_songs_and_those_that_joined_another_do_not(redis_server):
    with Redis.from_url(redis_server) as redis:
        redis.flushdb()
        here, there, job = RedisJobs(redis), RedisJobs(redis), Job("job", "ann", 5)
        one, other, third = uuid4(), uuid4(), uuid4()
        here.add_waiting("job", 4)
        here.one_done("job", one, ())
        there.one_done("job", one, ())
        there.one_done("job", other, (one,))
        assert (here.stored(job), here.waiting("job")) == (1, 1)
        here.one_done("job", third, ())
        # Dropped itself, but two that were stored are one by it.
        here.add_waiting("job", 1)
        there.one_done("job", None, (third,))
        assert (here.stored(job), here.waiting("job")) == (1, 0)
        assert there.stored(Job("other job", "ann", 5)) == 0
        here.end("job")
        assert (there.stored(job), there.waiting("job")) == (0, 0)


@pytest.mark.integration
def test_jobs_are_taken_once_each_the_oldest_first(redis_server):
    with Redis.from_url(redis_server) as redis:
        redis.flushdb()
        jobs = RedisJobs(redis)
        first, second = Job("1", "ann", 5), Job("2", "bob", 6, "7day")
        assert [jobs.put(first), jobs.put(second)] == [1, 2]
        assert [jobs.next_job(), RedisJobs(redis).next_job(), jobs.next_job()] == [first, second, None]


@pytest.mark.integration
def test_what_a_dead_worker_leaves_goes_a_week_after_the_last_sign_of_life(redis_server):
    with Redis.from_url(redis_server, decode_responses=True) as redis:
        redis.flushdb()
        jobs = RedisJobs(redis)
        jobs.add_waiting("job", 2)
        jobs.one_done("job", uuid4(), ())
        left = redis.keys()
        assert len(left) == 2
        for key in left:
            redis.expire(key, 5)
        jobs.add_waiting("job", 1)
        jobs.one_done("job", uuid4(), ())
        assert all(timedelta(days=6.9) < timedelta(seconds=redis.ttl(key)) <= timedelta(days=7) for key in left)
