"""What a crawl works with, built once, before it starts: every component of the crawl takes it from here."""

import asyncio
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Self
from weakref import WeakKeyDictionary

from scrapy.crawler import Crawler
from scrapy.exceptions import NotConfigured

from timbre_spider.config import Config
from timbre_spider.extensions.beforehand import Beforehand
from timbre_spider.extensions.estimate import Estimate
from timbre_spider.extensions.failures import Failures
from timbre_spider.extensions.identity_rules import IdentityRules
from timbre_spider.extensions.shared_pace import SharedPace
from timbre_spider.extensions.spotify_calls import SpotifyCalls
from timbre_spider.extensions.stored_songs import StoredSongs
from timbre_spider.extensions.under_way import UnderWay
from timbre_spider.extensions.unknown_pages import UnknownPages
from timbre_spider.planning.pool import Pool
from timbre_spider.run_summary import ChartReading, ListenerAccount, RunSummary
from timbre_spider.sources.gate import utc_now
from timbre_spider.sources.gates import make_gates
from timbre_spider.sources.spotify.client import SpotifyClient
from timbre_spider.storage.connect import open_database
from timbre_spider.storage.database import Database
from timbre_spider.storage.hot_answers import HotAnswers
from timbre_spider.storage.migrate import migrate
from timbre_spider.storage.recall import Reader
from timbre_spider.storage.runs import Runs, check_world
from timbre_spider.storage.turns import Turns
from timbre_spider.storage.writer import Writer

_of_crawlers: "WeakKeyDictionary[Crawler, Context]" = WeakKeyDictionary()


class Context:
    """The configuration, the migrated database with its writer and reader, a gate a service, and the run's counts.

    `started_at`: what was asked since then is not asked again in this run. `pool`: the songs that wait for Spotify,
    `spotify_calls`: what may be asked of it; `beforehand`: whom the open sources may be asked about first. `heard`: the
    artists of the listeners, by their part of album keys. `hot` are the answers in Redis, `under_way` the questions of
    all who share it; None without one. `clock` tells the time of day. `summary` and `summary_path` come when the spider
    closes. `spotify` is None where there is no key.
    """

    def __init__(self, config: Config, database: Database, clock: Callable[[], datetime] = utc_now) -> None:
        self.clock = clock
        self.started_at = clock()
        self.config = config
        self.database = database
        self.rules = IdentityRules.load(database, config)
        self.runs = Runs(database)
        self.hot = HotAnswers.of(database, config)
        self.under_way = UnderWay.of(config)
        self.writer = Writer.from_config(database, config, self.hot)
        self.reader = Reader(database, hot=self.hot, run_started=self.started_at, clock=clock)
        turns = Turns(database.link())
        self.gates = make_gates(config, clock, partial(SharedPace, turns))
        self.spotify = SpotifyClient.from_config(config, self.gates["spotify"]) if config.has_spotify else None
        self.spotify_calls = SpotifyCalls(database, config, clock)
        self.pool = _pool_for(self.spotify)
        self.beforehand = Beforehand()
        self.heard: set[str] = set()
        self.unknown_pages = UnknownPages(config.data_dir / "unknown_pages")
        self.failures = Failures()
        self.chart = ChartReading()
        self.listeners: dict[str, ListenerAccount] = defaultdict(ListenerAccount)
        self.stored = StoredSongs()
        self.estimate = Estimate()
        self.summary: RunSummary | None = None
        self.summary_path: Path | None = None

    @classmethod
    @contextmanager
    def opened(cls, config: Config) -> Iterator[Self]:
        """The context of a crawl to come; its database is closed in the end.

        Raises ConfigError, WrongWorld, DatabaseUnreachable.
        """
        with open_database(config, to_fill=True) as database:
            migrate(database)
            check_world(database, sandbox=config.sandboxed)
            yield cls(config, database)

    async def open_lines(self) -> None:
        """Before any stage works: what is written goes to the database."""
        await self.writer.open()

    async def close_lines(self) -> None:
        """When the last stage has closed: the lines to the outside. The database itself is its opener's."""
        if self.spotify:
            self.spotify.close()
        await self.reader.close()
        await self.spotify_calls.close()
        await self.writer.close()
        if self.under_way:
            self.under_way.close()
        await asyncio.gather(*(gate.aclose() for gate in self.gates.values()))

    def give_to(self, crawler: Crawler) -> None:
        """Makes this the context of `crawler`."""
        _of_crawlers[crawler] = self

    @classmethod
    def of(cls, crawler: Crawler) -> "Context":
        """The context of a crawl. Raises NotConfigured where there is none: `scrapy shell` and its like store nothing,
        need no key and no database, and do without the components that do."""
        try:
            return _of_crawlers[crawler]
        except KeyError:
            raise NotConfigured("only in a run: `scrapy crawl` or `timbre run`") from None


def _pool_for(client: SpotifyClient | None) -> Pool:
    """A pool for the mode a key is said to be in, which its first answer may correct."""
    return Pool(client.page_size, client.page_size, together=client.together) if client else Pool()
