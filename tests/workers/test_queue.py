"""What a worker takes: its own requests first, then of all workers' work, no more than it can do."""

from types import SimpleNamespace

import pytest
from scrapy import Request

from tests.workers.making import batches, job
from timbre_spider.sharing import connect_redis
from timbre_spider.workers.queue import LeasedQueue
from timbre_spider.workers.shared_work import SharedWork

pytestmark = pytest.mark.integration


def test_a_worker_has_three_batches_in_hand_and_does_its_own_requests_first(redis, redis_server):
    work = SharedWork(connect_redis(redis_server))
    put = job()
    work.put([put])
    worker = SimpleNamespace(name="worker", work=work, request_of=lambda entry: Request(f"data:,{entry.id}"))
    queue = LeasedQueue(None, worker, "key")
    assert queue.pop().url == f"data:,{put.id}"
    work.publish(put.id, batches(5), [])
    assert len(queue) == 5
    for name in ("one", "other"):
        queue.push(Request(f"data:,{name}"))
    assert len(queue) == 7
    taken = [each and each.url.partition(",")[2] for each in (queue.pop() for _ in range(6))]
    assert taken == ["one", "other", *(f"{put.id}:{number}" for number in range(3)), None]
    work.done(f"{put.id}:0", [])
    assert queue.pop().url == f"data:,{put.id}:3"
    queue.push(Request("data:,one"))
    queue.clear()
    assert len(queue) == 1
