"""scrapy-redis's queue, with leases."""

import warnings
from collections import deque
from typing import TYPE_CHECKING, Any

from scrapy import Request
from scrapy.exceptions import ScrapyDeprecationWarning
from scrapy_redis.queue import Base

if TYPE_CHECKING:
    from timbre_spider.workers.spider import Worker

# How scrapy-redis calls Scrapy is nothing a user can mend.
warnings.filterwarnings("ignore", category=ScrapyDeprecationWarning, module="scrapy_redis")

# Batches in hand at most: enough songs for every source to be busy, few enough that other workers find some too.
MOST_IN_HAND = 3


class LeasedQueue(Base):  # type: ignore[misc]  # scrapy-redis has no types
    """What a worker takes is leased from all workers' Redis; what its callbacks yield stays its own.

    The scheduler makes it of its connection, the spider, a key and a serializer; ours is the spider's work.
    """

    def __init__(self, server: Any, spider: Any, key: str, serializer: Any = None) -> None:
        super().__init__(server, spider, key, serializer)
        self._worker: Worker = spider
        self._own: deque[Request] = deque()

    def __len__(self) -> int:
        return len(self._own) + self._worker.work.waiting()

    def push(self, request: Request) -> None:
        """Of this worker alone, and lost with it: a lease stands behind each."""
        self._own.append(request)

    def pop(self, timeout: float = 0) -> Request | None:
        """The next request; None when there is none, or when there is enough in hand."""
        if self._own:
            return self._own.popleft()
        if len(self._worker.work.in_hand) >= MOST_IN_HAND:
            return None
        entry = self._worker.work.take()
        return None if entry is None else self._worker.request_of(entry)

    def clear(self) -> None:
        """What is shared is not this worker's to throw away."""
        self._own.clear()
