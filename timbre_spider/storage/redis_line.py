"""A Redis that answers, or is away. Imported only where REDIS_URL is set: needs the extra `redis`.

What Redis does in one step is in `lua/` (Redis 6.2 and newer, one server, no cluster).
"""

import logging
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from redis.commands.core import Script
from redis.exceptions import RedisError

from timbre_spider.sharing import connect_redis

logger = logging.getLogger(__name__)

# A Redis that was away is left alone for so long, and one that is slow waited for as long; in seconds.
_REST = 30.0
_PATIENCE = 1.0

_LUA = Path(__file__).parent / "lua"


class RedisLine:
    """Where Redis does not answer a question has no answer, and whoever asks does without."""

    def __init__(self, url: str) -> None:
        self.redis = connect_redis(url, _PATIENCE)
        self._asked_again_at = float("-inf")

    def script(self, *names: str) -> Script:
        """What stands in these files, one after the other."""
        return self.redis.register_script("".join((_LUA / f"{name}.lua").read_text(encoding="utf-8") for name in names))

    def ask(self, question: Callable[[], Any]) -> Any:
        """What `question` answers; None where Redis is away."""
        if time.monotonic() < self._asked_again_at:
            return None
        try:
            return question()
        except RedisError as error:
            logger.warning("Redis is away (%s): what it holds is asked elsewhere.", type(error).__name__)
            self._asked_again_at = time.monotonic() + _REST
            return None
