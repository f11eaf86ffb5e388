"""What may still be asked of Spotify now: as the ledger said, less what was asked since."""

import logging
from dataclasses import replace
from datetime import datetime, timedelta

from timbre_spider.errors import Parked
from timbre_spider.extensions.context import Context
from timbre_spider.planning.budget import Allowance
from timbre_spider.planning.calls import Bucket

logger = logging.getLogger(__name__)

# With nothing left and nobody telling when there is more.
_TRY_AGAIN = timedelta(hours=1)


class Allowed:
    """The ledger is read when it is first needed, and anew after `forget` or when another worker was faster."""

    def __init__(self, context: Context) -> None:
        self._ledger = context.spotify_calls
        self._clock = context.clock
        self._by_bucket: dict[Bucket, Allowance] = {}

    async def left(self) -> dict[Bucket, float]:
        """Calls that may be made now, by the buckets that are open."""
        self._by_bucket = self._by_bucket or await self._ledger.left()
        return {bucket: each.left for bucket, each in self._by_bucket.items() if each.left > 0}

    def may_be_asked(self, bucket: Bucket) -> bool:
        """Whether a bucket is open, as far as is known."""
        return self._by_bucket[bucket].left > 0

    async def take(self, bucket: Bucket) -> bool:
        """Takes one call down in the ledger; False: there is none left."""
        allowed = self._by_bucket[bucket]
        if await self._ledger.take(bucket, allowed.budget):
            self._by_bucket[bucket] = replace(allowed, left=allowed.left - 1)
            return True
        # Another worker took the last one.
        self._by_bucket = await self._ledger.left()
        now = self._by_bucket[bucket]
        self._by_bucket[bucket] = replace(now, left=0, back_at=now.back_at or self._clock() + _TRY_AGAIN)
        return False

    async def lock(self, bucket: Bucket, parked: Parked) -> None:
        """Spotify said that a bucket's quota is used up."""
        await self._ledger.lock(bucket, parked.until)
        self._by_bucket[bucket] = Allowance(0, self._by_bucket[bucket].budget, parked.until)
        logger.warning("%s. Of its kinds of endpoints that is %s; the others are asked on.", parked, bucket)

    @property
    def is_used_up(self) -> bool:
        """Whether any bucket has nothing left."""
        return any(each.left <= 0 for each in self._by_bucket.values())

    @property
    def back_at(self) -> datetime:
        """When more may be asked, of searches where that is known."""
        back_at = [each.back_at for each in self._by_bucket.values() if each.back_at is not None]
        search = self._by_bucket[Bucket.SEARCH].back_at
        return search or min(back_at, default=self._clock() + _TRY_AGAIN)

    def forget(self) -> None:
        """Time goes by, or the budget is another one."""
        self._by_bucket = {}
