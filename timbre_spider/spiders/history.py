"""Histories a listener owns, from files: the same way as a chart's."""

import asyncio
import logging
from typing import Any

from timbre_spider.config import Config
from timbre_spider.histories.read import Histories, read_histories
from timbre_spider.spiders.arguments import HistoryArguments
from timbre_spider.spiders.job import Job
from timbre_spider.spiders.lastfm_top import LastfmTop
from timbre_spider.spiders.listener import Listening

logger = logging.getLogger(__name__)


class History(LastfmTop):
    """`-a path=FILE|FOLDER -a user=NAME -a max=N`; its rows come from files instead of Last.fm.

    Who has read the files already, for a bar on a terminal, gives `histories`.
    """

    name = "history"
    takes = HistoryArguments
    asked: HistoryArguments

    def __init__(self, *, histories: Histories | None = None, **given: Any) -> None:
        super().__init__(**given)
        self._histories = histories

    def parameters(self, config: Config) -> dict[str, Any]:
        return super().parameters(config) | {"path": [str(path) for path in self.asked.path]}

    async def read(self, job: Job) -> Listening:
        read = self._histories
        if read is None:
            least = self.context.config.min_play_seconds
            read = await asyncio.to_thread(read_histories, self.asked.path, least_seconds=least)
        for line in read.told():
            logger.info("%s", line)
        for place in read.broken_places():
            logger.warning("%s", place)
        return Listening(read.rows, {})
