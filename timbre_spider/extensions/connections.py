"""What a crawl holds open: the configuration, the database with its writer, and a gate a service."""

import asyncio
import logging
from datetime import UTC, datetime
from typing import Any, Self
from weakref import WeakKeyDictionary

from scrapy import signals
from scrapy.crawler import Crawler
from scrapy.exceptions import (
    CannotResolveHostError,
    DownloadConnectionRefusedError,
    DownloadFailedError,
    DownloadTimeoutError,
    ResponseDataLossError,
)
from scrapy.http import Request, Response
from scrapy.http.request import NO_CALLBACK

from timbre_spider.config import Config, load_config
from timbre_spider.errors import DatabaseUnreachable, TimbreError, Unusable
from timbre_spider.extensions.overrides import collapse_of, overrides_of
from timbre_spider.extensions.redaction import redact_logs
from timbre_spider.sources.gate import Gate, make_gates
from timbre_spider.sources.spotify.client import SpotifyClient
from timbre_spider.storage.connect import Database, open_database
from timbre_spider.storage.migrate import migrate
from timbre_spider.storage.recall import Reader
from timbre_spider.storage.runs import Runs
from timbre_spider.storage.writer import Writer

logger = logging.getLogger(__name__)

# How soon a stop signal reaches those who wait for an answer, in seconds.
_STOP_POLL = 0.1

_NO_ANSWER = (
    CannotResolveHostError,
    DownloadConnectionRefusedError,
    DownloadFailedError,
    DownloadTimeoutError,
    ResponseDataLossError,
    OSError,
)


# `crawler.get_extension` answers only when all extensions are made, and they need the connections before.
_of_crawlers: "WeakKeyDictionary[Crawler, Connections]" = WeakKeyDictionary()


class Connections:
    """Opened before any other component; closed when the last stage has closed.

    `failure`: the error that made the run fail, for the last line the user sees.
    """

    config: Config
    database: Database
    writer: Writer
    reader: Reader
    gates: dict[str, Gate]
    spotify: SpotifyClient

    def __init__(self, crawler: Crawler) -> None:
        self._crawler = crawler
        self.failure: TimbreError | None = None
        self.started_at = datetime.now(UTC)
        self.config = load_config()
        redact_logs(self.config.secrets())
        self.database = open_database(self.config)
        migrate(self.database)
        self.runs = Runs(self.database)
        self.overrides = overrides_of(self.database)
        self.collapse = collapse_of(self.config)
        self.writer = Writer.from_config(self.database, self.config)
        self.reader = Reader(self.database)
        self.gates = make_gates(self.config)
        self.spotify = SpotifyClient.from_config(self.config, self.gates["spotify"])
        crawler.signals.connect(self._open, signal=signals.engine_started)
        crawler.signals.connect(self._close, signal=signals.engine_stopped)

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        connections = _of_crawlers[crawler] = cls(crawler)
        return connections

    @classmethod
    def of(cls, crawler: Crawler) -> "Connections":
        """The connections of this crawl."""
        return _of_crawlers[crawler]

    async def _open(self) -> None:
        await self.writer.open()
        await self.reader.open()
        self._watch = asyncio.ensure_future(self._watch_for_stop())

    async def _watch_for_stop(self) -> None:
        # The engine has no signal for "stop asked for"; `spider_closed` comes only when all is drained.
        # Told of the start, it is not running yet.
        await asyncio.sleep(_STOP_POLL)
        while self._crawler.engine is not None and self._crawler.engine.running:
            await asyncio.sleep(_STOP_POLL)
        self.stop_asking()

    async def fetch(self, service: str, url: str, *, obey_robots: bool = False, **fields: Any) -> Response:
        """The page at `url`, through the downloader and all its middlewares; any status.

        `fields` are the request's own (method, headers, body). Raises what the gate of `service` raises, and
        Unusable when no answer came.
        """
        assert self._crawler.engine is not None
        meta: dict[str, Any] = {"download_slot": service}
        if not obey_robots:
            meta |= {"dont_obey_robotstxt": True, "autothrottle_dont_adjust_delay": True}
        request = Request(url, meta=meta, callback=NO_CALLBACK, **fields)
        async with self.gates[service].hold():
            try:
                return await self._crawler.engine.download_async(request)
            except _NO_ANSWER as error:
                raise Unusable(f"{service} gave no answer ({type(error).__name__})") from None

    async def check_keys(self) -> None:
        """Raises KeyRejected when Spotify does not accept ours: a run without it is not what was asked for."""
        await self.spotify.check()

    def fail(self, error: TimbreError) -> None:
        """Remembers the first error that made the run fail."""
        self.failure = self.failure or error

    def note_what_was_not_stored(self) -> None:
        """Makes the run fail when songs had to be spooled. Called when the last stage has closed."""
        if self.writer.lost:
            self.fail(
                DatabaseUnreachable(
                    f"The database went away, and {self.writer.lost} songs could not be kept in "
                    f"{self.writer.spool_dir} either: make room on the disk and run again."
                )
            )
        if self.writer.spooled:
            self.fail(
                DatabaseUnreachable(
                    f"The database went away: {self.writer.spooled} songs are kept in {self.writer.spool_dir}, not "
                    "stored. When it is back: timbre replay"
                )
            )

    def stop_asking(self) -> None:
        """No question starts from now on; whoever waits for a turn is told at once."""
        for gate in self.gates.values():
            gate.close()

    async def _close(self) -> None:
        self._watch.cancel()
        self.spotify.close()
        await self.reader.close()
        await self.writer.close()
        for gate in self.gates.values():
            await gate.aclose()
        self.database.close()
