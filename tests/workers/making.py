"""Jobs and batches for tests, and time that passes in Redis when a test says so."""

from uuid import uuid4

from redis import Redis

from timbre_spider.items import ChartRow
from timbre_spider.spiders.job import Job
from timbre_spider.workers.entries import QueuedSong, write_batch


def job(listener: str = "ann", max_songs: int = 5) -> Job:
    return Job(uuid4().hex, listener, max_songs)


def song(title: str = "Tide", artist: str = "Ann", plays: int = 3) -> QueuedSong:
    return QueuedSong.of([ChartRow(artist, title, plays, 1)], (1, artist, False), ())


def batches(count: int, listener: str = "ann") -> list[str]:
    return [write_batch(listener, [song(f"Song {number}")]) for number in range(count)]


def run_out(redis: Redis) -> None:
    """The leases of all that is in hand run out; the server has been up for long enough to say so."""
    for id in redis.zrange("timbre:leases", 0, -1):
        redis.zadd("timbre:leases", {id: 1})
