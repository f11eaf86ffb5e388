"""What changes while somebody watches: looked at once a second for all who do, and not at all when nobody does."""

import asyncio
import logging
from collections.abc import AsyncIterator, Callable

from timbre_spider.errors import TimbreError

logger = logging.getLogger(__name__)

LOOK_SECONDS = 1.0


class Following:
    """Followers of one thing; `look` tells how it is now, as text, in a thread."""

    def __init__(self, look: Callable[[], str], every: float = LOOK_SECONDS) -> None:
        self._look = look
        self._every = every
        self._followers = 0
        self._looking: asyncio.Task[None] | None = None
        self._changed = asyncio.Condition()
        self._said: str | None = None

    async def follow(self) -> AsyncIterator[str]:
        """How it is, then how it has become each time it has changed."""
        self._followers += 1
        if self._looking is None:
            self._looking = asyncio.create_task(self._keep_looking())
        told: str | None = None
        try:
            while True:
                async with self._changed:
                    while self._said is None or self._said == told:
                        await self._changed.wait()
                    told = self._said
                yield told
        finally:
            self._followers -= 1
            if not self._followers and self._looking is not None:
                self._looking.cancel()
                self._looking, self._said = None, None

    async def _keep_looking(self) -> None:
        while True:
            try:
                said = await asyncio.to_thread(self._look)
            except TimbreError as error:
                logger.warning("What goes on cannot be told: %s", error)
            else:
                if said != self._said:
                    async with self._changed:
                        self._said = said
                        self._changed.notify_all()
            await asyncio.sleep(self._every)
