"""Answers out of Redis against answers out of Postgres, and what that is worth to a listener who comes later.

python benchmarks/bench_hot.py [--batches 40] [--songs 100]

First the answers of whole batches of 50 songs, read by nobody else: what one costs, by the clock and in CPU of the
reader and both servers. Then three listeners of the sandbox with half of their songs in common, one worker a job, with
room in Redis and without: of the third job, since the second reads first what the first was told, its requests, CPU,
and how often Redis had an answer.
"""

import argparse
import asyncio
import json
import os
import statistics
import subprocess
import tempfile
import time
import urllib.request
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.parse import quote

import psutil
from kill_drill import TIMBRE, World
from worker_drill import RedisServer, services

from timbre_spider.config import load_config
from timbre_spider.items import Answer, Outcome
from timbre_spider.storage.connect import EmbeddedDatabase
from timbre_spider.storage.embedded import SUPERUSER, EmbeddedServer
from timbre_spider.storage.hot_answers import HotAnswers, Question
from timbre_spider.storage.migrate import migrate
from timbre_spider.storage.recall import Reader
from timbre_spider.storage.writer import Writer

SONGS = 50
# As large as a track of Spotify's.
VALUES: dict[str, object] = {f"field {n}": "some thirty letters of a value." for n in range(18)}
NOW = datetime.now(UTC)


def questions_of(batch: int) -> list[Question]:
    keys = [f"hash:{batch:08}{song:024}" for song in range(SONGS)]
    return [(source, key) for key in keys for source in ("spotify", "open")]


async def reading(database: EmbeddedDatabase, hot: HotAnswers | None, batches: int, servers: list[int]) -> str:
    """What a batch's answers cost."""
    reader = Reader(database, hot=hot)
    await reader.answers(questions_of(0))
    seconds = []
    before = time.process_time(), cpu_of(servers)
    for batch in range(batches):
        began = time.perf_counter()
        found = await reader.answers(questions_of(batch))
        seconds.append(time.perf_counter() - began)
        assert len(found) == 2 * SONGS
    own, theirs = time.process_time() - before[0], cpu_of(servers) - before[1]
    await reader.close()
    return (
        f"{1000 * statistics.median(seconds):.1f} ms by the clock (median), CPU {1000 * own / batches:.1f} ms of the "
        f"reader, {1000 * theirs / batches:.1f} ms of the servers"
    )


def cpu_of(processes: list[int]) -> float:
    """CPU seconds these and their children have used."""
    told = [each for process in processes for each in family(psutil.Process(process))]
    return sum(sum(each.cpu_times()[:2]) for each in told)


def family(process: psutil.Process) -> list[psutil.Process]:
    return [process, *process.children(recursive=True)]


async def read_batches(folder: Path, redis: RedisServer, batches: int) -> None:
    server = EmbeddedServer(folder / "postgres_read")
    database = EmbeddedDatabase(server, "bench")
    migrate(database)
    hot = HotAnswers.of(database, load_config(_env_file=None, redis_url=redis.url))
    writer = Writer(database, spool_dir=folder / "spool")
    await writer.open()
    for batch in range(batches):
        told = [
            Answer(source, key, Outcome.FOUND, NOW, NOW + timedelta(days=7), VALUES, 0.9, "high", "names alike")
            for source, key in questions_of(batch)
        ]
        await writer.record(told)
    await writer.close()
    servers = [redis.client.info("server")["process_id"]]
    with database.connect() as connection:
        [(mother,)] = connection.execute("SELECT pg_read_file('postmaster.pid', 0, 12)").fetchall()
        servers.append(int(mother.split()[0]))
    print(f"{2 * SONGS} answers, out of Postgres: {await reading(database, None, batches, servers)}", flush=True)
    await reading(database, hot, batches, servers)
    print(f"{2 * SONGS} answers, out of Redis:    {await reading(database, hot, batches, servers)}", flush=True)
    assert hot is not None
    print(f"{int(redis.client.get('timbre:cache:bytes') or 0) / redis.client.hlen('timbre:cache'):.0f} bytes an answer")
    database.close()


def three_listeners(there: World, redis: RedisServer, folder: Path, songs: int, megabytes: int) -> str:
    """What the last of three jobs cost."""
    server = EmbeddedServer(folder / f"postgres_{megabytes}")
    database = EmbeddedDatabase(server, "bench")
    url = f"postgresql:///bench?host={quote(str(server.socket_folder), safe='')}&user={SUPERUSER}"
    told = {"DATABASE_URL": url, "REDIS_URL": redis.url, "REDIS_CACHE_MB": str(megabytes)}
    env = os.environ | there.env | told
    redis.client.flushall()
    migrate(database)
    with urllib.request.urlopen(there.control) as answer:
        listeners: list[str] = json.load(answer)["listeners"]
    for listener in listeners:
        before, cpu = sum(there.requests().values()), children_cpu()
        for command in (["enqueue", "--user", listener, f"--max-songs={songs}"], ["worker", "--until-idle=1"]):
            subprocess.run([*TIMBRE, *command], cwd=folder, env=env, check=True, capture_output=True)
        asked, used = sum(there.requests().values()) - before, children_cpu() - cpu
    database.close()
    summary = json.loads(max((folder / "logs").glob("pipeline_summary_*.json")).read_text())
    return (
        f"{asked} requests, {used:.1f} s of CPU, {summary['songs']['recalled']} of {summary['songs']['stored']} songs "
        f"known before, answers: {summary['hot_answers']}"
    )


def children_cpu() -> float:
    """CPU seconds of the processes that this one has started and that have ended."""
    return sum(os.times()[2:4])


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--batches", type=int, default=40)
    parser.add_argument("--songs", type=int, default=100, help="of each listener; 0: no listeners")
    parser.add_argument("--port", type=int, default=16395)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="timbre-bench-", ignore_cleanup_errors=True) as name:
        folder = Path(name)
        with services(folder, max(asked.songs, 10) * 4, asked.port, "--listeners=3") as (there, redis):
            asyncio.run(read_batches(folder, redis, asked.batches))
            for megabytes in (0, 64) if asked.songs else ():
                print(
                    f"{megabytes} MB of Redis: {three_listeners(there, redis, folder, asked.songs, megabytes)}",
                    flush=True,
                )


if __name__ == "__main__":
    main()
