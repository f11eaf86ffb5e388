"""How far each job is, in Redis for all workers, who also find there what to do next. Needs the extra `redis`."""

import json
from collections.abc import Iterable
from dataclasses import asdict
from typing import Self, cast
from uuid import UUID

from redis import Redis

from timbre_spider.spiders.job import Job

JOBS_KEY = "timbre:jobs"
# What a dead worker leaves behind goes by itself.
_KEPT_SECONDS = 7 * 24 * 3600


class RedisJobs:
    """The jobs that workers share, beside the batches they share."""

    shared = True

    def __init__(self, redis: Redis) -> None:
        self._redis = redis

    @classmethod
    def at(cls, url: str) -> Self:
        """The jobs in the Redis at `url`; connects when first used."""
        return cls(Redis.from_url(url))

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

    def stored(self, job: Job) -> int:
        return self._redis.scard(self._key(job.id, "songs"))

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
