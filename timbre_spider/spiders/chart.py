"""The whole chart of a listener: page after page, and again in smaller pages until nothing is missing."""

import logging
from itertools import chain, count, repeat

from timbre_spider.errors import NoAnswer, RunError, SourceError, Stopped, Unusable
from timbre_spider.extensions.context import Context
from timbre_spider.extensions.fetch import Fetch
from timbre_spider.items import ChartRow
from timbre_spider.run_summary import ChartReading
from timbre_spider.sources.lastfm import ChartPage, chart_url, read_chart
from timbre_spider.spiders.collected import Collected
from timbre_spider.spiders.job import Job

logger = logging.getLogger(__name__)

# Rows a page; the last one for all further readings. Smaller pages are answered where larger ones fail, and their
# borders lie elsewhere.
PAGE_SIZES = (1000, 500, 200)
# Readings that bring nothing new until the rest is given up, and readings in all.
MOST_IN_VAIN = 2
MOST_READINGS = 6
# Of a page that is another than asked for, empty or short; and the seconds between.
MOST_TRIES = 3
_REST = 2.0


async def read_whole_chart(context: Context, fetch: Fetch, job: Job) -> list[ChartRow]:
    """Every row of the chart, each (artist, title) once. What was read counts in `context.chart`; a chart that stays
    short by more than 1 % makes the run fail, which goes on with the rows it has.

    Raises KeyRejected, UserUnknown, UserPrivate and the like while nothing was read; RunError when nothing could be.
    """
    reading = _Reading(context, fetch, job)
    broke_off: SourceError | None = None
    try:
        await reading.until_complete()
    except Stopped:
        raise
    except SourceError as error:
        if not reading.rows.read:
            raise
        broke_off = error
    rows = reading.rows
    context.chart = context.chart.plus(ChartReading(told=rows.told, read=rows.read, moved=rows.moved))
    if reading.failure and not rows.read:
        raise Unusable(f"Last.fm gave no usable page of {job.listener}'s chart: {reading.failure}")
    logger.info("%s: the chart lists %d tracks, %d were read.", job.listener, rows.told, rows.read)
    if rows.is_short:
        why = f": {broke_off or reading.failure}" if broke_off or reading.failure else ""
        context.failures.add(
            RunError(
                f"Only {rows.read:,} of the {rows.told:,} tracks of {job.listener}'s chart could be read{why}. "
                "They are stored; run again for the rest."
            )
        )
    return rows.rows


class _Reading:
    """`failure`: why the last page that was given up could not be read."""

    def __init__(self, context: Context, fetch: Fetch, job: Job) -> None:
        self._gate = context.gates["lastfm"]
        self._base_url = context.config.lastfm_base_url
        self._fetch = fetch
        self._job = job
        self.rows = Collected()
        self.failure: Unusable | None = None

    async def until_complete(self) -> None:
        in_vain = 0
        for number, size in enumerate(chain(PAGE_SIZES, repeat(PAGE_SIZES[-1])), 1):
            before = self.rows.read
            await self._read(size)
            in_vain = 0 if self.rows.read > before else in_vain + 1
            if self.rows.told and not self.rows.missing:
                return
            if number == MOST_READINGS or in_vain == MOST_IN_VAIN:
                return
            logger.info(
                "%s: %d of the chart's tracks are missing; reading again.", self._job.listener, self.rows.missing
            )

    async def _read(self, size: int) -> None:
        """Once from the first page on, to the last or until nothing is missing any more."""
        self.rows.begin()
        again = self.rows.read > 0
        for number in count(1):
            try:
                page = await self._page(number, size)
            except NoAnswer:
                raise
            except Unusable as error:
                self.failure = error
                logger.info("Page %d of the chart, of %d rows: %s", number, size, error)
            else:
                if page is None:
                    return
                self.rows.take(page)
            if not self.rows.due_on(number + 1, size) or (again and not self.rows.missing):
                return

    async def _page(self, number: int, size: int) -> ChartPage | None:
        """The fullest of several answers, where one is empty or short; None beyond the end. Raises Unusable."""
        url = chart_url(self._base_url, self._job.listener, self._job.period, number, size)
        best, wrong = None, None
        for attempt in range(MOST_TRIES):
            await self._gate.rest(_REST * attempt)
            body = (await self._fetch("lastfm", url)).body
            try:
                page = read_chart(body, self._job.listener, number, size)
            except Unusable as error:
                wrong = error
                continue
            if page is None:
                return best
            if best is None or len(page.rows) > len(best.rows):
                best = page
            self.rows.told = max(self.rows.told, page.total)
            if best.rows and len(best.rows) >= self.rows.due_on(number, size):
                return best
        if best is None and wrong:
            raise wrong
        return best
