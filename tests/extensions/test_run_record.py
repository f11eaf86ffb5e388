"""A run's row from its first moment to its last, and the file that says the same, without a crawl around them."""

import asyncio
import json
import logging
from collections.abc import Awaitable, Callable
from types import SimpleNamespace
from typing import Any

import pytest
from scrapy import Spider
from scrapy.exceptions import CloseSpider
from scrapy.utils.test import get_crawler

from tests.pipelines.making import context_of, opened
from timbre_spider.errors import DatabaseUnreachable, RunError
from timbre_spider.extensions import run_record
from timbre_spider.extensions.context import Context
from timbre_spider.extensions.feeds import Feeds
from timbre_spider.extensions.run_record import RunRecord
from timbre_spider.storage.database import Database

pytestmark = pytest.mark.integration

ROW = """SELECT spider, listener, parameters, job_id, sandbox, finish_reason, progress, summary FROM runs"""


class Asked(Spider):
    """A spider that was asked for something."""

    name = "asked"

    def parameters(self, config: Any) -> dict[str, Any]:
        return {"user": config.lastfm_username, "max": 9}


@pytest.fixture
def record(database: Database, tmp_path: Any) -> Any:
    """`record(work)` with a RunRecord, its spider and its context, which is open."""

    def run(
        work: Callable[[RunRecord, Asked, Context], Awaitable[Any]],
        scrapy: Any = None,
        feeds: Any = None,
        **settings: Any,
    ) -> Any:
        async def inside() -> Any:
            given = {"logs_dir": tmp_path / "logs", "lastfm_username": "ann", **settings}
            context = context_of(database, tmp_path, **given)
            crawler = get_crawler(Asked, {"JOB_ID": "job-7", **(scrapy or {})})
            spider = crawler.spider = crawler._create_spider()
            crawler.get_extension = lambda kind: feeds if kind is Feeds else None  # type: ignore[method-assign]
            context.give_to(crawler)
            async with opened(context):
                return await work(RunRecord.from_crawler(crawler), spider, context)

        return asyncio.run(inside())

    return run


def row_of(database: Database) -> dict[str, Any]:
    with database.connect() as connection:
        cursor = connection.execute(ROW)
        assert cursor.description
        [row] = [dict(zip([column.name for column in cursor.description], row, strict=True)) for row in cursor]
    return row


def test_row_and_file_tell_who_was_asked_for_what_and_how_it_ended(record: Any, database: Database) -> None:
    async def work(record: RunRecord, spider: Asked, context: Context) -> None:
        record._opened(spider)
        begun = row_of(database)
        assert (begun["spider"], begun["listener"], begun["job_id"], begun["sandbox"]) == (
            "asked", "ann", "job-7", False,
        )  # fmt: skip
        assert begun["parameters"] == {"user": "ann", "max": 9, "skip": ["aoty", "open"]}
        assert (begun["finish_reason"], begun["summary"]) == (None, None)
        context.failures.add(RunError("no more"))
        await record._closed(spider, "shutdown")
        assert context.summary_path is not None
        [path] = context.config.logs_dir.glob("pipeline_summary_*Z.json")
        ended = row_of(database)
        assert path == context.summary_path
        assert json.loads(path.read_text()) == ended["summary"]
        assert ended["finish_reason"] == ended["summary"]["finish_reason"] == "shutdown"
        told = ended["summary"]
        assert (told["spider"], told["error"], told["parameters"]) == ("asked", "no more", begun["parameters"])
        assert (told["run_id"], told["job_id"]) == (str(record._run_id), "job-7")
        # The database was asked what it holds: two sums, and three of its own.
        assert len(told["sanity"]) == 5

    record(work, {"SKIP_SOURCES": ["aoty", "open"]})


