"""What leases cost a crawl that no network holds up: the same songs, leased, and merely popped as scrapy-redis does.

python benchmarks/bench_leases.py [--songs 200] [--batch-size 50] [--pairs 3]

One worker, one job, in turns with and without leases, each in a database of its own. Told are CPU seconds of the worker
and of Redis, and the clock, from the first batch to the end of the last.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable
from pathlib import Path
from typing import Any, cast
from urllib.parse import quote
from uuid import UUID, uuid4

import psutil
from kill_drill import World
from worker_drill import RedisServer, services

from timbre_spider.cli import main as timbre
from timbre_spider.spiders.job import Job
from timbre_spider.storage.connect import EmbeddedDatabase
from timbre_spider.storage.embedded import SUPERUSER, EmbeddedServer
from timbre_spider.storage.migrate import migrate
from timbre_spider.workers import spider
from timbre_spider.workers.entries import QueuedBatch, QueuedJob, read_batch, read_job
from timbre_spider.workers.shared_work import SharedWork

# Its end is taken for idleness of so long.
IDLE = 2


class Timed(SharedWork):
    """Tells in the file COST when the last batch is done: CPU seconds and clock since the first was taken."""

    _began: tuple[float, float] | None = None

    def take(self) -> QueuedJob | QueuedBatch | None:
        taken = super().take()
        if isinstance(taken, QueuedBatch) and self._began is None:
            self._began = self._used()
        return taken

    def done(self, id: str, songs: Iterable[UUID]) -> None:
        super().done(id, songs)
        if self._began is not None:
            cost = [now - then for now, then in zip(self._used(), self._began, strict=True)]
            Path(os.environ["COST"]).write_text(json.dumps(cost))

    def _used(self) -> tuple[float, float]:
        server = psutil.Process(self._redis.info("server")["process_id"])
        return time.process_time() + sum(server.cpu_times()[:2]), time.monotonic()


class Popped(SharedWork):
    """What is taken is gone from Redis, as with scrapy-redis's PriorityQueue, and nobody keeps account of it."""

    def take(self) -> QueuedJob | QueuedBatch | None:
        if id := cast("bytes | None", self._redis.rpop("timbre:jobs")):
            self.in_hand[id.decode()] = None
            return QueuedJob(id.decode(), read_job(cast("bytes", self._redis.hget(b"timbre:job:" + id, "job"))), "read")
        with self._redis.pipeline() as together:
            together.zrange("timbre:batches", 0, 0).zremrangebyrank("timbre:batches", 0, 0)
            texts, _ = together.execute()
        if not texts:
            return None
        id = uuid4().hex
        self.in_hand[id] = None
        return read_batch(id, texts[0])

    def publish(self, id: str, batches: list[str], beyond: list[str]) -> None:
        self._redis.zadd("timbre:batches", {text: place for place, text in enumerate(batches)})
        del self.in_hand[id]

    def done(self, id: str, songs: Iterable[UUID]) -> None:
        del self.in_hand[id]

    def give_back(self, id: str, reason: str = "") -> None:
        self.in_hand.pop(id, None)

    def renew(self) -> None:
        """Nobody asks whether it lives."""

    def is_all_done(self) -> bool:
        return not self.in_hand and super().is_all_done()


class TimedPopped(Timed, Popped):
    """The other half of a pair."""


KINDS: dict[str, Any] = {"leased": Timed, "popped": TimedPopped}


def one_run(there: World, redis: RedisServer, folder: Path, songs: int, batch_size: int, kind: str) -> list[float]:
    """CPU seconds and clock of a job."""
    place = folder / uuid4().hex
    place.mkdir()
    server = EmbeddedServer(place / "postgres")
    database = EmbeddedDatabase(server, "bench")
    migrate(database)
    url = f"postgresql:///bench?host={quote(str(server.socket_folder), safe='')}&user={SUPERUSER}"
    told = {"DATABASE_URL": url, "REDIS_URL": redis.url, "BATCH_SIZE": str(batch_size), "COST": str(place / "cost")}
    redis.client.flushall()
    SharedWork(redis.client).put([Job(uuid4().hex, there.env["LASTFM_USERNAME"], songs)])
    command = [sys.executable, __file__, "--work", kind]
    subprocess.run(command, cwd=place, env=os.environ | there.env | told, stdout=subprocess.DEVNULL, check=True)
    database.close()
    cost: list[float] = json.loads((place / "cost").read_text())
    return cost


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--songs", type=int, default=200)
    parser.add_argument("--batch-size", type=int, default=50)
    parser.add_argument("--pairs", type=int, default=3)
    parser.add_argument("--port", type=int, default=16397)
    parser.add_argument("--work", choices=KINDS, help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if asked.work:
        spider.SharedWork = KINDS[asked.work]  # type: ignore[misc]
        sys.argv[1:] = ["worker", f"--until-idle={IDLE}"]
        timbre()
        return
    with tempfile.TemporaryDirectory(prefix="timbre-bench-", ignore_cleanup_errors=True) as name:
        folder = Path(name)
        with services(folder, asked.songs * 4, asked.port) as (there, redis):
            for pair in range(asked.pairs):
                # Whoever goes first meets a machine that is warmed up less.
                kinds = list(KINDS) if pair % 2 else list(KINDS)[::-1]
                cost = {k: one_run(there, redis, folder, asked.songs, asked.batch_size, k) for k in kinds}
                (cpu, clock), (cpu_popped, clock_popped) = cost["leased"], cost["popped"]
                print(
                    f"leased {cpu:.2f} s of CPU, {clock:.1f} s; popped {cpu_popped:.2f} s, {clock_popped:.1f} s; "
                    f"speed by CPU {cpu_popped / cpu:.3f}, by clock {clock_popped / clock:.3f}",
                    flush=True,
                )


if __name__ == "__main__":
    main()
