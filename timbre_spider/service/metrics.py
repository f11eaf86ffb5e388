"""What Prometheus reads: what is stored, how the runs go, and how the service itself answers."""

import time
from collections.abc import Iterator
from typing import Any

from prometheus_client import CollectorRegistry, Histogram
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.registry import Collector
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from timbre_spider.errors import TimbreError
from timbre_spider.service.caches import caches_of
from timbre_spider.service.state import Service
from timbre_spider.service.watching import going_on
from timbre_spider.storage.past_runs import last_run

_SECONDS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10)


class Metrics:
    """The registry of one service."""

    def __init__(self, service: Service) -> None:
        self.registry = CollectorRegistry()
        self.answered = Histogram(
            "timbre_service_answer_seconds", "Seconds to an answer", ("route", "status"), registry=self.registry,
            buckets=_SECONDS,
        )  # fmt: skip
        self.registry.register(_OfDatabase(service))


class _OfDatabase(Collector):
    """Read when it is asked for; without a database only that is told."""

    def __init__(self, service: Service) -> None:
        self._service = service

    def collect(self) -> Iterator[Metric]:
        try:
            told = list(self._told())
        except TimbreError:
            told = []
        yield GaugeMetricFamily("timbre_database_up", "Whether the database answers", value=float(bool(told)))
        yield from told

    def _told(self) -> Iterator[Metric]:
        rows = GaugeMetricFamily("timbre_rows", "Rows of a table, and songs with an id of a kind", labels=["of"])
        for name, count in self._service.counts.get().items():
            rows.add_metric([name], count)
        yield rows
        running = going_on(self._service)
        yield GaugeMetricFamily("timbre_runs_going_on", "Runs that go on", value=len(running))
        ended, good = last_run(self._service.database), last_run(self._service.database, good=True)
        for name, run in (("ended", ended), ("good", good)):
            if run and run.finished_at:
                says = f"When the last run {'ended' if name == 'ended' else 'went well'}, in seconds since 1970"
                yield GaugeMetricFamily(f"timbre_last_{name}_run_seconds", says, value=run.finished_at.timestamp())
        yield from _of_run("running", [run.progress for run in running if run.progress])
        yield from _of_run("last", [ended.summary] if ended and ended.summary else [])


def _of_run(which: str, told: list[dict[str, Any]]) -> Iterator[Metric]:
    """Of runs that go on, together, or of the last one."""
    songs = GaugeMetricFamily(f"timbre_{which}_songs", f"Songs of the {which} run", labels=["what"])
    outcomes = GaugeMetricFamily(
        f"timbre_{which}_outcomes", f"Questions of the {which} run by how they ended", labels=["source", "outcome"]
    )
    coverage = GaugeMetricFamily(f"timbre_{which}_coverage_percent", "Stored songs that have a field", labels=["field"])
    caches = GaugeMetricFamily(
        f"timbre_{which}_cache_lookups", f"What was asked of a cache by the {which} run, of all that go on together",
        labels=["cache", "result"],
    )  # fmt: skip
    for cache, use in caches_of(told).items():
        caches.add_metric([cache, "hit"], use.hits)
        caches.add_metric([cache, "miss"], use.misses)
    for run in told:
        for what, count in run.get("songs", {}).items():
            songs.add_metric([what], count)
        for source, counts in run.get("outcomes", {}).items():
            for outcome, count in counts.items():
                outcomes.add_metric([source, outcome], count)
        for field, percent in run.get("coverage_percent", {}).items():
            if percent is not None:
                coverage.add_metric([field], percent)
        break  # a gauge has one value; several runs at once are told by /pipeline/status
    yield from (songs, outcomes, coverage, caches)


class Measured:
    """ASGI middleware: how long each route takes to its first byte."""

    def __init__(self, app: ASGIApp, metrics: Metrics) -> None:
        self._app = app
        self._answered = metrics.answered

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        started = time.perf_counter()

        async def measured(message: Message) -> None:
            if message["type"] == "http.response.start":
                # The route's pattern, not the address: names would make a series each.
                route = getattr(scope.get("route"), "path", "none")
                self._answered.labels(route, message["status"]).observe(time.perf_counter() - started)
            await send(message)

        await self._app(scope, receive, measured)
