"""One crawl, from the checks before it to the exit status after it; `scrapy crawl` and `timbre` both end here."""

import logging
from dataclasses import dataclass
from typing import Any

from scrapy.crawler import AsyncCrawlerProcess, Crawler
from scrapy.settings import Settings

from timbre_spider.config import Config
from timbre_spider.errors import ConfigError, RunError, TimbreError
from timbre_spider.extensions.connections import Connections
from timbre_spider.extensions.run_record import RunRecord
from timbre_spider.spiders.job import Job
from timbre_spider.storage.connect import open_database
from timbre_spider.storage.migrate import migrate
from timbre_spider.storage.runs import claim_world

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Ended:
    """How a crawl ended; `error` is None when it did what it was asked."""

    summary: dict[str, Any]
    error: TimbreError | None


def check(config: Config, spider: str, arguments: dict[str, Any]) -> None:
    """All that can be known to fail before the crawl starts. Raises ConfigError, UsageError, DatabaseUnreachable."""
    if config.lastfm_api_key is None:
        raise ConfigError(
            "LASTFM_API_KEY is missing: set it in .env (a key is free at https://www.last.fm/api/account/create), "
            "or try everything without keys: timbre run --sandbox"
        )
    if config.spotify_client_id is None or config.spotify_client_secret is None:
        raise ConfigError(
            "SPOTIFY_CLIENT_ID and SPOTIFY_CLIENT_SECRET are missing: set both in .env "
            "(from https://developer.spotify.com/dashboard)."
        )
    if spider in ("lastfm_top", "backfill") and not arguments.get("shared"):
        known = {name: arguments[name] for name in ("max", "user", "period") if name in arguments}
        unknown = sorted(set(arguments) - set(known))
        if unknown:
            raise ConfigError(f"{spider} knows no argument {', '.join(unknown)}: it takes max, user and period.")
        Job.from_arguments(config, **known)
    with open_database(config) as database:
        migrate(database)
        claim_world(database, sandbox=config.sandboxed)


def crawl(process: AsyncCrawlerProcess, crawler: Crawler, arguments: dict[str, Any]) -> Ended:
    """Runs the crawl to its end. Blocks; a signal ends it in good order."""
    process.crawl(crawler, **arguments)
    process.start()
    record = crawler.get_extension(RunRecord) if crawler.extensions else None
    if record is None or not record.summary:
        return Ended({}, RunError("The crawl could not start: the log above says why."))
    return Ended(record.summary, failure_of(crawler, record.summary))


def run_spider(spider: str, arguments: dict[str, Any], settings: Settings) -> Ended:
    """A crawl in this process, with its own Scrapy process around it."""
    process = AsyncCrawlerProcess(settings)
    return crawl(process, process.create_crawler(spider), arguments)


def failure_of(crawler: Crawler, summary: dict[str, Any]) -> TimbreError | None:
    """Why the crawl failed; None when it did what it was asked."""
    connections = Connections.of(crawler)
    stored, wanted = summary["songs"]["stored"], summary["songs"]["wanted"]
    if summary["finish_reason"] == "shutdown":
        return RunError(f"Stopped by a signal after {stored} songs of {wanted}: start it again to go on from there.")
    if connections.failure:
        return connections.failure
    if summary["finish_reason"] != "finished":
        return RunError(f"The crawl ended early ({summary['finish_reason']}): the log says why.")
    if crawler.stats and crawler.stats.get_value("spider_exceptions/count"):
        return RunError("The crawl met an error of its own: the log has it.")
    return None
