"""Workers and Redis killed in the middle of a job: is anything lost, doubled, asked again, and does it end by itself?

    .venv/bin/python benchmarks/worker_drill.py [--songs 300] [--worker-kills 20] [--redis-kills 5]

Each round is a job of its own in a database of its own: a calm one first, then rounds of some kills each, at random
moments. A killed worker is started again, as a supervisor would; nobody enqueues anything again.
"""

import argparse
import os
import random
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

from kill_drill import TIMBRE, World, world
from redis import Redis
from redis.exceptions import RedisError

from timbre_spider.storage.connect import EmbeddedDatabase
from timbre_spider.storage.embedded import SUPERUSER, EmbeddedServer

WORKERS = 4
# Kills in one round: fewer than would make a dead letter of a batch that is hit by each.
KILLS_A_ROUND = {"worker": 5, "redis": 5}


@dataclass(frozen=True)
class Round:
    """What became of a job: its state, songs stored, names stored twice, requests, those of them that had been asked
    before by service, seconds, kills."""

    state: str
    songs: int
    doubled: int
    requests: int
    repeated: dict[str, int]
    seconds: float
    kills: int


class RedisServer:
    """A Redis that keeps its append-only file, and comes back after a kill."""

    def __init__(self, folder: Path, port: int) -> None:
        self._command = [
            "redis-server",
            "--port",
            str(port),
            "--bind",
            "127.0.0.1",
            "--appendonly",
            "yes",
            "--save",
            "",
        ]
        self._folder = folder
        self.url = f"redis://127.0.0.1:{port}/0"
        self.client = Redis.from_url(self.url)
        self.start()

    def start(self) -> None:
        self._process = subprocess.Popen(self._command, cwd=self._folder, stdout=subprocess.DEVNULL)
        while True:
            try:
                self.client.ping()
                return
            except RedisError:
                time.sleep(0.05)

    def kill(self) -> None:
        """Gone for two seconds."""
        self._process.kill()
        self._process.wait()
        time.sleep(2)
        self.start()

    def stop(self) -> None:
        self._process.terminate()
        self._process.wait()


def one_round(there: World, redis: RedisServer, folder: Path, songs: int, kills: list[str]) -> Round:
    """A job of so many songs; each of `kills` ("worker", "redis") comes some seconds after the one before."""
    server = EmbeddedServer(folder / f"postgres_{time.time_ns()}")
    database = EmbeddedDatabase(server, "drill")
    url = f"postgresql:///drill?host={quote(str(server.socket_folder), safe='')}&user={SUPERUSER}"
    env = os.environ | there.env | {"DATABASE_URL": url, "REDIS_URL": redis.url, "BATCH_SIZE": "10"}
    redis.client.flushall()
    there.forget()

    def run(*command: str) -> "subprocess.Popen[bytes]":
        return subprocess.Popen(
            [*TIMBRE, *command], cwd=folder, env=env, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )

    run("enqueue", f"--max-songs={songs}").wait()
    began = time.monotonic()
    workers = [run("worker") for _ in range(WORKERS)]
    try:
        while redis.client.zcard("timbre:batches") == 0:
            time.sleep(0.1)
        for kill in kills:
            time.sleep(random.uniform(1, 5))
            if kill == "redis":
                redis.kill()
                continue
            place = random.randrange(WORKERS)
            workers[place].kill()
            workers[place].wait()
            workers[place] = run("worker")
        [job] = [each.decode() for each in redis.client.zrange("timbre:all", 0, -1)]
        while (state := (redis.client.hget(f"timbre:job:{job}", "state") or b"").decode()) not in ("done", "dead"):
            if time.monotonic() - began > 240:
                break
            time.sleep(0.2)
    finally:
        seconds = time.monotonic() - began
        for worker in workers:
            worker.terminate()
        for worker in workers:
            worker.wait()
    with database.connect() as connection:
        [(stored, names)] = connection.execute(
            "SELECT count(*), count(DISTINCT lower(artist) || ' ' || lower(title)) FROM songs"
        ).fetchall()
    database.close()
    repeated = {service: count for service, count in there.requests("repeated").items() if count}
    return Round(state, stored, stored - names, sum(there.requests().values()), repeated, seconds, len(kills))


@contextmanager
def services(folder: Path, rows: int, port: int, *more: str) -> Iterator[tuple[World, RedisServer]]:
    """A sandbox in fair weather, told `more`, and a Redis."""
    with world(folder, rows, "fair", *more) as there:
        redis = RedisServer(folder, port)
        try:
            yield there, redis
        finally:
            redis.stop()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--songs", type=int, default=300)
    parser.add_argument("--worker-kills", type=int, default=20)
    parser.add_argument("--redis-kills", type=int, default=5)
    parser.add_argument("--port", type=int, default=16399)
    asked = parser.parse_args()
    folder = Path(tempfile.mkdtemp(prefix="worker-drill-"))
    try:
        with services(folder, asked.songs * 4, asked.port) as (there, redis):
            calm = one_round(there, redis, folder, asked.songs, [])
            print("calm", calm, flush=True)
            for kind, count in (("worker", asked.worker_kills), ("redis", asked.redis_kills)):
                while count > 0:
                    kills = [kind] * min(count, KILLS_A_ROUND[kind])
                    count -= len(kills)
                    found = one_round(there, redis, folder, asked.songs, kills)
                    more = (found.requests / calm.requests - 1) / len(kills)
                    again = (sum(found.repeated.values()) - sum(calm.repeated.values())) / found.requests / len(kills)
                    print(kind, found, f"a kill: {more:.1%} more requests, {again:.1%} asked again", flush=True)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    main()
