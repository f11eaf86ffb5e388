"""Songs whose next check is due, through the same stages as a chart."""

import asyncio

from timbre_spider.spiders.arguments import BackfillArguments
from timbre_spider.spiders.job import Job
from timbre_spider.spiders.lastfm_top import LastfmTop
from timbre_spider.spiders.listener import Listening
from timbre_spider.storage.due import due_rows


class Backfill(LastfmTop):
    """`-a max=N -a user=NAME`; its rows come from the database instead of Last.fm."""

    name = "backfill"
    takes = BackfillArguments

    async def read(self, job: Job) -> Listening:
        return Listening(await asyncio.to_thread(due_rows, self.context.database, job.listener), {})
