"""One short line for what Scrapy would print whole."""

import logging
from typing import Any

from scrapy import Spider
from scrapy.http import Response
from scrapy.logformatter import LogFormatter, LogFormatterResult
from twisted.python.failure import Failure

from timbre_spider.items import Song


class SongLogFormatter(LogFormatter):
    """Items by name, at DEBUG; a dropped song is counted elsewhere and is no warning."""

    def scraped(self, item: Any, response: Response | Failure | None, spider: Spider) -> LogFormatterResult:
        return {"level": logging.DEBUG, "msg": "Stored: %(song)s", "args": {"song": _named(item)}}

    def dropped(
        self, item: Any, exception: BaseException, response: Response | Failure | None, spider: Spider
    ) -> LogFormatterResult:
        args = {"song": _named(item), "reason": exception}
        return {"level": logging.DEBUG, "msg": "Dropped: %(song)s: %(reason)s", "args": args}

    def item_error(
        self, item: Any, exception: BaseException, response: Response | Failure | None, spider: Spider
    ) -> LogFormatterResult:
        return {"level": logging.ERROR, "msg": "Failed: %(song)s", "args": {"song": _named(item)}}


def _named(item: Any) -> str:
    return f"{item.artist[:80]} - {item.title[:80]}" if isinstance(item, Song) else type(item).__name__
