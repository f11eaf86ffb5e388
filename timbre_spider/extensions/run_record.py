"""What a run did: in the database, from its first moment on, and as a file when it ends."""

import asyncio
import logging
from datetime import UTC, datetime
from typing import Any, Protocol, Self
from uuid import UUID

from scrapy import Spider, signals
from scrapy.crawler import Crawler
from scrapy.exceptions import CloseSpider

from timbre_spider.config import Config
from timbre_spider.errors import TimbreError
from timbre_spider.extensions.context import Context
from timbre_spider.extensions.feeds import Feeds
from timbre_spider.extensions.run_account import RunAccount

logger = logging.getLogger(__name__)

# Often enough for a person who watches; it is one small row.
_TELL_SECONDS = 2.0


class AskedFor(Protocol):
    """A spider that tells what it was asked for."""

    name: str

    def parameters(self, config: Config) -> dict[str, Any]:
        """Its arguments, with what the configuration adds."""


class RunRecord:
    """Writes the run's row, and LOGS_DIR/pipeline_summary_<time>.json when the spider closes."""

    def __init__(self, crawler: Crawler) -> None:
        self._crawler = crawler
        self._context = Context.of(crawler)
        self._account = RunAccount(crawler, self._context)
        self._is_dry = crawler.settings.getbool("DRY_RUN")
        self._run_id: UUID | None = None
        self._feeds: dict[str, str] = {}
        self._parameters: dict[str, Any] = {}
        self._telling: asyncio.Task[None] | None = None
        crawler.signals.connect(self._opened, signal=signals.spider_opened)
        crawler.signals.connect(self._closed, signal=signals.spider_closed)

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        return cls(crawler)

    def _opened(self, spider: AskedFor) -> None:
        self._parameters = spider.parameters(self._context.config)
        if skipped := self._crawler.settings.getlist("SKIP_SOURCES"):
            self._parameters["skip"] = skipped
        for line in self._context.config.missing_keys():
            logger.warning("%s", line)
        if self._is_dry:
            return
        try:
            self._run_id = self._context.runs.start(
                spider.name,
                sandbox=self._context.config.sandboxed,
                listener=self._parameters.get("user"),
                parameters=self._parameters,
                job_id=self._crawler.settings["JOB_ID"],
            )
        except TimbreError as error:
            self._context.failures.add(error)
            raise CloseSpider(type(error).__name__) from None
        self._telling = asyncio.ensure_future(self._tell_alive(self._run_id))

    async def _tell_alive(self, run_id: UUID) -> None:
        while True:
            await asyncio.sleep(_TELL_SECONDS)
            progress = self._account.progress().model_dump(mode="json")
            try:
                await asyncio.to_thread(self._context.runs.tell_alive, run_id, progress)
            except TimbreError:
                logger.debug("The database does not hear that the run goes on.")

    async def _closed(self, spider: Spider, reason: str) -> None:
        if self._telling is not None:
            self._telling.cancel()
        feeds = self._crawler.get_extension(Feeds)
        if feeds is not None:
            await feeds.written(spider, reason)
            self._feeds = feeds.became
        self._context.failures.add_unstored(self._context.writer)
        summary = self._account.summary(spider.name, reason, self._run_id, self._parameters, self._feeds)
        self._context.summary = summary
        if self._is_dry:
            return
        path = self._context.config.logs_dir / f"pipeline_summary_{datetime.now(UTC):%Y%m%dT%H%M%S%fZ}.json"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(summary.model_dump_json(indent=2) + "\n", encoding="utf-8")
        self._context.summary_path = path
        logger.info("Summary: %s", path)
        for check in summary.sanity:
            if check.passed is False:
                logger.warning("%s: %s, expected %s, found %s", check.check, check.says, check.expected, check.found)
        if self._run_id is not None:
            try:
                self._context.runs.finish(self._run_id, reason, summary.model_dump(mode="json"))
            except TimbreError as error:
                logger.warning("The run's end is not recorded in the database: %s", error)
