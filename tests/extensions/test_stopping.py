"""On a stop signal nothing more is asked, whenever it comes."""

import asyncio
from types import SimpleNamespace
from typing import Any

import pytest
from scrapy import Spider, signals
from scrapy.utils.test import get_crawler

from timbre_spider.errors import Stopped
from timbre_spider.extensions import context, stopping
from timbre_spider.extensions.stopping import Stopping
from timbre_spider.sources.gate import Gate
from timbre_spider.stop_signal import stop_signal

pytestmark = pytest.mark.unit


class Crawl:
    """A crawl whose engine is told to run by the test."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(stopping, "_POLL", 0.001)
        self._monkeypatch = monkeypatch
        self.crawler = get_crawler(Spider)
        self.engine = SimpleNamespace(running=False)
        self.crawler.engine = self.engine  # type: ignore[assignment]
        self.stops = 0
        self.gates = {name: Gate(name) for name in ("aoty", "deezer")}
        context._of_crawlers[self.crawler] = SimpleNamespace(gates=self.gates)  # type: ignore[assignment]

        async def stop() -> None:
            self.stops += 1

        self.crawler.stop_async = stop  # type: ignore[method-assign]
        # Called here as Scrapy does: a mutant takes any arguments, which Scrapy's signals count.
        self.on: dict[Any, Any] = {}
        self.crawler.signals = SimpleNamespace(connect=lambda listen, signal: self.on.update({signal: listen}))  # type: ignore[assignment]
        self.extension = Stopping.from_crawler(self.crawler)
        self.on[signals.engine_started]()

    def signal(self) -> None:
        self._monkeypatch.setattr(stop_signal, "name", "SIGTERM")

    @property
    def shut(self) -> list[bool]:
        found = []
        for gate in self.gates.values():
            try:
                gate.raise_if_shut()
                found.append(False)
            except Stopped:
                found.append(True)
        return found

    async def while_(self, is_so: Any) -> None:
        async with asyncio.timeout(5):
            while is_so():
                await asyncio.sleep(0.001)
        await asyncio.sleep(0.01)


def run(monkeypatch: pytest.MonkeyPatch, work: Any) -> None:
    async def inside() -> None:
        crawl = Crawl(monkeypatch)
        await work(crawl)
        crawl.on[signals.engine_stopped]()
        await crawl.while_(lambda: not crawl.extension._watch.done())

    asyncio.run(inside())


def test_a_signal_shuts_every_gate_and_stops_the_engine_once(monkeypatch: pytest.MonkeyPatch) -> None:
    async def work(crawl: Crawl) -> None:
        crawl.engine.running = True
        await asyncio.sleep(0.02)
        assert (crawl.shut, crawl.stops) == ([False, False], 0)
        crawl.signal()
        await crawl.while_(lambda: not crawl.stops)
        assert (crawl.shut, crawl.stops) == ([True, True], 1)

    run(monkeypatch, work)


def test_a_signal_is_heard_within_a_tenth_of_a_second() -> None:
    assert stopping._POLL == 0.1


def test_a_signal_before_the_engine_runs_waits_for_it(monkeypatch: pytest.MonkeyPatch) -> None:
    async def work(crawl: Crawl) -> None:
        crawl.signal()
        await asyncio.sleep(0.02)
        assert (crawl.shut, crawl.stops) == ([False, False], 0)
        crawl.engine.running = True
        await crawl.while_(lambda: not crawl.stops)
        assert (crawl.shut, crawl.stops) == ([True, True], 1)

    run(monkeypatch, work)


def test_an_engine_that_stops_by_itself_shuts_the_gates_and_is_not_stopped_again(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    async def work(crawl: Crawl) -> None:
        crawl.engine.running = True
        await asyncio.sleep(0.02)
        crawl.engine.running = False
        await crawl.while_(lambda: not all(crawl.shut))
        assert crawl.stops == 0

    run(monkeypatch, work)


def test_what_has_ended_is_watched_no_more(monkeypatch: pytest.MonkeyPatch) -> None:
    async def work(crawl: Crawl) -> None:
        assert not crawl.extension._watch.done()

    run(monkeypatch, work)
