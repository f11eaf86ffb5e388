"""What a run did, reckoned from its counts: while it goes on, and when it has ended."""

import logging
import resource
import sys
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import UUID

from scrapy.crawler import Crawler

from timbre_spider import __version__
from timbre_spider.errors import TimbreError
from timbre_spider.extensions.accounting import compliance_of, sanity_checks
from timbre_spider.extensions.context import Context
from timbre_spider.items import Outcome
from timbre_spider.planning.forecast import forecast
from timbre_spider.run_summary import (
    CallsOfAKind,
    Flow,
    HotAnswersUsed,
    ListenerAccount,
    PagesKept,
    PlannedQuestions,
    RunProgress,
    RunSummary,
    ServiceTraffic,
    SongCounts,
    StageWait,
)
from timbre_spider.sources.gate import READ_AS_PAGES, Gate
from timbre_spider.storage.runs import RunFacts

logger = logging.getLogger(__name__)

SOURCES = ("open", "spotify", "lastfm", "aoty")
_SERVICES = {"open": ("listenbrainz", "deezer", "musicbrainz"), "labs": ("listenbrainz_labs",)}
_LEVELS = ("DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL")


class RunAccount:
    """Reads the counts of a crawl and of its context."""

    def __init__(self, crawler: Crawler, context: Context) -> None:
        self._crawler = crawler
        self._context = context
        self._is_dry = crawler.settings.getbool("DRY_RUN")

    def progress(self) -> RunProgress:
        """How far it is."""
        context, now = self._context, datetime.now(UTC)
        return RunProgress(
            at=now,
            seconds=round((now - context.started_at).total_seconds(), 1),
            songs=self._songs(),
            rows=self._flow("rows"),
            outcomes=self._outcomes(),
            requests={service: traffic_of(gate) for service, gate in context.gates.items()},
            waits={source: wait for source in self._sources() if (wait := self._wait(source)).songs},
            page_cache=self._pages_kept(),
            hot_answers=self._hot_answers(),
            log=self._log(),
        )

    def summary(
        self, spider: str, reason: str, run_id: UUID | None, parameters: Mapping[str, Any], feeds: Mapping[str, str]
    ) -> RunSummary:
        """What came of it; `reason` is Scrapy's word for how it ended, `run_id` is None where it has no row."""
        stats, context = self._crawler.stats, self._context
        failure = context.failures.first
        now = datetime.now(UTC)
        rows, plays = self._flow("rows"), self._flow("plays")
        coverage = context.stored.coverage_percent()
        requests = {service: traffic_of(gate) for service, gate in context.gates.items()}
        return RunSummary(
            spider=spider,
            run_id=run_id,
            job_id=self._crawler.settings["JOB_ID"],
            version=__version__,
            sandbox=context.config.sandboxed,
            listener=parameters.get("user"),
            listeners=self._listeners(),
            parameters=dict(parameters),
            started_at=context.started_at,
            finished_at=now,
            seconds=round((now - context.started_at).total_seconds(), 1),
            finish_reason=reason,
            error=str(failure) if failure else None,
            log=self._log(),
            feeds=dict(feeds),
            songs=self._songs(),
            chart=context.chart,
            rows=rows,
            plays=plays,
            outcomes=self._outcomes(),
            mean_seconds={source: self._mean_seconds(source) for source in self._sources()},
            coverage_percent=coverage,
            requests=requests,
            compliance={
                service: compliance_of(requests[service], gate.traffic, robots=service in READ_AS_PAGES)
                for service, gate in context.gates.items()
            },
            spotify_calls=self._spotify_calls(),
            page_cache=self._pages_kept(),
            hot_answers=self._hot_answers(),
            unknown_pages=context.unknown_pages.count,
            sanity=sanity_checks(
                rows,
                plays,
                coverage,
                self._facts(run_id),
                incomplete=self._incomplete(reason),
            ),
            peak_memory_mb=peak_memory_mb(),
            plan=self._plan() if self._is_dry else None,
            log_counts={level: stats.get_value(f"log_count/{level}", 0) for level in _LEVELS},
        )

    def _wait(self, source: str) -> StageWait:
        gates = {service: self._context.gates[service] for service in _SERVICES.get(source, (source,))}
        words = {service: gate.waits_for for service, gate in gates.items()}
        return StageWait(
            songs=self._crawler.stats.get_value(f"timbre/songs_with/{source}", 0),
            waits_for={service: said for service, said in words.items() if said},
        )

    def _listeners(self) -> dict[str, ListenerAccount]:
        context = self._context
        return {
            name: read.model_copy(
                update={
                    "songs": context.stored.songs_of(name),
                    "drift": None if read.plays_told is None else read.plays_told - read.plays_read,
                }
            )
            for name, read in context.listeners.items()
        }

    def _log(self) -> str | None:
        file = self._crawler.settings["LOG_FILE"]
        return str(Path(file).resolve()) if file else None

    def _songs(self) -> SongCounts:
        stats = self._crawler.stats
        return SongCounts(
            stored=len(self._context.stored),
            wanted=stats.get_value("timbre/songs_wanted", 0),
            folded=stats.get_value("timbre/songs_folded", 0),
            merged=stats.get_value("timbre/merged", 0),
            recalled=stats.get_value("timbre/recalled", 0),
        )

    def _sources(self) -> tuple[str, ...]:
        return (*SOURCES, "labs") if self._context.config.listenbrainz_labs == "on" else SOURCES

    def _outcomes(self) -> dict[str, dict[str, int]]:
        stats = self._crawler.stats
        return {
            source: {outcome: stats.get_value(f"timbre/{source}/{outcome}", 0) for outcome in Outcome}
            for source in self._sources()
        }

    def _flow(self, what: str) -> Flow:
        parts = ("chart", "stored", "rejected", "beyond")
        return Flow(**{part: self._crawler.stats.get_value(f"timbre/{what}/{part}", 0) for part in parts})

    def _plan(self) -> dict[str, PlannedQuestions]:
        config = self._context.config
        return self._context.estimate.by_service(
            {service: gate.limit_per_minute for service, gate in self._context.gates.items()},
            skipped={*self._crawler.settings.getlist("SKIP_SOURCES"), *([] if config.has_spotify else ["spotify"])},
            listenbrainz=config.listenbrainz_token is not None,
            labs=config.listenbrainz_labs == "on",
            spotify=forecast(self._context.pool, self._context.spotify_calls.told()),
        )

    def _facts(self, run_id: UUID | None) -> RunFacts | None:
        if run_id is None:
            return None
        try:
            return self._context.runs.facts(run_id, self._context.stored.listeners)
        except TimbreError as error:
            logger.warning("The run's account cannot be held against the database: %s", error)
            return None

    def _spotify_calls(self) -> dict[str, CallsOfAKind] | None:
        if self._context.spotify is None or self._is_dry:
            return None
        try:
            return self._context.spotify_calls.account()
        except TimbreError as error:
            logger.warning("What is left of Spotify's calls is not told: %s", error)
            return None

    def _pages_kept(self) -> PagesKept | None:
        if self._context.config.page_cache is None:
            return None
        # Those that are kept and stale are found, and not used.
        hits, misses, stale, stored = (
            self._crawler.stats.get_value(f"httpcache/{what}", 0) for what in ("hit", "miss", "invalidate", "store")
        )
        return PagesKept.of(hits, misses + stale, stored=stored)

    def _hot_answers(self) -> HotAnswersUsed | None:
        hot = self._context.hot
        return HotAnswersUsed.of(hot.hits, hot.misses, damaged=hot.damaged) if hot else None

    def _incomplete(self, reason: str) -> str | None:
        if self._crawler.settings["REDIS_URL"]:
            return "workers share the chart"
        if reason != "finished" or self._context.failures.first:
            return "the run ended early"
        return None

    def _mean_seconds(self, source: str) -> float | None:
        """What a song waited for the source, on average."""
        stats = self._crawler.stats
        songs = sum(stats.get_value(f"timbre/{source}/{outcome}", 0) for outcome in Outcome)
        return round(stats.get_value(f"timbre/seconds/{source}", 0.0) / songs, 3) if songs else None


def traffic_of(gate: Gate) -> ServiceTraffic:
    """What went through `gate`, as the summary has it."""
    return ServiceTraffic(
        requests=gate.traffic.requests,
        retries=gate.traffic.retries,
        statuses={str(status): count for status, count in sorted(gate.traffic.statuses.items())},
        most_at_once=gate.most_at_once,
        most_per_minute=gate.traffic.most_per_minute,
        limit_per_minute=gate.limit_per_minute,
        shut=gate.why_shut,
    )


def peak_memory_mb() -> float:
    """The most memory this process held, in MB of 10^6 bytes."""
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    # Linux tells kB, macOS bytes.
    return round(peak * (1 if sys.platform == "darwin" else 1024) / 1e6, 1)
