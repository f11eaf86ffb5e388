"""What a crawl works with: made from the configuration, found by its crawler, let go in the end."""

import asyncio
from datetime import UTC, datetime
from types import SimpleNamespace
from typing import Any

import pytest
from scrapy import Spider
from scrapy.exceptions import NotConfigured
from scrapy.utils.test import get_crawler

from tests.databases import url_of
from tests.pipelines.making import context_of
from tests.storage.making import song, store
from timbre_spider.errors import Stopped, WrongWorld
from timbre_spider.extensions.connections import Connections
from timbre_spider.extensions.context import Context
from timbre_spider.storage.database import Database
from timbre_spider.storage.runs import Runs

pytestmark = pytest.mark.integration

NOW = datetime(2026, 3, 1, 20, tzinfo=UTC)


def test_everything_has_the_crawl_s_clock_and_bounds(database: Database, tmp_path: Any) -> None:
    context = context_of(database, tmp_path, clock=lambda: NOW, aoty_rate_limit=17, scrape_concurrency=3)
    assert context.started_at == NOW
    assert {service: gate.now() for service, gate in context.gates.items()} == dict.fromkeys(context.gates, NOW)
    aoty = context.gates["aoty"]
    assert (aoty.limit_per_minute, aoty.max_in_flight) == (17, 3)
    assert aoty._pace is not None
    # The pace is all runs' and workers', by their database.
    assert type(aoty._pace).__name__ == "SharedPace"
    assert context.unknown_pages.folder == tmp_path / "unknown_pages"
    assert (context.beforehand.learn_by, context.beforehand.links_by) == (None, None)
    assert context.listeners["ann"].plays_read == 0


@pytest.mark.parametrize(
    ("settings", "page", "together"),
    [
        ({"spotify_mode": "extended"}, 50, True),
        ({"spotify_mode": "development"}, 10, False),
        ({"spotify_client_id": None}, 10, False),
    ],
)
def test_spotify_s_calls_are_planned_for_the_mode_of_the_key(
    database: Database, tmp_path: Any, settings: Any, page: int, together: bool
) -> None:
    context = context_of(database, tmp_path, **settings)
    assert (context.pool.page_size, context.pool.together) == (page, together)
    assert (context.spotify is None) is ("spotify_client_id" in settings)


def test_a_crawl_s_lines_are_open_while_it_works_and_then_closed(
    database: Database, tmp_path: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    guarded: list[int] = []
    monkeypatch.setattr("timbre_spider.extensions.connections.guard", lambda: guarded.append(1))

    async def work() -> None:
        context = context_of(database, tmp_path)
        crawler = get_crawler(Spider)
        context.give_to(crawler)
        assert Context.of(crawler) is context
        closed = []
        for name in ("reader", "spotify_calls", "writer"):
            line = getattr(context, name)

            def close(name: str = name, close: Any = line.close) -> Any:
                closed.append(name)
                return close()

            monkeypatch.setattr(line, "close", close)
        context.under_way = SimpleNamespace(close=lambda: closed.append("under_way"))  # type: ignore[assignment]
        lines = Connections.from_crawler(crawler)
        await lines._open()
        await lines._close()
        # Readers before the writer: what is told last is still written.
        assert closed == ["reader", "spotify_calls", "writer", "under_way"]
        for gate in context.gates.values():
            with pytest.raises(Stopped):
                gate.raise_if_shut()
        assert context.spotify is not None
        assert context.spotify._threads._shutdown

    asyncio.run(work())
    assert guarded == [1]


def test_a_crawler_of_no_run_has_none() -> None:
    with pytest.raises(NotConfigured, match="only in a run"):
        Context.of(get_crawler(Spider))


def test_songs_of_the_other_world_are_no_crawl_s(
    tmp_path: Any, database: Database, empty_database: Any, postgres_server: Any
) -> None:
    config = context_of(database, tmp_path, database_url=url_of(postgres_server, empty_database.name)).config
    with Context.opened(config) as context:
        Runs(context.database).start("x", sandbox=True)
        store(context.database, song())
        assert context.config is config
        assert context.database is not database
    with pytest.raises(WrongWorld), Context.opened(config):
        pytest.fail("they would mix")
