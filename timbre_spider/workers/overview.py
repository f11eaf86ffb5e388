"""What all jobs are doing, and what a person may say to them."""

from dataclasses import dataclass, field
from typing import Any, cast

from redis import Redis

from timbre_spider.errors import UsageError
from timbre_spider.spiders.job import Job
from timbre_spider.workers import scripts
from timbre_spider.workers.entries import Unreadable, read_job


@dataclass(slots=True)
class JobState:
    """A job, and how many of its batches are where. `songs`: those stored, once it ended. `job`: None where what lies
    there is none of ours.

    `state`: waiting, being read, open, done, dead or cancelled; `reasons`: why what is dead is.
    """

    id: str
    job: Job | None
    state: str
    waiting: int
    in_hand: int
    done: int
    dead: int
    songs: int | None = None
    reasons: list[str] = field(default_factory=list)


def all_jobs(redis: Redis) -> list[JobState]:
    """Every job of the last week, the newest first. Raises redis' errors."""
    found = []
    leased = cast("list[bytes]", redis.zrange("timbre:leases", 0, -1))
    dead = cast("dict[bytes, bytes]", redis.hgetall("timbre:dead"))
    for name in cast("list[bytes]", redis.zrevrange("timbre:all", 0, -1)):
        told = cast("dict[bytes, bytes]", redis.hgetall(b"timbre:job:" + name))
        if told:
            found.append(_state(name, told, [each for each in leased if each.startswith(name)], dead))
        else:
            # It ended more than a week ago.
            redis.zrem("timbre:all", name)
    return found


def id_of(redis: Redis, begins: str) -> str:
    """The id of the one job whose id begins so; `begins` where there is none. Raises UsageError for several of them,
    and redis' errors."""
    names = [name.decode(errors="replace") for name in cast("list[bytes]", redis.zrange("timbre:all", 0, -1))]
    found = [name for name in names if begins and name.startswith(begins)]
    if len(found) > 1:
        raise UsageError(f"{len(found)} jobs have an id that begins with {begins}: give more of it.")
    return found[0] if found else begins


def retry(redis: Redis, id: str) -> int:
    """What of the job is dead waits again; how much that is. Raises redis' errors."""
    return int(redis.register_script(scripts.RETRY)(args=[id]))


def cancel(redis: Redis, id: str) -> bool:
    """Hands out nothing more of the job; False when there is none that goes on. Raises redis' errors."""
    return bool(redis.register_script(scripts.CANCEL)(args=[id]))


def _state(name: bytes, told: dict[bytes, bytes], leased: list[bytes], dead: dict[bytes, bytes]) -> JobState:
    def number(name: str) -> int:
        return int(told.get(name.encode(), 0))

    in_hand = sum(b":" in each for each in leased)
    reasons: dict[str, Any] = {
        reason.decode(errors="replace"): None for id, reason in dead.items() if id.startswith(name)
    }
    state = told.get(b"state", b"").decode(errors="replace")
    id = name.decode(errors="replace")
    return JobState(
        id,
        _job(id, told),
        "being read" if state == "waiting" and leased else state,
        max(number("left") - in_hand, 0),
        in_hand,
        number("done"),
        number("dead"),
        number("songs") if b"songs" in told else None,
        list(reasons),
    )


def _job(id: str, told: dict[bytes, bytes]) -> Job | None:
    try:
        job = read_job(told[b"job"])
    except (KeyError, Unreadable):
        return None
    return job if job.id == id else None
