"""The catalogue of albums filled at once, from files; a crawl's pages go through the writer."""

import asyncio
import gc
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from timbre_spider.errors import DatabaseUnreachable
from timbre_spider.items import Sighting
from timbre_spider.storage.database import Database
from timbre_spider.storage.failure import ERRORS
from timbre_spider.storage.pending_write import PendingWrite

_TOGETHER = 2000
# Written at a time, so that the part before is loaded meanwhile.
_LINES = 200
# Objects made before the collector looks: a part of a data set makes that many, all of which go again without it.
_SELDOM = 100_000
# Seconds the thread that reads keeps going before the one that loads has its turn, for which the database waits.
_TURN = 0.0005


def fill(database: Database, told: Iterator[Sequence[Sighting]]) -> int:
    """Load what `told` yields, the next part being read while one is loaded; how many sightings. Raises
    DatabaseUnreachable, with what came before loaded, and whatever `told` raises."""
    with _collecting_seldom(), _taking_turns_often():
        return asyncio.run(_fill(database, told))


async def _fill(database: Database, told: Iterator[Sequence[Sighting]]) -> int:
    link = database.link()
    loaded = 0
    try:
        loading: asyncio.Task[object] | None = None
        while part := await asyncio.to_thread(_next_part, told):
            writes = []
            for at in range(0, len(part), _LINES):
                writes.append(PendingWrite.of_albums(part[at : at + _LINES]))
                await asyncio.sleep(0)
            if loading is not None:
                await loading
            loading = asyncio.create_task(link.load(writes))
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


@contextmanager
def _collecting_seldom() -> Iterator[None]:
    """The collector leaves alone what is there already, and what is made waits longer: a sixth of the time."""
    often = gc.get_threshold()
    gc.freeze()
    gc.set_threshold(_SELDOM, *often[1:])
    try:
        yield
    finally:
        gc.set_threshold(*often)
        gc.unfreeze()


@contextmanager
def _taking_turns_often() -> Iterator[None]:
    before = sys.getswitchinterval()
    sys.setswitchinterval(_TURN)
    try:
        yield
    finally:
        sys.setswitchinterval(before)


def _next_part(told: Iterator[Sequence[Sighting]]) -> list[Sighting]:
    part: list[Sighting] = []
    for each in told:
        part += each
        if len(part) >= _TOGETHER:
            break
    return part
