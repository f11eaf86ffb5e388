"""AOTY's charts fill the catalogue, page after page, and take nothing from what pages told."""

from dataclasses import asdict
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from scrapy.http import HtmlResponse
from twisted.python.failure import Failure

from tests.spiders.making import all_of, use
from timbre_spider.errors import Refused, Stopped
from timbre_spider.items import Answer, AotyAlbum, Outcome
from timbre_spider.spiders.aoty_charts import AotyCharts

pytestmark = pytest.mark.integration

SITE = "https://www.albumoftheyear.org"
PAGE = (Path(__file__).parents[1] / "sources/aoty/pages/chart.html").read_bytes()
KEY = "album:paperboats|dontlookdown"


@pytest.fixture
def crawl(database, tmp_path):
    return lambda work, **arguments: use(database, tmp_path, AotyCharts, work, arguments=arguments)


def response(body=PAGE, status=200):
    return HtmlResponse(f"{SITE}/ratings/user-highest-rated/2025/1/", status, body=body, encoding="utf-8")


def test_every_album_of_a_page_becomes_an_answer_and_the_next_page_is_asked_for(crawl):
    async def work(spider, context):
        [first] = await all_of(spider.start())
        assert first.url == f"{SITE}/ratings/user-highest-rated/2025/1/"
        assert first.meta["download_slot"] == "aoty"
        [second] = await all_of(spider.read_page(response(), 1))
        assert second.url == f"{SITE}/ratings/user-highest-rated/2025/2/"
        assert await all_of(spider.read_page(response(), 2)) == []
        await context.writer.flush()
        told = await context.reader.answer("aoty", KEY)
        assert (told.outcome, told.values["user_score"], told.values["genres"]) == (
            Outcome.FOUND, 83.9, ["Dream Pop", "Ambient"],
        )  # fmt: skip
        assert told.next_check - told.asked_at == timedelta(days=7)
        assert context.failures.first is None
        assert spider.crawler.stats.get_value("timbre/albums") == 4

    crawl(work, year="2025", pages="2")


def test_a_row_of_a_chart_takes_nothing_from_what_the_album_s_page_told(crawl):
    full = AotyAlbum(
        f"{SITE}/album/77001-the-paper-boats-dont-look-down.php", "The Paper Boats", "Don't Look Down",
        user_score=80.0, critic_score=61.25, critic_count=9, tags=("hazy",),
    )  # fmt: skip

    async def work(spider, context):
        ago = datetime.now(UTC) - timedelta(days=9)
        await context.writer.record([Answer("aoty", KEY, Outcome.FOUND, ago, ago + timedelta(days=7), asdict(full))])
        await context.writer.flush()
        await all_of(spider.read_page(response(), 1))
        await context.writer.flush()
        told = (await context.reader.answer("aoty", KEY)).values
        assert (told["user_score"], told["rating_count"]) == (83.9, 12598)
        assert (told["critic_score"], told["critic_count"], told["tags"]) == (61.25, 9, ["hazy"])

    crawl(work)


@pytest.mark.parametrize(("body", "status"), [(b"<html></html>", 200), (PAGE, 404)])
def test_a_first_page_without_a_chart_fails_the_run_and_a_later_one_is_its_end(crawl, body, status):
    async def work(spider, context):
        assert await all_of(spider.read_page(response(body, status), 2)) == []
        assert context.failures.first is None
        assert await all_of(spider.read_page(response(body, status), 1)) == []
        assert "holds no chart" in str(context.failures.first)

    crawl(work, pages="9")


@pytest.mark.parametrize(
    ("error", "said"), [(Refused("go away"), "go away"), (OSError(), "OSError"), (Stopped("x"), None)]
)
def test_a_page_that_was_refused_fails_the_run_and_a_stop_does_not(crawl, error, said):
    async def work(spider, context):
        spider.give_up(Failure(error))
        assert (said is None) == (context.failures.first is None)
        assert said is None or said in str(context.failures.first)

    crawl(work)
