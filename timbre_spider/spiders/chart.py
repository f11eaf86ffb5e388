"""The whole chart of a listener, page after page."""

import logging

from timbre_spider.errors import RunError, Unusable
from timbre_spider.extensions.context import Context
from timbre_spider.extensions.fetch import Fetch
from timbre_spider.items import ChartRow
from timbre_spider.sources.lastfm import ChartPage, chart_url, read_chart
from timbre_spider.spiders.job import Job

logger = logging.getLogger(__name__)

PAGE_SIZE = 1000
MOST_TRIES = 4


async def read_whole_chart(context: Context, fetch: Fetch, job: Job) -> list[ChartRow]:
    """Every row of the chart, each (artist, title) once: rows move between pages while they are read.

    Raises KeyRejected, UserUnknown, UserPrivate; RunError when a page stays unreadable.
    """
    rows: dict[tuple[str, str], ChartRow] = {}
    number, pages = 1, 1
    while number <= pages:
        page = await _read_page(context, fetch, job, number)
        pages = page.total_pages
        for row in page.rows:
            seen = rows.get((row.artist, row.title))
            if seen is None or seen.playcount < row.playcount:
                rows[row.artist, row.title] = row
        number += 1
    logger.info("%s: the chart lists %d tracks.", job.listener, len(rows))
    return list(rows.values())


async def _read_page(context: Context, fetch: Fetch, job: Job, number: int) -> ChartPage:
    url = chart_url(context.config.lastfm_base_url, job.listener, job.period, number, PAGE_SIZE)
    for attempt in range(1, MOST_TRIES + 1):
        try:
            response = await fetch("lastfm", url)
            return read_chart(response.body, job.listener, number)
        except Unusable as error:
            if attempt == MOST_TRIES:
                raise RunError(
                    f"Last.fm gave no usable page {number} of {job.listener}'s chart ({error}): try again later."
                ) from None
            wait = error.retry_after or 2.0**attempt
            logger.info("Page %d of the chart: %s; again in %.0f s.", number, error, wait)
            await context.gates["lastfm"].rest(wait)
    raise AssertionError("unreachable")
