"""A run that was killed or stopped left the pages it had read of a listener, as does a dry one; one that finished
leaves none."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from tests.pipelines.making import fetch_of
from tests.sources.server import Asked, Reply, Server, serving
from tests.spiders.making import use
from timbre_spider.extensions.context import Context
from timbre_spider.spiders.job import Job
from timbre_spider.spiders.lastfm_top import LastfmTop
from timbre_spider.spiders.listener import read_listener
from timbre_spider.spiders.unfinished import Unfinished
from timbre_spider.storage.database import Database
from timbre_spider.storage.pages import pages_of_listener

pytestmark = pytest.mark.integration

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)


def lastfm(asked: Asked) -> Reply:
    """A chart of one row, an album and a user; "/gone" is not there. The body tells the how manyth it is."""
    query = {name: values[0] for name, values in parse_qs(urlsplit(asked.path).query).items()}
    numbers = {"user": "ann", "page": "1", "perPage": query.get("limit", ""), "total": "1", "totalPages": "1"}
    of_ann = {"artist": {"name": "Ann"}, "playcount": "9", "@attr": {"rank": "1"}}
    match query.get("method"):
        case "user.getTopTracks":
            told: dict[str, Any] = {"toptracks": {"track": [{"name": "Tide", **of_ann}], "@attr": numbers}}
        case "user.getTopAlbums":
            told = {"topalbums": {"album": [{"name": "Harbour", **of_ann}], "@attr": numbers}}
        case "user.getInfo":
            told = {"user": {"name": "ann", "playcount": "9", "registered": {"unixtime": "1200000000"}}}
        case _:
            return Reply(404 if asked.path == "/gone" else 200)
    return Reply(body=json.dumps(told))


@pytest.fixture
def server() -> Iterator[Server]:
    with serving(lastfm) as server:
        yield server


@pytest.fixture
def asked_of(server: Server, tmp_path: Path, database: Database) -> Any:
    """The paths a run asks for that fetches these for a listener, so long after NOW."""

    def run(*paths: str, listener: str = "Ann", after: timedelta = timedelta()) -> list[str]:
        async def work(spider: LastfmTop, context: Context) -> None:
            context.clock = lambda: NOW + after
            fetch = Unfinished(context, fetch_of(context), listener)
            for path in paths:
                answer = await fetch("lastfm", server.url + path)
                assert answer.body == b"{}"

        server.asked.clear()
        use(database, tmp_path, LastfmTop, work, arguments={"user": "ann"})
        return [asked.path for asked in server.asked]

    return run


def test_what_one_run_has_read_the_next_does_not_ask_for(asked_of: Any) -> None:
    assert asked_of("/1", "/2") == ["/1", "/2"]
    assert asked_of("/1", "/2", "/3") == ["/3"]
    assert asked_of("/3", listener="ANN") == []


def test_a_page_that_is_asked_for_again_in_a_run_is_asked_for(asked_of: Any) -> None:
    assert asked_of("/1", "/1") == ["/1", "/1"]
    assert asked_of("/1", "/1", "/1") == ["/1", "/1"]


@pytest.mark.parametrize(("minutes", "asked"), [(59, []), (60, ["/1"])])
def test_an_hour_later_a_listener_has_played_more(asked_of: Any, minutes: int, asked: list[str]) -> None:
    asked_of("/1")
    assert asked_of("/1", after=timedelta(minutes=minutes)) == asked
    assert asked_of("/1", after=timedelta(minutes=minutes + 50)) == ([] if asked else ["/1"])


def test_what_is_not_there_may_come(asked_of: Any) -> None:
    assert asked_of("/gone") == ["/gone"]
    assert asked_of("/gone") == ["/gone"]


def test_each_listener_has_pages_of_their_own(asked_of: Any, tmp_path: Path) -> None:
    assert asked_of("/1", listener="ann") == asked_of("/1", listener="bob") == ["/1"]
    pages_of_listener(tmp_path, "bob").forget()
    assert asked_of("/1", listener="ann") == []
    assert asked_of("/1", listener="bob") == ["/1"]


def test_a_disk_that_takes_no_page_costs_no_answer(asked_of: Any, tmp_path: Path) -> None:
    (tmp_path / "unfinished").write_text("no folder")
    assert asked_of("/1") == ["/1"]
    assert asked_of("/1") == ["/1"]


def test_chart_and_albums_are_kept_until_a_run_that_is_no_dry_one_has_finished_and_the_user_is_asked_about_always(
    server: Server, tmp_path: Path, database: Database
) -> None:
    async def work(spider: LastfmTop, context: Context) -> None:
        async def methods() -> list[str]:
            server.asked.clear()
            told = await read_listener(context, fetch_of(context), Job("1", "ann", 10), history=False)
            assert ([row.title for row in told.rows], told.albums) == (["Tide"], {"ann": ("Harbour",)})
            return [parse_qs(urlsplit(asked.path).query)["method"][0] for asked in server.asked]

        everything = ["user.getTopTracks", "user.getTopAlbums", "user.getInfo"]
        assert await methods() == everything
        assert await methods() == ["user.getInfo"]
        spider.forget_pages("shutdown")
        assert await methods() == ["user.getInfo"]
        spider.crawler.settings.set("DRY_RUN", True)
        spider.forget_pages("finished")
        assert await methods() == ["user.getInfo"]
        spider.crawler.settings.set("DRY_RUN", False)
        spider.forget_pages("finished")
        assert await methods() == everything

    base_url = f"{server.url}/2.0/"
    use(database, tmp_path, LastfmTop, work, arguments={"user": "ann"}, lastfm_base_url=base_url)
