"""How far each job is: in this process, or in Redis for all workers, who also find there what to do next."""

import json
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import asdict
from typing import Protocol, cast
from uuid import UUID

from redis import Redis
from scrapy.settings import BaseSettings

from timbre_spider.extensions.stored_songs import StoredSongs
from timbre_spider.spiders.job import Job

JOBS_KEY = "timbre:jobs"
# What a dead worker leaves behind goes by itself.
_KEPT_SECONDS = 7 * 24 * 3600


class Jobs(Protocol):
    """Songs of a job that wait in batches, and the distinct songs stored."""

    shared: bool

    def add_waiting(self, job_id: str, songs: int) -> None:
        """So many songs of the job wait now."""

    def one_done(self, job_id: str, song_id: UUID | None, gone: Iterable[UUID]) -> None:
        """One that waited is done: stored as `song_id`, or (None) no song of its own; `gone` are songs no more."""

    def waiting(self, job_id: str) -> int:
        """Songs still on their way, here or at another worker."""

    def stored(self, job_id: str) -> int:
        """Distinct songs stored for the job."""

    def next_job(self) -> Job | None:
        """A job nobody has taken yet."""

    def end(self, job_id: str) -> None:
        """The job is done: forget it."""


class LocalJobs:
    """One process, whose only job is its own: what the run has stored is the job's."""

    shared = False

    def __init__(self, stored: StoredSongs) -> None:
        self._stored = stored
        self._waiting: dict[str, int] = defaultdict(int)

    def add_waiting(self, job_id: str, songs: int) -> None:
        self._waiting[job_id] += songs

    def one_done(self, job_id: str, song_id: UUID | None, gone: Iterable[UUID]) -> None:
        self._waiting[job_id] -= 1

    def waiting(self, job_id: str) -> int:
        return self._waiting[job_id]

    def stored(self, job_id: str) -> int:
        return len(self._stored)

    def next_job(self) -> Job | None:
        return None

    def end(self, job_id: str) -> None:
        # A job with nothing to do never waited.
        self._waiting.pop(job_id, None)


class RedisJobs:
    """The jobs that workers share, beside the batches they share."""

    shared = True

    def __init__(self, redis: Redis) -> None:
        self._redis = redis

    def add_waiting(self, job_id: str, songs: int) -> None:
        self._redis.incrby(self._key(job_id, "waiting"), songs)
        self._redis.expire(self._key(job_id, "waiting"), _KEPT_SECONDS)

    def one_done(self, job_id: str, song_id: UUID | None, gone: Iterable[UUID]) -> None:
        with self._redis.pipeline() as together:
            for other in gone:
                together.srem(self._key(job_id, "songs"), other.hex)
            if song_id is not None:
                together.sadd(self._key(job_id, "songs"), song_id.hex)
                together.expire(self._key(job_id, "songs"), _KEPT_SECONDS)
            together.decr(self._key(job_id, "waiting"))
            together.execute()

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


def jobs_for(settings: BaseSettings, stored: StoredSongs) -> Jobs:
    """Shared through Redis for a worker (REDIS_URL in the settings), else this process's own."""
    url = settings.get("REDIS_URL")
    return RedisJobs(Redis.from_url(url)) if url else LocalJobs(stored)
