"""Workers where latency binds, how soon one finds work, and what a lease costs.

python benchmarks/bench_workers.py [--songs 600] [--latency-ms 300] [--workers 1 2 4]

Each number of workers does the same job in a database of its own. They are up and idle before it comes, and the time is
that from its first batch to its end. Each has few questions on their way, so that the machine's cores do not
bind: the CPU time of the workers is told beside, and how busy all cores were.
"""

import argparse
import os
import random
import statistics
import subprocess
import tempfile
import time
from pathlib import Path
from typing import cast
from urllib.parse import quote
from uuid import uuid4

import psutil
from kill_drill import TIMBRE, World
from worker_drill import RedisServer, services

from timbre_spider.items import ChartRow
from timbre_spider.spiders.job import Job
from timbre_spider.storage.connect import EmbeddedDatabase
from timbre_spider.storage.embedded import SUPERUSER, EmbeddedServer
from timbre_spider.storage.migrate import migrate
from timbre_spider.workers.entries import QueuedBatch, QueuedSong, read_batch, write_batch
from timbre_spider.workers.shared_work import SharedWork

# Small batches, so that the last ones keep nobody waiting, but not so small that many artists are in two of them, whose
# pages two workers then ask for; one question to a service at a time.
BATCH_SIZE, AT_A_TIME = 6, 1


def one_job(
    there: World, redis: RedisServer, folder: Path, songs: int, count: int
) -> tuple[float, float, float, list[float]]:
    """Seconds of a job with so many workers, CPU seconds of these, how busy the machine was (0 to 1), and
    the seconds in which work was found before."""
    server = EmbeddedServer(folder / f"postgres_{count}")
    database = EmbeddedDatabase(server, "bench")
    migrate(database)
    url = f"postgresql:///bench?host={quote(str(server.socket_folder), safe='')}&user={SUPERUSER}"
    told = {"DATABASE_URL": url, "REDIS_URL": redis.url, "BATCH_SIZE": str(BATCH_SIZE)}
    env = os.environ | there.env | told | {"SCRAPE_CONCURRENCY": str(AT_A_TIME)}
    redis.client.flushall()
    workers = [
        subprocess.Popen([*TIMBRE, "worker"], cwd=folder, env=env, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        for _ in range(count)
    ]
    try:
        while redis.client.client_list(_type="normal")[count:] == []:
            time.sleep(0.1)
        time.sleep(3)
        waited = to_find_work(redis)
        time.sleep(2)
        job = Job(uuid4().hex, env["LASTFM_USERNAME"], songs)
        SharedWork(redis.client).put([job])
        while redis.client.zcard("timbre:batches") == 0:
            time.sleep(0.02)
        began, cpu = time.monotonic(), cpu_of(workers)
        psutil.cpu_percent()
        while redis.client.hget(f"timbre:job:{job.id}", "state") != b"done":
            time.sleep(0.05)
        return time.monotonic() - began, cpu_of(workers) - cpu, psutil.cpu_percent() / 100, waited
    finally:
        for worker in workers:
            worker.terminate()
        for worker in workers:
            worker.wait()
        database.close()


def cpu_of(workers: "list[subprocess.Popen[bytes]]") -> float:
    """CPU seconds these have used."""
    return sum(sum(psutil.Process(worker.pid).cpu_times()[:2]) for worker in workers)


def to_find_work(redis: RedisServer, times: int = 10) -> list[float]:
    """Seconds until an idle worker has a job in hand. The jobs are of nobody: each ends at once."""
    waited = []
    work = SharedWork(redis.client)
    for _ in range(times):
        time.sleep(random.uniform(1, 2))
        job = Job(uuid4().hex, "nobody", 1)
        began = time.monotonic()
        work.put([job])
        while redis.client.llen("timbre:jobs"):
            time.sleep(0.005)
        waited.append(time.monotonic() - began)
    return waited


def leases(redis: RedisServer, count: int = 2000) -> tuple[float, float]:
    """CPU milliseconds of this process and the server's that a batch of 50 songs costs, leased, and merely popped."""
    song = QueuedSong.of([ChartRow("Some Artist", "Some Song Title", 3, 1)], (1, "Some Artist", False), ())
    text = write_batch("listener", [song] * 50)
    server = psutil.Process(redis.client.info("server")["process_id"])

    def used() -> float:
        return 1000 * (time.process_time() + sum(server.cpu_times()[:2])) / count

    work = SharedWork(redis.client)
    job = Job(uuid4().hex, "listener", 1)
    work.put([job])
    work.take()
    work.publish(job.id, [text] * count, [])
    began = used()
    while isinstance(batch := work.take(), QueuedBatch):
        work.done(batch.id, [uuid4() for _ in range(50)])
    leased = used() - began
    redis.client.rpush("bench", *[text] * count)
    began = used()
    for _ in range(count):
        read_batch("0:0", cast("bytes", redis.client.rpop("bench")))
    return leased, used() - began


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--songs", type=int, default=600)
    parser.add_argument("--latency-ms", type=int, default=300)
    parser.add_argument("--workers", type=int, nargs="*", default=[1, 2, 4])
    parser.add_argument("--port", type=int, default=16398)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="timbre-bench-", ignore_cleanup_errors=True) as name:
        folder = Path(name)
        with services(folder, asked.songs * 4, asked.port, f"--latency-ms={asked.latency_ms}") as (there, redis):
            leased, popped = leases(redis)
            print(f"a batch of 50 songs: {leased:.2f} ms of CPU leased, {popped:.2f} ms popped", flush=True)
            alone = 0.0
            for count in asked.workers:
                seconds, cpu, busy, waited = one_job(there, redis, folder, asked.songs, count)
                alone = alone or seconds * asked.workers[0]
                print(
                    f"{count} workers: {asked.songs / seconds:.2f} songs a second, {alone / seconds:.2f} ×; "
                    f"{cpu / seconds:.2f} cores used by them, all cores {busy:.0%} busy; "
                    f"work found within {max(waited):.2f} s, {statistics.mean(waited):.2f} on average",
                    flush=True,
                )


if __name__ == "__main__":
    main()
