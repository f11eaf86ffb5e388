"""A listener's pages as a run read them that did not finish: the next one goes on with them."""

from contextlib import suppress
from datetime import timedelta
from typing import Any

from scrapy.http import Response

from timbre_spider.extensions.context import Context
from timbre_spider.extensions.fetch import Fetch
from timbre_spider.storage.pages import Page, page_key, pages_of_listener

# Plays of an hour hardly move a chart; who starts a run later wants today's.
_GOOD_FOR = timedelta(hours=1)


class Unfinished:
    """Fetches a listener's pages through `fetch` and keeps them, until somebody forgets them. One that another run kept
    is given in place of an answer, once: who asks for a page again did not like it."""

    def __init__(self, context: Context, fetch: Fetch, listener: str) -> None:
        self._fetch = fetch
        self._clock = context.clock
        self._pages = pages_of_listener(context.config.data_dir, listener)
        self._asked: set[str] = set()

    async def __call__(
        self, service: str, url: str, *, obey_robots: bool = False, held: bool = False, **fields: Any
    ) -> Response:
        kept = None if url in self._asked else self._pages.get(page_key(url))
        self._asked.add(url)
        if kept is not None and self._clock() - kept.seen_at < _GOOD_FOR:
            return Response(url, body=kept.body)
        response = await self._fetch(service, url, obey_robots=obey_robots, held=held, **fields)
        if response.status == 200:
            # A full disk costs what a kill repeats.
            with suppress(OSError):
                self._pages.put(page_key(url), Page(url, self._clock(), "", response.body), _GOOD_FOR)
        return response
