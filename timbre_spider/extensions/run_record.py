"""What a run did: counts, coverage, requests, durations; in the database and as a file."""

import json
import logging
from collections import Counter
from datetime import UTC, datetime
from typing import Any, Self
from uuid import UUID

from scrapy import Spider, signals
from scrapy.crawler import Crawler

from timbre_spider.errors import TimbreError
from timbre_spider.extensions.connections import Connections
from timbre_spider.items import Outcome, Song

logger = logging.getLogger(__name__)

SOURCES = ("spotify", "isrc", "lastfm", "aoty")


class RunRecord:
    """Writes LOGS_DIR/pipeline_summary_<time>.json when the spider closes, and the run's row in the database."""

    def __init__(self, crawler: Crawler) -> None:
        self._crawler = crawler
        self._connections = Connections.of(crawler)
        self._covered: Counter[str] = Counter()
        self._songs = 0
        self._run_id: UUID | None = None
        self.summary: dict[str, Any] = {}
        crawler.signals.connect(self._opened, signal=signals.spider_opened)
        crawler.signals.connect(self._stored, signal=signals.item_scraped)
        crawler.signals.connect(self._closed, signal=signals.spider_closed)

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        return cls(crawler)

    def _opened(self, spider: Spider) -> None:
        if not self._crawler.settings.getbool("DRY_RUN"):
            self._run_id = self._connections.runs.start(spider.name, sandbox=self._connections.config.sandboxed)

    def _stored(self, item: Song) -> None:
        self._songs += 1
        self._covered.update(name for name, known in coverage_of(item).items() if known)

    def _closed(self, spider: Spider, reason: str) -> None:
        self._connections.note_what_was_not_stored()
        self.summary = self._summarise(spider, reason)
        path = self._connections.config.logs_dir / f"pipeline_summary_{datetime.now(UTC):%Y%m%dT%H%M%S%fZ}.json"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps(self.summary, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
        logger.info("Summary: %s", path)
        if self._run_id is not None:
            try:
                self._connections.runs.finish(self._run_id, reason, self.summary)
            except TimbreError as error:
                logger.warning("The run's end is not recorded in the database: %s", error)

    def _summarise(self, spider: Spider, reason: str) -> dict[str, Any]:
        stats = self._crawler.stats
        started = self._connections.started_at
        return {
            "spider": spider.name,
            "sandbox": self._connections.config.sandboxed,
            "started_at": started.isoformat(),
            "seconds": round((datetime.now(UTC) - started).total_seconds(), 1),
            "finish_reason": reason,
            "error": str(self._connections.failure) if self._connections.failure else None,
            **self._would_ask(),
            "songs": {
                "stored": stats.get_value("timbre/songs_stored", 0),
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
            "coverage_percent": {
                name: round(100 * self._covered[name] / self._songs, 1) if self._songs else None for name in COVERED
            },
            "requests": {
                service: {
                    "requests": gate.figures.requests,
                    "most_at_once": gate.figures.most_at_once,
                    "most_per_minute": gate.figures.most_per_minute,
                    "limit_per_minute": gate.figures.limit_per_minute,
                }
                for service, gate in self._connections.gates.items()
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


COVERED = (
    "isrc",
    "spotify_id",
    "album_name",
    "duration_ms",
    "popularity",
    "release_date",
    "lastfm_tags",
    "aoty_user_score",
    "aoty_genres",
)


def coverage_of(song: Song) -> dict[str, bool]:
    """Which of the fields in COVERED a song has."""
    track, album = song.spotify, song.aoty
    known = (
        song.isrc,
        track and track.spotify_id,
        track and track.album_name,
        track and track.duration_ms,
        track and track.popularity,
        track and track.release_date,
        song.tags,
        album and album.user_score is not None,
        album and album.genres,
    )
    return {name: bool(value) for name, value in zip(COVERED, known, strict=True)}
