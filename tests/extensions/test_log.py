"""What the log says of items: a short line each."""

import logging
from typing import Any

import pytest
from scrapy import Spider
from scrapy.exceptions import DropItem

from tests.pipelines.making import song
from timbre_spider.extensions.log import SongLogFormatter

pytestmark = pytest.mark.unit

SPIDER = Spider("x")
LONG = song("A" * 99, "T" * 99)


@pytest.mark.parametrize(
    ("what", "more", "level", "line"),
    [
        ("scraped", (None,), logging.DEBUG, "Stored: Ann - Lantern"),
        ("dropped", (DropItem("no name"), None), logging.DEBUG, "Dropped: Ann - Lantern: no name"),
        ("item_error", (KeyError("x"), None), logging.ERROR, "Failed: Ann - Lantern"),
    ],
)
def test_a_song_is_named_in_a_line(what: str, more: tuple[Any, ...], level: int, line: str) -> None:
    told = getattr(SongLogFormatter(), what)(song(), *more, SPIDER)
    assert (told["level"], told["msg"] % told["args"]) == (level, line)


@pytest.mark.parametrize(("item", "named"), [(LONG, f"{'A' * 80} - {'T' * 80}"), ({"x": 1}, "dict")])
def test_what_is_long_or_no_song_is_named_shortly(item: Any, named: str) -> None:
    told = SongLogFormatter().scraped(item, None, SPIDER)
    assert told["msg"] % told["args"] == f"Stored: {named}"
