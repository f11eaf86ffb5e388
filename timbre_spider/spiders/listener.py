"""What Last.fm tells of a listener: the chart, and beside it albums and history, as far as they come."""

import logging
from collections import defaultdict
from dataclasses import dataclass, replace
from itertools import count

from timbre_spider.errors import KeyRejected, NoAnswer, SourceError, Stopped, Unusable, UserPrivate
from timbre_spider.extensions.context import Context
from timbre_spider.extensions.fetch import Fetch
from timbre_spider.items import ChartRow, Listens
from timbre_spider.matching.names.normalise import artist_key
from timbre_spider.sources.lastfm import AlbumPage, UserInfo, read_top_albums, read_user_info, top_albums_url, user_url
from timbre_spider.sources.lastfm.ask import MOST_ROWS
from timbre_spider.spiders.chart import read_whole_chart
from timbre_spider.spiders.job import Job
from timbre_spider.spiders.scrobbles import joined, read_scrobbles
from timbre_spider.spiders.unfinished import Unfinished

logger = logging.getLogger(__name__)

AlbumsHeard = dict[str, tuple[str, ...]]
"""The albums a listener played, by `artist_key`, the most played first."""


@dataclass(frozen=True, slots=True)
class Listening:
    """The rows of a job, and the albums the listener is known to play."""

    rows: list[ChartRow]
    albums: AlbumsHeard


async def read_listener(context: Context, fetch: Fetch, job: Job, *, history: bool) -> Listening:
    """The chart of the job, with every scrobble if the `history` is asked for. Raises as `read_whole_chart` does; where
    the history cannot be read the chart goes on without, and the run fails."""
    pages = Unfinished(context, fetch, job.listener)
    chart = [
        replace(row, listens=(Listens("lastfm", job.period, row.playcount),))
        for row in await read_whole_chart(context, pages, job)
    ]
    albums = await albums_heard(context, pages, job)
    # Asked in any case: whether the key is taken and the listener there may be news.
    info = await who_it_is(context, fetch, job) if history or job.period == "overall" else None
    if history:
        try:
            scrobbles = await read_scrobbles(context, pages, job, info.registered if info else None)
        except (UserPrivate, Unusable) as error:
            context.failures.add(error)
            logger.error("%s", error)
        else:
            chart = joined(chart, scrobbles)
    return Listening(chart, albums)


async def who_it_is(context: Context, fetch: Fetch, job: Job) -> UserInfo | None:
    """The listener's own entry, None where it does not come; all plays ever go into the run's account."""
    try:
        body = (await fetch("lastfm", user_url(context.config.lastfm_base_url, job.listener))).body
        info = read_user_info(body, job.listener)
    except (KeyRejected, Stopped):
        raise
    except SourceError as error:
        logger.warning("How many plays %s has is not told: %s", job.listener, error)
        return None
    context.listeners[job.listener].plays_told = info.playcount
    return info


async def _page_of_albums(context: Context, fetch: Fetch, job: Job, page: int) -> AlbumPage:
    """Asked for once more where it is another page than asked for, or another user's."""
    url = top_albums_url(context.config.lastfm_base_url, job.listener, job.period, page)
    try:
        return read_top_albums((await fetch("lastfm", url)).body, job.listener, page, MOST_ROWS)
    except NoAnswer:
        raise
    except Unusable:
        return read_top_albums((await fetch("lastfm", url)).body, job.listener, page, MOST_ROWS)


async def albums_heard(context: Context, fetch: Fetch, job: Job) -> AlbumsHeard:
    """The listener's albums of the period, 1,000 a question, as far as they come: they are hints."""
    heard: dict[str, list[str]] = defaultdict(list)
    try:
        for page in count(1):
            told = await _page_of_albums(context, fetch, job, page)
            for album in told.albums:
                heard[artist_key(album.artist)].append(album.title)
            if page >= told.total_pages:
                break
    except (KeyRejected, Stopped):
        raise
    except SourceError as error:
        logger.warning("Not all of the albums of %s are known: %s", job.listener, error)
    return {artist: tuple(titles) for artist, titles in heard.items()}
