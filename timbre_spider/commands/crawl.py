"""`scrapy crawl`, with checks first, one clear line for an error, and an exit status that tells."""

import argparse
import logging
import sys
from contextlib import ExitStack
from typing import NoReturn

from scrapy.commands import BaseRunSpiderCommand
from scrapy.crawler import AsyncCrawlerProcess
from scrapy.exceptions import UsageError as ScrapyUsageError
from scrapy.spiderloader import SpiderLoader
from scrapy.utils.log import configure_logging

from timbre_spider.crawling import check_arguments, check_log, crawl, opened_for_crawl
from timbre_spider.errors import TimbreError, UsageError
from timbre_spider.redaction import guard
from timbre_spider.settings import config
from timbre_spider.spiders.arguments import AskedSpider
from timbre_spider.stop_signal import stop_signal
from timbre_spider.terminal import print_error

logger = logging.getLogger(__name__)


class Command(BaseRunSpiderCommand):
    """Replaces Scrapy's: that one ends with 0 whatever happens in the crawl."""

    requires_project = True

    def syntax(self) -> str:
        return "[options] <spider>"

    def short_desc(self) -> str:
        return "Run a spider (exit status: 0 done, 1 failed, 2 wrong usage or configuration)"

    def process_options(self, args: list[str], opts: argparse.Namespace) -> None:
        guard()
        # Before `run`, when Scrapy has begun to log: what is wrong is one line.
        stop_signal.catch()
        assert self.settings is not None
        try:
            super().process_options(args, opts)
            check_log(self.settings)
            # Scrapyd tells the job's id this way.
            self.settings.set("JOB_ID", opts.spargs.pop("_job", None), "cmdline")
            check_arguments(config, self._spider(args), opts.spargs)
            self._opened = ExitStack()
            self._context = self._opened.enter_context(opened_for_crawl(config))
        except ScrapyUsageError as error:
            self._give_up(UsageError(str(error)))
        except TimbreError as error:
            self._give_up(error)

    def run(self, args: list[str], opts: argparse.Namespace) -> None:
        assert isinstance(self.crawler_process, AsyncCrawlerProcess)
        with self._opened:
            error = crawl(self.crawler_process, self._spider(args), opts.spargs, self._context).error
        if error is not None:
            self._give_up(error)

    def _spider(self, names: list[str]) -> type[AskedSpider]:
        assert self.settings is not None
        if unknown := [name for name in names if name.startswith("-")]:
            raise UsageError(f"There is no option {unknown[0]}: `scrapy crawl --help` names all.")
        loader = SpiderLoader.from_settings(self.settings)
        if len(names) != 1 or names[0] not in loader.list():
            raise UsageError(f"Name one spider of {', '.join(loader.list())}: scrapy crawl lastfm_top -a max=100")
        spider = loader.load(names[0])
        assert issubclass(spider, AskedSpider)
        return spider

    def _give_up(self, error: TimbreError) -> NoReturn:
        print_error(error)
        if self.settings is not None and self.settings["LOG_FILE"]:
            # All that a scheduler's job has to tell by.
            configure_logging(self.settings)
            logger.error("%s", error)
        sys.exit(error.exit_status)
