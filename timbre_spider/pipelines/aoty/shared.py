"""The next page of Album of the Year that no other worker asks for."""

import asyncio
from collections.abc import Callable

from timbre_spider.extensions.context import Context
from timbre_spider.extensions.under_way import Begun
from timbre_spider.planning.album_pages import AlbumPool
from timbre_spider.planning.album_want import Page

# Seconds until a page that another worker asks for is looked at again.
_MOMENT = 0.3


class SharedPages:
    """Of an artist, or of the lists of a year, all workers ask for one page at a time, as the plan of each does.

    `asked_elsewhere` is told of an artist about whom another worker has asked since: what is known has grown.
    `serve` is called when there may be pages again.
    """

    def __init__(
        self, context: Context, pool: AlbumPool, asked_elsewhere: Callable[[str], None], serve: Callable[[], None]
    ) -> None:
        self._writer = context.writer
        self._under_way = context.under_way
        self._pool = pool
        self._asked_elsewhere = asked_elsewhere
        self._serve = serve
        self._ending: set[asyncio.Task[None]] = set()
        # Pages that wait for another worker.
        self.left_aside = 0

    def next_page(self, *, search: bool) -> Page | None:
        """The next one of the plan; None: no other is left, or all are left aside."""
        while (page := self._pool.next_page(search=search)) is not None:
            if self._under_way is None:
                return page
            match self._under_way.begin(_about(page)):
                case Begun.HERE:
                    return page
                case Begun.ELSEWHERE:
                    self._leave_aside(page)
                case Begun.AFTER_ANOTHER:
                    self._asked_elsewhere(page.artist)
        return None

    def read(self, page: Page) -> None:
        """The others may ask on, as soon as what the page told is where they look."""
        if self._under_way is not None:
            ending = asyncio.create_task(self._end(page))
            self._ending.add(ending)
            ending.add_done_callback(self._ending.discard)

    async def _end(self, page: Page) -> None:
        assert self._under_way is not None
        await self._writer.flush(songs=False)
        self._under_way.end(_about(page))

    def _leave_aside(self, page: Page) -> None:
        self.left_aside += 1
        self._pool.under_way(page)
        asyncio.get_running_loop().call_later(_MOMENT, self._look_again, page)

    def _look_again(self, page: Page) -> None:
        self.left_aside -= 1
        self._pool.under_way(page, ends=True)
        self._serve()


def _about(page: Page) -> str:
    return f"aoty:artist:{page.artist}" if page.artist else f"aoty:{page.kind.name}:{page.about}"
