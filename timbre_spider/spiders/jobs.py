"""How far each job is: in this process, or for all workers (`redis_jobs`)."""

from collections import defaultdict
from collections.abc import Iterable
from typing import Protocol
from uuid import UUID

from scrapy.settings import BaseSettings

from timbre_spider.extensions.stored_songs import StoredSongs
from timbre_spider.spiders.job import Job


class Jobs(Protocol):
    """Songs of a job that wait in batches, and the distinct songs stored."""

    shared: bool

    def add_waiting(self, job_id: str, songs: int) -> None:
        """So many songs of the job wait now."""

    def one_done(self, job_id: str, song_id: UUID | None, gone: Iterable[UUID]) -> None:
        """One that waited is done: stored as `song_id`, or (None) no song of its own; `gone` are songs no more."""

    def waiting(self, job_id: str) -> int:
        """Songs still on their way, here or at another worker."""

    def stored(self, job: Job) -> int:
        """Distinct songs stored for the job."""

    def next_job(self) -> Job | None:
        """A job nobody has taken yet."""

    def end(self, job_id: str) -> None:
        """The job is done: forget it."""


class LocalJobs:
    """One process, whose jobs are its own, one a listener: what the run has stored of a listener is the job's."""

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

    def stored(self, job: Job) -> int:
        return self._stored.songs_of(job.listener)

    def next_job(self) -> Job | None:
        return None

    def end(self, job_id: str) -> None:
        # A job with nothing to do never waited.
        self._waiting.pop(job_id, None)


def jobs_for(settings: BaseSettings, stored: StoredSongs) -> Jobs:
    """Shared through Redis for a worker (REDIS_URL in the settings), else this process's own."""
    url = settings.get("REDIS_URL")
    if not url:
        return LocalJobs(stored)
    from timbre_spider.spiders.redis_jobs import RedisJobs

    return RedisJobs.at(url)
