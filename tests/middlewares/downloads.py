"""Downloads through a real engine with all middlewares, without a crawl around them: no database, no pipelines.

A reactor is of one process, so all cases of a call go through one process of their own, one after another. Waits
are told and not waited.
"""

import asyncio
import json
import logging
import sys
from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass, field
from io import StringIO
from pathlib import Path
from tempfile import TemporaryDirectory
from types import SimpleNamespace
from typing import Any, ClassVar

from scrapy import Request, Spider
from scrapy.crawler import AsyncCrawlerRunner
from scrapy.http.request import NO_CALLBACK
from scrapy.utils.reactor import install_reactor

from tests.forked import Forked
from timbre_spider.config import load_config
from timbre_spider.crawling import project_settings
from timbre_spider.extensions.context import Context
from timbre_spider.extensions.failures import Failures
from timbre_spider.sources.gate import Gate
from timbre_spider.sources.gates import make_gates


@dataclass(frozen=True)
class Case:
    """Which paths of the site are asked for, in order (all at once with `at_once`); `settings` by their names in
    `Config`, `scrapy` by Scrapy's."""

    site: str
    paths: Sequence[str]
    settings: Mapping[str, Any] = field(default_factory=dict)
    scrapy: Mapping[str, Any] = field(default_factory=dict)
    at_once: bool = False


@dataclass(frozen=True)
class Came:
    """`answers`: of each path [status, address, text], or [name of the error, what it says]; `waits`: seconds the
    site was left alone; `requests`: that left; `log`: all that was said; `failure`: why the run failed, else None."""

    answers: list[list[Any]]
    waits: list[float]
    requests: int
    log: str
    failure: str | None


def downloads(cases: Mapping[str, Case]) -> dict[str, Came]:
    """What came of each case."""
    from tests.conftest import ROOT, clean_environment  # which the process that downloads need not load

    with TemporaryDirectory(prefix="timbre-downloads-") as folder:
        (asked := Path(folder) / "asked").write_text(
            json.dumps({name: vars(case) for name, case in cases.items()}, default=dict)
        )
        process = Forked(["downloads", str(asked)], ROOT, clean_environment() | {"PYTHONPATH": str(ROOT)})
        assert process.wait(120) == 0, process.said[-4000:]
        told = json.loads(asked.with_suffix(".told").read_text())
    return {name: Came(**came) for name, came in told.items()}


class Downloads(Spider):
    """Asks for what a case names; `answers` when it closes."""

    name = "downloads"
    start_urls: ClassVar[list[str]] = []

    def __init__(self, case: dict[str, Any], answers: list[Any]) -> None:
        super().__init__()
        self.case, self.answers = case, answers

    async def start(self) -> AsyncIterator[Request]:
        asking = map(self.one, self.case["paths"])
        self.answers += await asyncio.gather(*asking) if self.case["at_once"] else [await each for each in asking]
        for nothing in ():
            yield nothing

    async def one(self, path: str) -> list[Any]:
        request = Request(self.case["site"] + path, callback=NO_CALLBACK, meta={"download_slot": "aoty"})
        try:
            answer = await self.crawler.engine.download_async(request)
        except Exception as error:
            return [type(error).__name__, str(error)]
        return [answer.status, answer.url, getattr(answer, "text", "")]


async def came_of(case: dict[str, Any], waits: list[float]) -> dict[str, Any]:
    """What came of a case."""
    waits.clear()
    said = logging.StreamHandler(StringIO())
    logging.getLogger().addHandler(said)
    quiet = {"EXTENSIONS": {}, "ITEM_PIPELINES": {}, "AUTOTHROTTLE_ENABLED": False, "DOWNLOAD_DELAY": 0}
    settings, _ = project_settings()
    crawler = AsyncCrawlerRunner({**settings, **quiet, **case["scrapy"]}).create_crawler(Downloads)
    config = load_config(_env_file=None, aoty_base_url=case["site"], **case["settings"])
    gates = make_gates(config)
    Context.give_to(SimpleNamespace(config=config, gates=gates, failures=Failures()), crawler)
    answers: list[Any] = []
    await crawler.crawl_async(case, answers)
    logging.getLogger().removeHandler(said)
    failure = Context.of(crawler).failures.first
    return {
        "answers": answers, "waits": [*waits], "requests": gates["aoty"].traffic.requests,
        "log": said.stream.getvalue(), "failure": failure and str(failure),
    }  # fmt: skip


def main() -> None:
    """As a program: of the cases in a file of JSON what came, in one beside it."""
    asked = Path(sys.argv[1])
    cases = json.loads(asked.read_text())
    install_reactor("twisted.internet.asyncioreactor.AsyncioSelectorReactor")
    from twisted.internet import reactor

    waits: list[float] = []

    async def rest(gate: Gate, seconds: float) -> None:
        gate.raise_if_shut()

    Gate.pause = lambda gate, seconds: waits.append(seconds)
    Gate.rest = rest
    told = {}

    async def work() -> None:
        try:
            for name, case in cases.items():
                told[name] = await came_of(case, waits)
        finally:
            reactor.stop()

    working: list[asyncio.Task[None]] = []
    reactor.callWhenRunning(lambda: working.append(asyncio.ensure_future(work())))
    reactor.run(installSignalHandlers=False)
    working[0].result()
    asked.with_suffix(".told").write_text(json.dumps(told))
