"""Feeds: what the database says, moved into place when the run has gone well; otherwise nothing happens to a file."""

import asyncio
import json
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from scrapy import Spider
from scrapy.exceptions import NotConfigured
from scrapy.utils.test import get_crawler

from tests.storage.making import song, store
from timbre_spider import settings as ours
from timbre_spider.errors import RunError
from timbre_spider.extensions import context, feeds
from timbre_spider.extensions.failures import Failures
from timbre_spider.extensions.feeds import Feeds
from timbre_spider.extensions.stored_songs import StoredSongs
from timbre_spider.items import Song
from timbre_spider.storage.database import Database

pytestmark = pytest.mark.integration


class Unstored:
    """A writer that had to spool songs."""

    lost, spooled, spool_dir = 0, 3, "spool"


class Known:
    """What Feeds uses of a crawl's context."""

    def __init__(self, database: Database, spooled: bool = False) -> None:
        self.database = database
        self.failures = Failures()
        self.stored = StoredSongs()
        self.writer = Unstored()
        self.writer.spooled = 3 * spooled


def fed(
    database: Database,
    feeds: dict[str, Any],
    songs: list[Song],
    reason: str = "finished",
    *,
    known: Known | None = None,
    stats: dict[str, Any] | None = None,
    **settings: Any,
) -> tuple[dict[str, str], Any]:
    """What became of each feed, and the failure of the run, if any."""
    known = known or Known(database)
    ours_of_feeds = {name: getattr(ours, name) for name in ("FEED_STORAGES", "FEED_EXPORTERS", "FEED_EXPORT_ENCODING")}
    crawler = get_crawler(Spider, {**ours_of_feeds, "FEEDS": feeds, **settings})
    spider = crawler.spider = crawler._create_spider("x")
    context._of_crawlers[crawler] = known  # type: ignore[assignment]
    for name, value in (stats or {}).items():
        crawler.stats.set_value(name, value)

    async def run() -> dict[str, str]:
        extension = Feeds(crawler)
        extension.open_spider(spider)
        for each in songs:
            assert each.identity is not None
            known.stored.add(each, each.identity)
            extension.item_scraped(each, spider)
        await asyncio.gather(extension.close_spider(spider, reason), extension.written(spider, reason))
        return extension.became

    return asyncio.run(run()), known.failures.first


def overwriting(*files: Path) -> dict[str, Any]:
    return {str(file): {"format": file.suffix[1:], "overwrite": True} for file in files}


def titles(file: Path) -> list[str]:
    return [json.loads(line)["title"] for line in file.read_text().splitlines()]


def test_a_line_is_what_the_database_says_at_the_end(database: Database, tmp_path: Path) -> None:
    first, second = song("A", "T", 5, song_id=UUID(int=1)), song("B", "U", 7, song_id=UUID(int=2))
    store(database, first, second)
    late = song("B", "U", 7, song_id=UUID(int=2), absorbs=[UUID(int=1)])
    store(database, late)
    became, failure = fed(database, overwriting(tmp_path / "x.jsonl"), [first, second, late])
    (line,) = map(json.loads, (tmp_path / "x.jsonl").read_text().splitlines())
    assert (line["id"], line["playcount"], len(line["aliases"])) == (str(UUID(int=2)), 12, 2)
    assert became == {str(tmp_path / "x.jsonl"): "1 song"}
    assert failure is None


def test_more_songs_than_are_asked_for_at_once(database: Database, tmp_path: Path, monkeypatch: Any) -> None:
    assert feeds._AT_ONCE == 100
    monkeypatch.setattr(feeds, "_AT_ONCE", 2)
    songs = [song("A", str(n)) for n in range(5)]
    store(database, *songs)
    fed(database, overwriting(tmp_path / "x.jsonl", tmp_path / "x.csv"), songs)
    assert titles(tmp_path / "x.jsonl") == ["0", "1", "2", "3", "4"]
    assert (tmp_path / "x.csv").read_text().count("\n") == 6


@pytest.mark.parametrize(
    ("reason", "how"),
    [
        ("shutdown", {}),
        ("source", {}),
        ("closespider_errorcount", {}),
        ("finished", {"spooled": True}),
        ("finished", {"stats": {"spider_exceptions/count": 1}}),
    ],
)
def test_a_run_that_failed_leaves_a_feed_as_it_was(
    database: Database,
    tmp_path: Path,
    reason: str,
    how: dict[str, Any],
) -> None:
    stored = song("A", "T")
    store(database, stored)
    old, new = tmp_path / "old.jsonl", tmp_path / "new.jsonl"
    old.write_text("old\n")
    known = Known(database, how.get("spooled", False))
    became, _ = fed(database, overwriting(old, new), [stored], reason, known=known, stats=how.get("stats"))
    assert old.read_text() == "old\n"
    assert list(tmp_path.iterdir()) == [old]
    assert all("timbre export" in each for each in became.values())
    assert len(became) == 2


