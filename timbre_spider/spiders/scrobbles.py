"""A listener's history at Last.fm, read on from where it is settled; and what it adds to the chart."""

import asyncio
import logging
from collections import Counter
from collections.abc import AsyncIterator, Iterable, Iterator
from dataclasses import replace
from itertools import count

from timbre_spider.errors import NoAnswer, Unusable
from timbre_spider.extensions.context import Context
from timbre_spider.extensions.fetch import Fetch
from timbre_spider.items import ChartRow, Listens, Scrobble, Scrobbled
from timbre_spider.sources.lastfm import RecentPage, read_recent, recent_url
from timbre_spider.spiders.collected import MAY_MISS
from timbre_spider.spiders.job import Job
from timbre_spider.storage.scrobbles import settle, settled

logger = logging.getLogger(__name__)

PERIOD = "history"
# Last.fm takes scrobbles for so long after the play [docs]; what is older changes only by hand.
LOOK_BACK = 14 * 86_400
# A span's pages are well below those that fail for good from the 350th on, and a kill loses a span at most.
SPAN = 365 * 86_400
# Of [documented] 200 a page and the 1,000 of practice; smaller ones are answered where larger ones fail.
PAGE_SIZES = (1000, 200, 200)
_REST = 2.0
# Last.fm began in 2002.
_BEGAN = 1_009_843_200


async def read_scrobbles(context: Context, fetch: Fetch, job: Job, registered: int | None) -> list[ChartRow]:
    """A row a spelling, with its plays, the album most of them were from, and the first and last. Reads what is not
    settled, settles what is older than LOOK_BACK.

    Raises UserPrivate and the like; Unusable for a span that cannot be read: what is before it is settled.
    """
    reading = _Reading(context, fetch, job)
    until, counts = await asyncio.to_thread(settled, context.database, job.listener)
    now = int(context.clock().timestamp())
    for begin, end in spans(until, now - LOOK_BACK, registered):
        heard = counted(await reading.span(begin, end))
        if not await asyncio.to_thread(settle, context.database, job.listener, begin, end, heard):
            raise Unusable(f"Another run reads the history of {job.listener}: try again when it has ended.")
        counts += heard
        until = end
    counts += counted(await reading.span(until, now + 1))
    logger.info("%s: the history tells %d plays.", job.listener, sum(each.plays for each in counts))
    return rows_of(counts)


def spans(until: int, edge: int, registered: int | None) -> Iterator[tuple[int, int]]:
    """What is to be settled, oldest first: what is older than the account in one piece, then SPAN by SPAN to `edge`."""
    begin = until
    while begin < edge:
        end = min(begin + SPAN if begin else max(registered or 0, _BEGAN), edge)
        yield begin, end
        begin = end


def counted(scrobbles: Iterable[Scrobble]) -> list[Scrobbled]:
    """Plays by artist, title and album; one song twice in one second is one play."""
    once = {(each.artist, each.title, each.at): each for each in scrobbles}
    plays: dict[tuple[str, str, str | None], list[int]] = {}
    for each in once.values():
        plays.setdefault((each.artist, each.title, each.album), []).append(each.at)
    return [Scrobbled(*told, len(at), min(at), max(at)) for told, at in plays.items()]


def rows_of(counts: Iterable[Scrobbled]) -> list[ChartRow]:
    """Counts as rows of a chart, the most played first."""
    spellings: dict[tuple[str, str], list[Scrobbled]] = {}
    for each in counts:
        spellings.setdefault((each.artist, each.title), []).append(each)
    listens = {spelling: _summed(told) for spelling, told in spellings.items()}
    order = sorted(listens, key=lambda spelling: (-listens[spelling].plays, spelling))
    return [
        ChartRow(*spelling, listens[spelling].plays, rank, listens=(listens[spelling],))
        for rank, spelling in enumerate(order, 1)
    ]


def joined(chart: list[ChartRow], history: list[ChartRow]) -> list[ChartRow]:
    """The rows of a chart with what the history tells of them, then those that only the history has."""
    told = {(row.artist, row.title): row for row in history}
    both = [_with(row, told.pop((row.artist, row.title), None)) for row in chart]
    return both + [replace(row, rank=len(chart) + place) for place, row in enumerate(told.values(), 1)]


def _with(row: ChartRow, heard: ChartRow | None) -> ChartRow:
    if heard is None:
        return row
    return replace(row, playcount=max(row.playcount, heard.playcount), listens=(*row.listens, *heard.listens))


def _summed(told: list[Scrobbled]) -> Listens:
    albums: Counter[str] = Counter()
    for each in told:
        if each.album:
            albums[each.album] += each.plays
    album = min(albums, key=lambda name: (-albums[name], name), default=None)
    first, last = min(each.first_play for each in told), max(each.last_play for each in told)
    return Listens("lastfm", PERIOD, sum(each.plays for each in told), first, last, album)


class _Reading:
    """Spans of time, page after page."""

    def __init__(self, context: Context, fetch: Fetch, job: Job) -> None:
        self._gate = context.gates["lastfm"]
        self._base_url = context.config.lastfm_base_url
        self._fetch = fetch
        self._job = job

    async def span(self, begin: int, end: int) -> list[Scrobble]:
        """All scrobbles from `begin` to before `end`. Raises Unusable where more than MAY_MISS of them are missing."""
        seen: dict[Scrobble, None] = {}
        failure, total = None, 0
        for attempt, size in enumerate(PAGE_SIZES):
            await self._gate.rest(_REST * attempt)
            broken = 0
            try:
                async for page in self._pages(begin, end, size):
                    total, broken = max(total, page.total), broken + page.broken
                    seen.update(dict.fromkeys(page.scrobbles))
            except NoAnswer:
                raise
            except Unusable as error:
                failure = error
                continue
            # The span asked for is a second longer on either side.
            if len(seen) + broken >= total * (1 - MAY_MISS) - 2:
                return list(seen)
        said = failure or f"only {len(seen):,} of {total:,} plays came"
        raise Unusable(f"The history of {self._job.listener} could not be read whole: {said}. Run again for the rest.")

    async def _pages(self, begin: int, end: int, size: int) -> AsyncIterator[RecentPage]:
        for number in count(1):
            url = recent_url(self._base_url, self._job.listener, begin, end, number, size)
            page = read_recent((await self._fetch("lastfm", url)).body, self._job.listener, number, begin, end, size)
            yield page
            if number >= page.total_pages:
                return
