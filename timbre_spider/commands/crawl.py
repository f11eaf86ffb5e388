"""`scrapy crawl`, with checks first, one clear line for an error, and an exit status that tells."""

import argparse
import sys

from scrapy.commands import BaseRunSpiderCommand
from scrapy.crawler import AsyncCrawlerProcess
from scrapy.exceptions import UsageError

from timbre_spider.config import load_config
from timbre_spider.crawling import check, crawl
from timbre_spider.errors import TimbreError


class Command(BaseRunSpiderCommand):
    """Replaces Scrapy's: that one ends with 0 whatever happens in the crawl."""

    requires_project = True

    def syntax(self) -> str:
        return "[options] <spider>"

    def short_desc(self) -> str:
        return "Run a spider (exit status: 0 done, 1 failed, 2 wrong usage or configuration)"

    def run(self, args: list[str], opts: argparse.Namespace) -> None:
        if len(args) != 1:
            raise UsageError("name one spider: scrapy crawl lastfm_top -a max=100")
        assert isinstance(self.crawler_process, AsyncCrawlerProcess)
        if args[0] not in self.crawler_process.spider_loader.list():
            raise UsageError(f"no spider is called {args[0]}: scrapy list names them", print_help=False)
        # Scrapyd tells the job's id this way.
        opts.spargs.pop("_job", None)
        try:
            check(load_config(), args[0], opts.spargs)
            error = crawl(self.crawler_process, self.crawler_process.create_crawler(args[0]), opts.spargs).error
        except TimbreError as raised:
            error = raised
        if error is not None:
            print(error, file=sys.stderr)
            self.exitcode = error.exit_status