@pytest.mark.parametrize(
    "reason",
    [
        "finished", "closespider_itemcount", "closespider_pagecount", "closespider_pagecount_no_item",
        "closespider_timeout", "closespider_timeout_no_item",
    ],
)  # fmt: skip
def test_a_run_that_was_to_end_early_has_gone_well(database: Database, tmp_path: Path, reason: str) -> None:
    stored = song("A", "T")
    store(database, stored)
    fed(database, overwriting(tmp_path / "x.jsonl"), [stored], reason)
    assert titles(tmp_path / "x.jsonl") == ["T"]


def test_fewer_songs_stand_beside(database: Database, tmp_path: Path) -> None:
    songs = [song("A", str(n)) for n in range(4)]
    store(database, *songs)
    target = tmp_path / "x.jsonl"
    fed(database, overwriting(target), songs)
    became, failure = fed(database, overwriting(target), songs[:2])
    assert (len(titles(target)), titles(tmp_path / "x.smaller.jsonl")) == (4, ["0", "1"])
    assert "x.smaller.jsonl" in became[str(target)]
    assert failure is None
    fed(database, overwriting(target), [])
    assert len(titles(target)) == 4


@pytest.mark.parametrize("kind", ["jsonl", "jsonlines", "jl", "json", "csv", "xml"])
def test_no_text_of_any_kind_loses_songs(database: Database, tmp_path: Path, kind: str) -> None:
    songs = [song("A", str(n)) for n in range(4)]
    store(database, *songs)
    target = tmp_path / f"x.{kind}"
    fed(database, overwriting(target), songs)
    whole = target.read_bytes()
    fed(database, overwriting(target), songs[:2])
    assert target.read_bytes() == whole
    assert (tmp_path / f"x.smaller.{kind}").read_bytes() != whole


def test_appending_keeps_what_is_there(database: Database, tmp_path: Path) -> None:
    stored, target = song("A", "T"), tmp_path / "x.csv"
    store(database, stored)
    for _ in range(2):
        fed(database, {str(target): {"format": "csv", "overwrite": False}}, [stored])
    assert target.read_text().count("canonical_id") == 1
    assert target.read_text().count("\n") == 3


def test_a_feed_that_cannot_be_written_fails_the_run(database: Database, tmp_path: Path) -> None:
    stored = song("A", "T")
    store(database, stored)
    folder = tmp_path / "x.jsonl"
    folder.mkdir()
    became, failure = fed(database, overwriting(folder), [stored])
    assert isinstance(failure, RunError)
    assert str(folder) in str(failure)
    assert "timbre export" in str(failure)
    assert became[str(folder)].startswith("not written")


class Broken:
    """An exporter that fails where it is told to."""

    where = ""

    def __init__(self, file: Any, **_: Any) -> None:
        self.file = file

    def _do(self, what: str) -> None:
        if what == self.where:
            raise ValueError(f"broken in {what}")
        self.file.write(b"half")

    def start_exporting(self) -> None:
        self._do("start")

    def export_item(self, item: Any) -> None:
        self._do("item")

    def finish_exporting(self) -> None:
        self._do("finish")


@pytest.mark.parametrize("where", ["start", "item", "finish"])
def test_an_exporter_s_error_fails_the_run(database: Database, tmp_path: Path, where: str, monkeypatch: Any) -> None:
    stored, target = song("A", "T"), tmp_path / "x.broken"
    store(database, stored)
    target.write_text("old")
    monkeypatch.setattr(Broken, "where", where)
    _, failure = fed(database, overwriting(target), [stored], FEED_EXPORTERS={"broken": Broken})
    assert f"broken in {where}" in str(failure)
    assert target.read_text() == "old"
    assert list(tmp_path.iterdir()) == [target]


def test_a_format_nobody_knows_fails_the_run(database: Database, tmp_path: Path) -> None:
    known = Known(database)
    with pytest.raises(NotConfigured):
        fed(database, overwriting(tmp_path / "x.yaml"), [], known=known)
    assert "x.yaml" in str(known.failures.first)