def test_while_it_goes_on_the_row_says_how_far_it_is_and_then_no_more(
    record: Any, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(run_record, "_TELL_SECONDS", 0.01)

    async def work(record: RunRecord, spider: Asked, context: Context) -> None:
        spider.crawler.stats.set_value("timbre/songs_wanted", 17)
        record._opened(spider)
        async with asyncio.timeout(5):
            while row_of(database)["progress"] is None:
                await asyncio.sleep(0.01)
        assert row_of(database)["progress"]["songs"]["wanted"] == 17
        assert record._telling is not None
        await record._closed(spider, "finished")
        await asyncio.wait([record._telling], timeout=5)
        assert record._telling.cancelled()

    record(work)


def test_who_watches_a_run_sees_it_every_two_seconds() -> None:
    assert run_record._TELL_SECONDS == 2.0


def test_a_database_that_does_not_hear_ends_nothing(
    record: Any, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(run_record, "_TELL_SECONDS", 0)

    async def work(record: RunRecord, spider: Asked, context: Context) -> None:
        def gone(*_: Any) -> None:
            told.append(1)
            raise DatabaseUnreachable("gone")

        told: list[int] = []
        record._opened(spider)
        monkeypatch.setattr(context.runs, "tell_alive", gone)
        monkeypatch.setattr(context.runs, "finish", gone)
        async with asyncio.timeout(5):
            while len(told) < 3:
                await asyncio.sleep(0.01)
        await record._closed(spider, "finished")
        assert context.summary_path is not None
        assert context.failures.first is None

    record(work)
    assert "The run's end is not recorded in the database: gone" in caplog.text


def test_a_run_that_has_no_row_does_not_begin(record: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    async def work(record: RunRecord, spider: Asked, context: Context) -> None:
        def gone(*_: Any, **__: Any) -> None:
            raise DatabaseUnreachable("gone")

        monkeypatch.setattr(context.runs, "start", gone)
        with pytest.raises(CloseSpider) as ended:
            record._opened(spider)
        assert ended.value.reason == "DatabaseUnreachable"
        assert str(context.failures.first) == "gone"
        await record._closed(spider, "DatabaseUnreachable")
        assert context.summary is not None
        assert (context.summary.run_id, context.summary.error) == (None, "gone")
        assert context.summary_path is not None

    record(work)


def test_a_dry_run_has_no_row_and_no_file_but_a_summary(record: Any, database: Database) -> None:
    async def work(record: RunRecord, spider: Asked, context: Context) -> None:
        record._opened(spider)
        await record._closed(spider, "finished")
        assert context.summary is not None
        assert context.summary.plan
        assert (context.summary_path, context.config.logs_dir.exists()) == (None, False)
        with database.connect() as connection:
            assert connection.execute("SELECT count(*) FROM runs").fetchone() == (0,)

    record(work, {"DRY_RUN": True})


def test_the_feeds_are_waited_for_and_told(record: Any, database: Database) -> None:
    asked: list[Any] = []

    async def written(spider: Spider, reason: str) -> None:
        asked.append((spider.name, reason))

    async def work(record: RunRecord, spider: Asked, context: Context) -> None:
        record._opened(spider)
        await record._closed(spider, "finished")
        assert row_of(database)["summary"]["feeds"] == {"x.jsonl": "3 songs"}

    record(work, feeds=SimpleNamespace(became={"x.jsonl": "3 songs"}, written=written))
    assert asked == [("asked", "finished")]


def test_missing_keys_and_what_does_not_add_up_are_said(record: Any, caplog: pytest.LogCaptureFixture) -> None:
    async def work(record: RunRecord, spider: Asked, context: Context) -> None:
        spider.crawler.stats.set_value("timbre/rows/chart", 5)
        record._opened(spider)
        await record._closed(spider, "finished")

    record(work, listenbrainz_token=None)
    warnings = [each.getMessage() for each in caplog.records if each.levelno == logging.WARNING]
    assert [said.partition(":")[0] for said in warnings] == [
        "ListenBrainz is asked only about songs whose id Last.fm tells", "rows_add_up",
    ]  # fmt: skip
    assert warnings[1].endswith("expected 5, found 0")
