"""One crawl, from the checks before it to the exit status after it; `scrapy crawl` and `timbre` both end here."""

import gc
import logging
import os
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib import import_module, reload
from pathlib import Path
from typing import Any

from scrapy.crawler import AsyncCrawlerProcess, Crawler
from scrapy.settings import Settings

from timbre_spider.config import Config
from timbre_spider.errors import ConfigError, RunError, TimbreError, UsageError
from timbre_spider.extensions.context import Context
from timbre_spider.extensions.feeds import ASKED_ENDS
from timbre_spider.how_many import how_many
from timbre_spider.run_summary import RunSummary
from timbre_spider.spiders.arguments import AskedSpider
from timbre_spider.spiders.job import Job, JobArguments
from timbre_spider.stop_signal import stop_signal


@dataclass(frozen=True, slots=True)
class CrawlResult:
    """How a crawl ended; `error` is None when it did what it was asked."""

    summary: RunSummary | None
    error: TimbreError | None


def project_settings(*, reread: bool = False) -> tuple[Settings, Config]:
    """The project's settings of Scrapy, in any folder, and the configuration they were made from.

    Both are read once in a process; `reread` when the environment has changed since.
    """
    module = import_module("timbre_spider.settings")
    if reread:
        reload(module)
    settings = Settings()
    settings.setmodule(module, priority="project")
    config: Config = module.config
    return settings, config


def log_to_file(settings: Settings, config: Config) -> Path:
    """Lets the crawl log into a file of its own under LOGS_DIR, with the lines `scrapy crawl` shows; its path."""
    config.logs_dir.mkdir(parents=True, exist_ok=True)
    path = config.logs_dir / f"timbre_{datetime.now(UTC):%Y%m%dT%H%M%S%fZ}.log"
    settings.set("LOG_FILE", str(path), "cmdline")
    return path


def check_log(settings: Settings) -> None:
    """Raises UsageError for a LOG_LEVEL or LOG_FILE that logging would stumble over; then they are without effect."""
    level, file = settings["LOG_LEVEL"], settings["LOG_FILE"]
    wrong = ""
    if isinstance(level, str) and level not in logging.getLevelNamesMapping():
        wrong = f"LOG_LEVEL {level} is wrong: use CRITICAL, ERROR, WARNING, INFO or DEBUG."
    elif file:
        try:
            open(file, "a").close()
        except OSError as error:
            wrong = f"LOG_FILE {file} cannot be written ({error.strerror}): name a file in a folder that is yours."
    if wrong:
        settings.setdict({"LOG_LEVEL": "INFO", "LOG_FILE": None}, "cmdline")
        raise UsageError(wrong)


def check_arguments(config: Config, spider: type[AskedSpider], arguments: dict[str, Any]) -> None:
    """Raises UsageError or ConfigError for arguments the spider cannot work with."""
    asked = spider.takes.read(arguments)
    if isinstance(asked, JobArguments):
        Job.all_of(config, asked)


def check_folders(config: Config) -> None:
    """Raises ConfigError where a folder of ours, or the one it would be made in, cannot be written.

    A folder of somebody else's is what a container most often meets.
    """
    for name in ("data_dir", "logs_dir", "exports_dir"):
        folder: Path = getattr(config, name)
        place = next(each for each in (folder, *folder.absolute().parents) if os.path.exists(each))
        if place.is_dir() and os.access(place, os.W_OK | os.X_OK, effective_ids=True):
            continue
        us = os.geteuid()
        whose = (
            f"belongs to user {place.stat().st_uid}, and timbre runs as user {us}" if place.is_dir() else "is no folder"
        )
        raise ConfigError(
            f"{name.upper()} {folder} cannot be written: {place} {whose}. Give it to that user "
            f"(chown -R {us} {place}), or set {name.upper()} to another folder."
        )


# Default 700. Nearly all that a crawl makes goes with its last reference: to look for circles that often takes a tenth
# of its time [measured].
_OBJECTS_A_SEARCH = 20_000


def opened_for_crawl(config: Config) -> AbstractContextManager[Context]:
    """The context of a crawl that has Last.fm's key, and whose database is open, migrated and of the right world.

    Raises ConfigError, DatabaseUnreachable.
    """
    if config.lastfm_api_key is None:
        raise ConfigError(
            "LASTFM_API_KEY is missing: set it in .env (a key is free at https://www.last.fm/api/account/create), "
            "or let invented services on this machine stand in: timbre sandbox --write-env .env"
        )
    check_folders(config)
    return Context.opened(config)


def crawl(
    process: AsyncCrawlerProcess, spider: type[AskedSpider], arguments: dict[str, Any], context: Context
) -> CrawlResult:
    """Runs the crawl to its end. Blocks; a signal ends it in good order."""
    # Scrapy leaves it to the handlers: each page would have a line made, and cleaned of secrets, that nobody is shown.
    logging.getLogger("scrapy").setLevel(process.settings["LOG_LEVEL"])
    gc.freeze()
    gc.set_threshold(_OBJECTS_A_SEARCH)
    crawler = process.create_crawler(spider)
    context.give_to(crawler)
    crawling = process.crawl(crawler, **arguments)
    # Ours see a signal that comes before the engine runs, too (`extensions/stopping.py`).
    with stop_signal.caught():
        process.start(install_signal_handlers=False)
    if error := crawling.exception():
        if not isinstance(error, TimbreError):
            error = RunError(f"The crawl could not start ({type(error).__name__}: {error}).")
        return CrawlResult(None, error)
    assert context.summary is not None
    return CrawlResult(context.summary, why_it_failed(crawler, context.summary, context.failures.first))


def run_spider(
    spider: type[AskedSpider], arguments: dict[str, Any], context: Context, settings: Settings
) -> CrawlResult:
    """A crawl in this process, with its own Scrapy process around it."""
    return crawl(AsyncCrawlerProcess(settings), spider, arguments, context)


def why_it_failed(crawler: Crawler, summary: RunSummary, failure: TimbreError | None) -> TimbreError | None:
    """Why the crawl failed; None when it did what it was asked."""
    if summary.finish_reason == "shutdown":
        songs = summary.songs
        when = f"after {how_many(songs.stored, 'song')} of {songs.wanted:,}" if songs.wanted else "at its start"
        return RunError(f"Stopped by a signal {when}: start it again to go on from there.")
    if failure:
        return failure
    if summary.finish_reason not in ASKED_ENDS:
        return RunError(f"The crawl ended early ({summary.finish_reason}): the log says why.")
    if crawler.stats.get_value("spider_exceptions/count"):
        return RunError("The crawl met an error of its own: the log has it.")
    return None
