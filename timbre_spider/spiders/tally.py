"""What is asked for and what is done of each job: in this process, or in Redis for all workers."""

import json
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import asdict
from typing import Protocol, cast
from uuid import UUID

from redis import Redis
from scrapy.settings import BaseSettings

from timbre_spider.spiders.job import Job

JOBS_KEY = "timbre:jobs"
# What a dead worker leaves behind goes by itself.
_KEPT_SECONDS = 7 * 24 * 3600


class Tally(Protocol):
    """Songs of a job that wait in batches, and the distinct songs stored."""

    shared: bool

    def add(self, job_id: str, songs: int) -> None:
        """So many songs of the job wait now."""

    def count_stored(self, job_id: str, song_id: UUID | None, absorbed: Iterable[UUID]) -> None:
        """One that waited is stored; those it absorbed are no songs any more."""

    def count_done(self, job_id: str) -> None:
        """One that waited is done and is not a song of its own."""

    def waiting(self, job_id: str) -> int:
        """Songs still on their way, here or at another worker."""

    def stored(self, job_id: str) -> int:
        """Distinct songs stored for the job."""

    def next_job(self) -> Job | None:
        """A job nobody has taken yet."""

    def end(self, job_id: str) -> None:
        """The job is done: forget it."""


class LocalTally:
    """The tally of one process, whose only job is its own."""

    shared = False

    def __init__(self) -> None:
        self._waiting: dict[str, int] = defaultdict(int)
        self._stored: dict[str, set[UUID]] = defaultdict(set)

    def add(self, job_id: str, songs: int) -> None:
        self._waiting[job_id] += songs

    def count_stored(self, job_id: str, song_id: UUID | None, absorbed: Iterable[UUID]) -> None:
        self._waiting[job_id] -= 1
        self._stored[job_id].difference_update(absorbed)
        if song_id is not None:
            self._stored[job_id].add(song_id)

    def count_done(self, job_id: str) -> None:
        self._waiting[job_id] -= 1

    def waiting(self, job_id: str) -> int:
        return self._waiting[job_id]

    def stored(self, job_id: str) -> int:
        return len(self._stored[job_id])

    def next_job(self) -> Job | None:
        return None

    def end(self, job_id: str) -> None:
        # A job with nothing to do never waited.
        self._waiting.pop(job_id, None)
        self._stored.pop(job_id, None)


class RedisTally:
    """The tally that workers share, beside the batches they share."""

    shared = True

    def __init__(self, redis: Redis) -> None:
        self._redis = redis

    def add(self, job_id: str, songs: int) -> None:
        self._redis.incrby(self._key(job_id, "waiting"), songs)
        self._redis.expire(self._key(job_id, "waiting"), _KEPT_SECONDS)

    def count_stored(self, job_id: str, song_id: UUID | None, absorbed: Iterable[UUID]) -> None:
        with self._redis.pipeline() as together:
            for other in absorbed:
                together.srem(self._key(job_id, "songs"), other.hex)
            if song_id is not None:
                together.sadd(self._key(job_id, "songs"), song_id.hex)
                together.expire(self._key(job_id, "songs"), _KEPT_SECONDS)
            together.decr(self._key(job_id, "waiting"))
            together.execute()

    def count_done(self, job_id: str) -> None:
        self._redis.decr(self._key(job_id, "waiting"))

    def waiting(self, job_id: str) -> int:
        return int(cast("bytes | None", self._redis.get(self._key(job_id, "waiting"))) or 0)

    def stored(self, job_id: str) -> int:
        return self._redis.scard(self._key(job_id, "songs"))

    def next_job(self) -> Job | None:
        entry = cast("bytes | None", self._redis.rpop(JOBS_KEY))
        return Job.from_json(json.loads(entry)) if entry else None

    def end(self, job_id: str) -> None:
        self._redis.delete(self._key(job_id, "waiting"), self._key(job_id, "songs"))

    def put(self, job: Job) -> int:
        """Adds a job to the queue; returns how many are in it."""
        return self._redis.lpush(JOBS_KEY, json.dumps(asdict(job)))

    @staticmethod
    def _key(job_id: str, what: str) -> str:
        return f"timbre:job:{job_id}:{what}"


def tally_for(settings: BaseSettings) -> Tally:
    """The Redis tally for a worker (REDIS_URL in the settings), else a local one."""
    url = settings.get("REDIS_URL")
    return RedisTally(Redis.from_url(url)) if url else LocalTally()
