"""Jobs and batches in Redis: taken on a lease, done once. Redis may go away and come back at any time."""

import logging
import time
from collections import deque
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Self, cast
from uuid import UUID

from redis import Redis
from redis.commands.core import Script
from redis.exceptions import OutOfMemoryError, ReadOnlyError, RedisError, ResponseError

from timbre_spider.sharing import connect_redis
from timbre_spider.spiders.job import Job
from timbre_spider.workers import scripts
from timbre_spider.workers.entries import (
    QueuedBatch,
    QueuedJob,
    QueuedSong,
    Unreadable,
    read_batch,
    read_job,
    read_song,
    write_job,
)

logger = logging.getLogger(__name__)

# A worker that is not heard of for so long has lost what it had in hand.
LEASE_SECONDS = 15.0
# A Redis that was away is not asked again for so long: what waits for an answer is the whole crawl.
_REST = 2.0


@dataclass(frozen=True, slots=True)
class HandedOut:
    """How far a job is: batches made, songs stored (their ids), songs of the chart beyond, batches that are dead."""

    batches: int
    stored: list[str]
    beyond: int
    dead: int


class SharedWork:
    """What all workers share. What cannot be told while Redis is away is told when it is back, in order."""

    def __init__(self, redis: Redis, lease_seconds: float = LEASE_SECONDS) -> None:
        self._redis = redis
        self._lease = round(lease_seconds * 1000)
        self._scripts: dict[str, Script] = {}
        self._untold: deque[tuple[str, list[Any]]] = deque()
        self._is_away = False
        self._asked_again_at = 0.0
        # Dictionaries keep their order; nothing is in hand twice.
        self.in_hand: dict[str, None] = {}

    @classmethod
    def at(cls, url: str) -> Self:
        """The work in the Redis at `url`; connects when first used."""
        return cls(connect_redis(url))

    def put(self, jobs: Iterable[Job]) -> int:
        """Adds jobs; how many wait. Raises redis' errors."""
        waiting = 0
        for job in jobs:
            waiting = self._run(scripts.PUT, [write_job(job), job.id, round(time.time())])
        return waiting

    def take(self) -> QueuedJob | QueuedBatch | None:
        """The next piece of work, leased to this worker; None when there is none, or Redis is away."""
        while self.tell():
            try:
                taken = self._run(scripts.TAKE, [self._lease])
            except RedisError as error:
                self._lost(error)
                return None
            if not taken:
                return None
            id, text, state = taken[0].decode(errors="replace"), taken[1], taken[2]
            if id in self.in_hand:
                # Its lease ran out here, and is ours again.
                continue
            self.in_hand[id] = None
            try:
                if ":" in id:
                    return read_batch(id, text)
                job = read_job(text)
                if job.id != id:
                    raise Unreadable("the job is another one")
                return QueuedJob(id, job, "read" if state == b"waiting" else "settle")
            except Unreadable as unreadable:
                logger.error("What lies in Redis as %s is not worked on: %s", id, unreadable)
                self.bury(id, str(unreadable))
        return None

    def publish(self, id: str, batches: list[str], beyond: list[str]) -> None:
        """The batches of a job whose chart was read, and the songs it has beyond."""
        self._finish(id, scripts.PUBLISH, [id, 0, len(batches), *batches, *beyond])

    def handed_out(self, id: str) -> HandedOut:
        """How far a job is whose batches are done. Raises redis' errors."""
        job = f"timbre:job:{id}"
        batches, dead = self._redis.hmget(job, ["batches", "dead"])
        stored = [member.decode() for member in cast("set[bytes]", self._redis.smembers(f"{job}:songs"))]
        return HandedOut(int(batches or 0), stored, self._redis.llen(f"{job}:beyond"), int(dead or 0))

    def beyond(self, id: str, count: int) -> list[QueuedSong]:
        """The next songs of the job's chart. Raises redis' errors, Unreadable."""
        texts = self._redis.lrange(f"timbre:job:{id}:beyond", 0, count - 1) if count else []
        return [read_song(text) for text in cast("list[bytes]", texts)]

    def hand_out_more(self, id: str, had: int, batches: list[str], songs: int) -> None:
        """More batches of a job that had so many, of so many songs from beyond."""
        self._finish(id, scripts.MORE, [id, had, len(batches), *batches, songs])

    def end(self, id: str, had: int, stored: int) -> None:
        """The job, which had so many batches, is complete: so many songs are stored."""
        self._finish(id, scripts.END, [id, had, stored])

    def done(self, id: str, songs: Iterable[UUID]) -> None:
        """All songs of a batch are stored, as these."""
        self._finish(id, scripts.DONE, [id, *(song.hex for song in songs)])

    def give_back(self, id: str, reason: str = "") -> None:
        """For another worker; with a reason it counts as a failure, and after three of them it is a dead letter."""
        self._finish(id, scripts.GIVE_BACK, [id, reason])

    def bury(self, id: str, reason: str) -> None:
        """A dead letter: nobody works on it until somebody says `retry`."""
        self._finish(id, scripts.BURY, [id, reason])

    def renew(self) -> None:
        """This worker lives, and so does what it has in hand."""
        if not self.tell() or not self.in_hand:
            return
        try:
            self._run(scripts.RENEW, [self._lease, *self.in_hand])
        except RedisError as error:
            self._lost(error)

    def tell(self) -> bool:
        """Tells what was not told yet; whether all is told, and more may be."""
        if time.monotonic() < self._asked_again_at:
            return False
        while self._untold:
            script, arguments = self._untold[0]
            try:
                self._run(script, arguments)
            except RedisError as error:
                if not isinstance(error, ResponseError) or isinstance(error, OutOfMemoryError | ReadOnlyError):
                    self._lost(error)
                    return False
                # Its lease runs out: somebody does it again, or it becomes a dead letter.
                logger.error("Redis holds something else than ours where %s belongs: %s", arguments[0], error)
            self._untold.popleft()
            self.in_hand.pop(arguments[0], None)
        return True

    def waiting(self) -> int:
        """Jobs and batches that wait for a worker; 0 where Redis is away."""
        return sum(self._counts()[:2])

    def is_all_done(self) -> bool:
        """Whether nothing waits and nobody has anything in hand."""
        return not self._untold and sum(self._counts()) == 0 and not self._is_away

    def _counts(self) -> list[int]:
        if time.monotonic() < self._asked_again_at:
            return [0, 0, 0]
        try:
            with self._redis.pipeline(transaction=False) as together:
                together.llen("timbre:jobs")
                together.zcard("timbre:batches")
                together.zcard("timbre:leases")
                counts: list[int] = together.execute()
        except RedisError as error:
            self._lost(error)
            return [0, 0, 0]
        self._is_back()
        return counts

    def _finish(self, id: str, script: str, arguments: list[Any]) -> None:
        # In hand until it is told: its lease is renewed until then.
        self._untold.append((script, arguments))
        self.tell()

    def _run(self, script: str, arguments: list[Any]) -> Any:
        known = self._scripts.get(script)
        if known is None:
            known = self._scripts[script] = self._redis.register_script(script)
        told = known(args=arguments)
        self._is_back()
        return told

    def _is_back(self) -> None:
        if self._is_away:
            self._is_away = False
            logger.warning("Redis is back.")

    def _lost(self, error: RedisError) -> None:
        self._asked_again_at = time.monotonic() + _REST
        if not self._is_away:
            self._is_away = True
            logger.warning(
                "Redis does not answer (%s): nothing new is begun until it is back; what is in hand goes on.",
                type(error).__name__,
            )
