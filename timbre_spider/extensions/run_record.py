"""What a run did: counts, coverage, requests, durations; in the database and as a file."""

import json
import logging
from datetime import UTC, datetime
from typing import Any, Self
from uuid import UUID

from scrapy import Spider, signals
from scrapy.crawler import Crawler

from timbre_spider.errors import TimbreError
from timbre_spider.extensions.context import Context
from timbre_spider.extensions.feeds import Feeds
from timbre_spider.items import Outcome

logger = logging.getLogger(__name__)

SOURCES = ("spotify", "isrc", "lastfm", "aoty")


class RunRecord:
    """Writes LOGS_DIR/pipeline_summary_<time>.json when the spider closes, and the run's row in the database."""

    def __init__(self, crawler: Crawler) -> None:
        self._crawler = crawler
        self._context = Context.of(crawler)
        self._run_id: UUID | None = None
        self._feeds: dict[str, str] = {}
        crawler.signals.connect(self._opened, signal=signals.spider_opened)
        crawler.signals.connect(self._closed, signal=signals.spider_closed)

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        return cls(crawler)

    def _opened(self, spider: Spider) -> None:
        if not self._crawler.settings.getbool("DRY_RUN"):
            self._run_id = self._context.runs.start(spider.name, sandbox=self._context.config.sandboxed)

    async def _closed(self, spider: Spider, reason: str) -> None:
        feeds = self._crawler.get_extension(Feeds)
        if feeds is not None:
            await feeds.written(spider, reason)
            self._feeds = feeds.became
        self._context.failures.add_unstored(self._context.writer)
        summary = self._context.summary = self._summarise(spider, reason)
        path = self._context.config.logs_dir / f"pipeline_summary_{datetime.now(UTC):%Y%m%dT%H%M%S%fZ}.json"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps(summary, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
        logger.info("Summary: %s", path)
        if self._run_id is not None:
            try:
                self._context.runs.finish(self._run_id, reason, summary)
            except TimbreError as error:
                logger.warning("The run's end is not recorded in the database: %s", error)

    def _summarise(self, spider: Spider, reason: str) -> dict[str, Any]:
        stats = self._crawler.stats
        started = self._context.started_at
        failure = self._context.failures.first
        return {
            "spider": spider.name,
            "sandbox": self._context.config.sandboxed,
            "started_at": started.isoformat(),
            "seconds": round((datetime.now(UTC) - started).total_seconds(), 1),
            "finish_reason": reason,
            "error": str(failure) if failure else None,
            **self._would_ask(),
            "feeds": self._feeds,
            "songs": {
                "stored": len(self._context.stored),
                "wanted": stats.get_value("timbre/songs_wanted", 0),
                "folded": stats.get_value("timbre/songs_folded", 0),
                "merged": stats.get_value("timbre/merged", 0),
                "recalled": stats.get_value("timbre/recalled", 0),
            },
            "rows": {
                kind: stats.get_value(f"timbre/rows/{kind}", 0) for kind in ("chart", "stored", "rejected", "beyond")
            },
            "outcomes": {
                source: {outcome: stats.get_value(f"timbre/{source}/{outcome}", 0) for outcome in Outcome}
                for source in SOURCES
            },
            "mean_seconds": {source: self._mean_seconds(source) for source in SOURCES},
            "coverage_percent": self._context.stored.coverage_percent(),
            "requests": {
                service: {
                    "requests": gate.figures.requests,
                    "most_at_once": gate.figures.most_at_once,
                    "most_per_minute": gate.figures.most_per_minute,
                    "limit_per_minute": gate.figures.limit_per_minute,
                }
                for service, gate in self._context.gates.items()
            },
        }

    def _mean_seconds(self, source: str) -> float | None:
        """What a song waited for the source, on average."""
        stats = self._crawler.stats
        songs = sum(stats.get_value(f"timbre/{source}/{outcome}", 0) for outcome in Outcome)
        return round(stats.get_value(f"timbre/seconds/{source}", 0.0) / songs, 3) if songs else None

    def _would_ask(self) -> dict[str, Any]:
        if not self._crawler.settings.getbool("DRY_RUN"):
            return {}
        stats = self._crawler.stats
        return {
            "would_ask": {source: stats.get_value(f"timbre/would_ask/{source}", 0) for source in ("spotify", "lastfm")}
        }
