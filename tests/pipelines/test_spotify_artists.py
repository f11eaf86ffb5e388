"""Songs of several listeners that wait for the same answer."""

import asyncio
from pathlib import Path

import pytest

from tests.pipelines.making import context_of, song
from timbre_spider.items import ChartRow
from timbre_spider.pipelines.spotify_artists import wait_for
from timbre_spider.pipelines.spotify_match import want_of
from timbre_spider.storage.database import Database

pytestmark = pytest.mark.integration


def test_a_song_that_waits_already_waits_for_both_listeners_and_stays_in_work(
    database: Database, tmp_path: Path
) -> None:
    async def wait() -> None:
        context = context_of(database, tmp_path)
        in_work = want_of(song("Ann", "Lantern"))
        context.pool.add(in_work)
        rows = [ChartRow("Ann", "Lantern", 30, 1, name_id=in_work.key)]
        others = [ChartRow("Ann", "Harbour", 4, 2, name_id="hash:other")]
        before = in_work.plays
        try:
            await wait_for(context, [rows, others])
            await wait_for(context, [others])
            waiting = context.pool.get(in_work.key)
            assert waiting is in_work
            assert (waiting.plays, waiting.in_work) == (before + 30, True)
            assert {want.title: want.plays for want in context.pool.all()} == {"Lantern": before + 30, "Harbour": 8}
        finally:
            await context.reader.close()

    asyncio.run(wait())
