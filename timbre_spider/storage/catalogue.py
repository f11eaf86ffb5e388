"""The catalogue of albums filled at once, from files; a crawl's pages go through the writer."""

import asyncio
from collections.abc import Iterator, Sequence

from timbre_spider.errors import DatabaseUnreachable
from timbre_spider.items import Sighting
from timbre_spider.storage.database import Database
from timbre_spider.storage.failure import ERRORS
from timbre_spider.storage.pending_write import PendingWrite

_TOGETHER = 4000


def fill(database: Database, told: Iterator[Sequence[Sighting]]) -> int:
    """Load what `told` yields, the next part being read while one is loaded; how many sightings. Raises
    DatabaseUnreachable, with what came before loaded, and whatever `told` raises."""
    return asyncio.run(_fill(database, told))


async def _fill(database: Database, told: Iterator[Sequence[Sighting]]) -> int:
    link = database.link()
    loaded = 0
    try:
        loading: asyncio.Task[object] | None = None
        while part := await asyncio.to_thread(_next_part, told):
            if loading is not None:
                await loading
            loading = asyncio.create_task(link.load([PendingWrite.of_albums(part)]))
            loaded += len(part)
            await asyncio.sleep(0)
        if loading is not None:
            await loading
    except DatabaseUnreachable:
        raise
    except ERRORS as error:
        said = " ".join(str(error).split())[:200]
        raise DatabaseUnreachable(
            f"The database {database.description} does not take the albums: {said}. Mend it and import again; what is "
            "in already does no harm."
        ) from None
    finally:
        await link.close()
    return loaded


def _next_part(told: Iterator[Sequence[Sighting]]) -> list[Sighting]:
    part: list[Sighting] = []
    for each in told:
        part += each
        if len(part) >= _TOGETHER:
            break
    return part
