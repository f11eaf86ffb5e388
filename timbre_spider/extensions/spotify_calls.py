"""What may still be asked of Spotify: the ledger in the database, read by the budget's rules."""

import logging
import math
from collections import Counter
from collections.abc import Callable
from datetime import datetime, timedelta

from timbre_spider.config import Config
from timbre_spider.errors import Unusable
from timbre_spider.planning.budget import NOTHING_MADE, Allowance, left_of, used
from timbre_spider.planning.calls import Bucket
from timbre_spider.run_summary import CallsOfAKind
from timbre_spider.storage.calls import CallLedger, calls_made
from timbre_spider.storage.database import Database
from timbre_spider.storage.failure import ERRORS

logger = logging.getLogger(__name__)


class SpotifyCalls:
    """Shared by all runs and workers through the database. `base` is the budget to begin with; None: no budget, but
    locks are kept all the same."""

    def __init__(self, database: Database, config: Config, clock: Callable[[], datetime]) -> None:
        self.base = config.spotify_calls_a_day
        self._is_asked_for = config.spotify_budget is not None
        self._database = database
        self._ledger = CallLedger(database.link())
        self._clock = clock
        self._asked: Counter[Bucket] = Counter()

    def is_extended(self) -> None:
        """The key turned out to be no individual's: it has a budget only where one is set."""
        if not self._is_asked_for:
            self.base = None

    async def left(self) -> dict[Bucket, Allowance]:
        """What each kind of endpoint allows now. Raises Unusable when nobody can tell."""
        now = self._clock()
        try:
            return left_of(self.base, await self._ledger.made(now), now)
        except ERRORS:
            self._raise_if_counted()
            return left_of(None, {}, now)

    async def take(self, bucket: Bucket, most: int | None) -> bool:
        """Whether a call may be made now, of `most` a rolling day; it counts from now on. Raises Unusable likewise."""
        try:
            taken = await self._ledger.take(bucket, self._clock(), most)
        except ERRORS:
            self._raise_if_counted()
            taken = True
        self._asked[bucket] += taken
        return taken

    async def lock(self, bucket: Bucket, until: datetime) -> None:
        """Nothing of the kind is asked before `until`, by anybody."""
        now = self._clock()
        try:
            await self._ledger.lock(bucket, now, max(until, now + timedelta(seconds=1)))
        except ERRORS as error:
            logger.warning("The database does not hear that Spotify's %s is locked until %s: %s", bucket, until, error)

    def told(self) -> dict[Bucket, Allowance]:
        """What `left` tells, for commands. Raises DatabaseUnreachable."""
        now = self._clock()
        return left_of(self.base, calls_made(self._database, now), now)

    def account(self) -> dict[str, CallsOfAKind]:
        """What was asked and is left, for the summary. Raises DatabaseUnreachable."""
        now = self._clock()
        made = calls_made(self._database, now)
        return {
            bucket: CallsOfAKind(
                asked=self._asked[bucket],
                counted=used(made.get(bucket, NOTHING_MADE), now),
                budget=allowed.budget,
                left=None if allowed.left == math.inf else int(allowed.left),
                back_at=allowed.back_at,
            )
            for bucket, allowed in left_of(self.base, made, now).items()
        }

    async def close(self) -> None:
        """Hang up."""
        await self._ledger.close()

    def _raise_if_counted(self) -> None:
        """Without a budget there is nothing to keep; with one a call nobody counts is not made."""
        if self.base is not None:
            raise Unusable("The database cannot tell what is left of Spotify's calls: asked again in the next run.")
