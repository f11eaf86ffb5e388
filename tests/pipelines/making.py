"""A context over a test's database, and stats, for stages without a crawl around them."""

from pathlib import Path
from typing import Any

from scrapy import Spider
from scrapy.crawler import Crawler
from scrapy.statscollectors import MemoryStatsCollector

from timbre_spider.config import load_config
from timbre_spider.extensions.context import Context
from timbre_spider.storage.database import Database


def context_of(database: Database, folder: Path, **settings: Any) -> Context:
    """The context of a crawl over `database`; settings by their names in `Config`."""
    keys = {"lastfm_api_key": "k" * 32, "spotify_client_id": "id", "spotify_client_secret": "secret"}
    given = {**keys, "data_dir": folder, "db_retry_attempts": 0, **settings}
    return Context(load_config(_env_file=None, **given), database)


def stats() -> MemoryStatsCollector:
    """Counts, as Scrapy's own."""
    return MemoryStatsCollector(Crawler(Spider))
