"""A Redis that is killed, and comes back with what its append-only file holds."""

import shutil
import subprocess
import time
from contextlib import suppress
from types import SimpleNamespace
from uuid import uuid4

import pytest
from redis import Redis
from redis.exceptions import ConnectionError as NotYet

from tests.conftest import free_port
from tests.waiting import wait_until
from tests.workers.making import batches, job
from timbre_spider.sharing import connect_redis
from timbre_spider.workers import shared_work
from timbre_spider.workers.shared_work import SharedWork

pytestmark = pytest.mark.integration

REST = shared_work._REST


def answers(redis):
    with suppress(NotYet):
        return redis.ping()


class Server:
    """A redis-server that keeps its append-only file."""

    def __init__(self, folder):
        self.port, self.folder = free_port(), folder
        self.url = f"redis://127.0.0.1:{self.port}/0"
        self.start()

    def start(self):
        # Else a slow fsync holds back up to two seconds' writes, which a kill loses.
        kept = ["--appendonly", "yes", "--appendfsync", "always", "--save", ""]
        command = ["redis-server", "--port", str(self.port), "--bind", "127.0.0.1", *kept]
        self.process = subprocess.Popen(command, cwd=self.folder, stdout=subprocess.DEVNULL)
        with Redis.from_url(self.url) as redis:
            wait_until(lambda: answers(redis), self.process)

    def kill(self):
        self.process.kill()
        self.process.wait()


@pytest.fixture
def server(tmp_path, monkeypatch):
    if shutil.which("redis-server") is None:
        pytest.skip("no redis-server")
    monkeypatch.setattr(shared_work, "_REST", 0)
    server = Server(tmp_path)
    yield server
    server.kill()


def test_what_was_done_while_redis_was_away_is_told_when_it_is_back(server, caplog):
    here, there = SharedWork(connect_redis(server.url)), SharedWork(connect_redis(server.url))
    put = job()
    here.put([put])
    here.take()
    here.publish(put.id, batches(2), [])
    one, other = here.take(), there.take()
    server.kill()

    here.done(one.id, [uuid4()])
    here.renew()
    assert there.take() is None
    assert (here.waiting(), here.is_all_done()) == (0, False)
    assert list(here.in_hand) == [one.id]
    assert "nothing new is begun until it is back" in caplog.text

    server.start()
    there.done(other.id, [uuid4()])
    assert here.tell()
    assert list(here.in_hand) == []
    settling = there.take()
    assert (settling.job, settling.stage) == (put, "settle")
    assert len(there.handed_out(put.id).stored) == 2
    assert caplog.text.count("Redis does not answer") == 2
    assert "Redis is back" in caplog.text


def test_a_redis_that_is_away_is_left_alone_for_two_seconds(server, monkeypatch):
    now = [1000.0]
    monkeypatch.setattr(shared_work, "time", SimpleNamespace(monotonic=lambda: now[0], time=time.time))
    monkeypatch.setattr(shared_work, "_REST", REST)
    here = SharedWork(connect_redis(server.url))
    put = job()
    here.put([put])
    server.kill()
    assert here.take() is None
    server.start()
    now[0] += 1.9
    assert here.take() is None
    assert (here.waiting(), here.is_all_done()) == (0, False)
    now[0] += 0.1
    assert here.waiting() == 1
    assert here.take().job == put
    assert (here.waiting(), here.is_all_done()) == (0, False)


def test_what_a_redis_that_may_only_be_read_does_not_take_is_told_later(server):
    here = SharedWork(connect_redis(server.url))
    put = job()
    here.put([put])
    here.take()
    with Redis.from_url(server.url) as redis:
        redis.replicaof("127.0.0.1", 1)
        here.publish(put.id, batches(1), [])
        assert list(here.in_hand) == [put.id]
        redis.replicaof("NO", "ONE")
    assert here.tell()
    assert (list(here.in_hand), here.waiting()) == ([], 1)


def test_what_is_not_ours_under_our_names_stops_nobody(server, caplog):
    here = SharedWork(connect_redis(server.url))
    put = job()
    here.put([put])
    here.take()
    here.publish(put.id, batches(2), [])
    one = here.take()
    with Redis.from_url(server.url) as redis:
        redis.set(f"timbre:job:{put.id}:songs", "no set")
    here.done(one.id, [uuid4()])
    assert "Redis holds something else than ours" in caplog.text
    assert here.take().id == f"{put.id}:1"
