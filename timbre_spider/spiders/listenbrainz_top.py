"""A listener of ListenBrainz: the statistics of recordings, and where they end, the listens themselves."""

import logging
from collections.abc import AsyncIterator
from typing import Any

from timbre_spider.extensions.fetch import Fetch, fetch_through
from timbre_spider.histories.formats.listenbrainz import read_listen
from timbre_spider.histories.tally import Tally
from timbre_spider.histories.values import moment
from timbre_spider.items import ChartRow
from timbre_spider.sources.listenbrainz.listener import (
    STATISTICS_KEEP,
    TopPage,
    listens_url,
    read_listens,
    read_top,
    top_url,
)
from timbre_spider.spiders.arguments import ListenBrainzArguments
from timbre_spider.spiders.job import Job
from timbre_spider.spiders.lastfm_top import LastfmTop
from timbre_spider.spiders.listener import Listening
from timbre_spider.spiders.unfinished import Unfinished

logger = logging.getLogger(__name__)

_NO_CONTENT = 204


class ListenbrainzTop(LastfmTop):
    """`-a user=NAME -a range=all_time -a max=N`; its rows come from ListenBrainz instead of Last.fm.

    The statistics take ten questions at most and hold 1,000 recordings. More songs, or none of them worked out yet,
    are one question a thousand listens.
    """

    name = "listenbrainz_top"
    takes = ListenBrainzArguments
    asked: ListenBrainzArguments

    async def read(self, job: Job) -> Listening:
        fetch = Unfinished(self.context, fetch_through(self.crawler), job.listener)
        rows = [row async for page in self._statistics(fetch, job) for row in page.rows]
        enough = 0 < len(rows) < STATISTICS_KEEP or len(rows) >= job.max_songs
        if not enough and self.asked.range == "all_time":
            rows = await self._listens(fetch, job)
        logger.info("%s: ListenBrainz tells %d recordings.", job.listener, len(rows))
        return Listening(rows, {})

    async def _statistics(self, fetch: Fetch, job: Job) -> AsyncIterator[TopPage]:
        base_url, told = self.context.config.listenbrainz_base_url, 0
        while True:
            response = await fetch("listenbrainz", top_url(base_url, job.listener, self.asked.range, told))
            if response.status == _NO_CONTENT:
                return
            page = read_top(response.body, job.listener, self.asked.range, told)
            yield page
            told += len(page.rows)
            if not page.rows or told >= page.total:
                return

    async def _listens(self, fetch: Fetch, job: Job) -> list[ChartRow]:
        """Every listen, summed. Those of one second may lie on two pages, so each page begins with the last second."""
        tally, before = Tally(), None
        while entries := await self._page_of_listens(fetch, job, before):
            for entry in entries:
                try:
                    tally.add("listenbrainz", read_listen(entry))
                except (ValueError, KeyError, TypeError):
                    self.crawler.stats.inc_value("timbre/listens_broken")
            last = min(filter(None, (moment(entry.get("listened_at")) for entry in entries)), default=None)
            if last is None:
                break
            before = last if before == last + 1 else last + 1
        return tally.rows()

    async def _page_of_listens(self, fetch: Fetch, job: Job, before: int | None) -> list[dict[str, Any]]:
        url = listens_url(self.context.config.listenbrainz_base_url, job.listener, before)
        return read_listens((await fetch("listenbrainz", url)).body, job.listener)
