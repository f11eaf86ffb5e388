"""One crawl, from the checks before it to the exit status after it; `scrapy crawl` and `timbre` both end here."""

from dataclasses import dataclass
from typing import Any

from scrapy.crawler import AsyncCrawlerProcess, Crawler
from scrapy.settings import Settings

from timbre_spider.config import Config
from timbre_spider.errors import ConfigError, RunError, TimbreError
from timbre_spider.extensions.connections import Connections
from timbre_spider.extensions.run_record import RunRecord
from timbre_spider.spiders.arguments import AskedSpider, BackfillArguments, ChartArguments
from timbre_spider.spiders.job import Job
from timbre_spider.storage.connect import open_database
from timbre_spider.storage.migrate import migrate
from timbre_spider.storage.runs import claim_world

# Bounds the user set himself: a crawl that reached one did what it was asked.
ASKED_ENDS = {
    "finished",
    "closespider_itemcount",
    "closespider_pagecount",
    "closespider_pagecount_no_item",
    "closespider_timeout",
    "closespider_timeout_no_item",
}


@dataclass(frozen=True, slots=True)
class CrawlResult:
    """How a crawl ended; `error` is None when it did what it was asked."""

    summary: dict[str, Any]
    error: TimbreError | None


def check_before_crawl(config: Config, spider: type[AskedSpider], arguments: dict[str, Any]) -> None:
    """All that can be known to fail before the crawl starts. Raises UsageError, ConfigError, DatabaseUnreachable."""
    asked = spider.takes.read(arguments)
    if isinstance(asked, ChartArguments | BackfillArguments):
        Job.from_arguments(config, asked)
    check_services(config)


def check_services(config: Config) -> None:
    """Whether the keys are there and the database is. Raises ConfigError, DatabaseUnreachable."""
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
    with open_database(config) as database:
        migrate(database)
        claim_world(database, sandbox=config.sandboxed)


def crawl(process: AsyncCrawlerProcess, crawler: Crawler, arguments: dict[str, Any]) -> CrawlResult:
    """Runs the crawl to its end. Blocks; a signal ends it in good order."""
    crawling = process.crawl(crawler, **arguments)
    process.start()
    if error := crawling.exception():
        if not isinstance(error, TimbreError):
            error = RunError(f"The crawl could not start ({type(error).__name__}: {error}).")
        return CrawlResult({}, error)
    record = crawler.get_extension(RunRecord)
    assert record is not None
    return CrawlResult(record.summary, why_it_failed(crawler, record.summary))


def run_spider(spider: type[AskedSpider], arguments: dict[str, Any], settings: Settings) -> CrawlResult:
    """A crawl in this process, with its own Scrapy process around it."""
    process = AsyncCrawlerProcess(settings)
    return crawl(process, process.create_crawler(spider), arguments)


def why_it_failed(crawler: Crawler, summary: dict[str, Any]) -> TimbreError | None:
    """Why the crawl failed; None when it did what it was asked."""
    connections = Connections.of(crawler)
    stored, wanted = summary["songs"]["stored"], summary["songs"]["wanted"]
    if summary["finish_reason"] == "shutdown":
        return RunError(f"Stopped by a signal after {stored} songs of {wanted}: start it again to go on from there.")
    if connections.failure:
        return connections.failure
    if summary["finish_reason"] not in ASKED_ENDS:
        return RunError(f"The crawl ended early ({summary['finish_reason']}): the log says why.")
    if crawler.stats.get_value("spider_exceptions/count"):
        return RunError("The crawl met an error of its own: the log has it.")
    return None
