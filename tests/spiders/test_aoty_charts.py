"""AOTY's charts fill the catalogue, page after page, and take nothing from what pages told."""

from pathlib import Path

import pytest
from scrapy.http import HtmlResponse
from twisted.python.failure import Failure

from tests.spiders.making import all_of, use
from timbre_spider.errors import Refused, Stopped, UsageError
from timbre_spider.spiders.aoty_charts import AotyCharts

pytestmark = pytest.mark.integration

SITE = "https://www.albumoftheyear.org"
PAGE = (Path(__file__).parents[1] / "sources/aoty/pages/chart.html").read_bytes()
CARDS = b"""<html><body><div class="albumBlock" data-type="lp"><div class="image"><a href="/album/5-ann.php"></a></div>
    <a href="/artist/1-ann/"><div class="artistTitle">Ann</div></a><a href="/album/5-ann.php">
    <div class="albumTitle">Harbour</div></a><div class="type">May 12 &bull; LP</div><div class="ratingRowContainer">
    <div class="ratingRow"><div class="rating">66</div><div class="ratingText">user score</div>
    <div class="ratingText">(9)</div></div></div></div></body></html>"""


@pytest.fixture
def crawl(database, tmp_path):
    return lambda work, **arguments: use(database, tmp_path, AotyCharts, work, arguments=arguments)


def response(body=PAGE, status=200):
    return HtmlResponse(f"{SITE}/ratings/user-highest-rated/2025/1/", status, body=body, encoding="utf-8")


def catalogue(database):
    with database.connect() as connection:
        return connection.execute(
            "SELECT title, kind, user_score::float, genres FROM aoty_sightings ORDER BY number"
        ).fetchall()


def test_the_albums_of_a_page_are_in_the_catalogue_and_the_next_page_is_asked_for(crawl, database):
    async def work(spider, context):
        [first] = await all_of(spider.start())
        assert first.url == f"{SITE}/ratings/user-highest-rated/2025/1/"
        assert first.meta["download_slot"] == "aoty"
        [second] = await all_of(spider.read_page(response(), 1))
        assert second.url == f"{SITE}/ratings/user-highest-rated/2025/2/"
        for number, page in enumerate((first, second), 1):
            assert (page.callback, page.errback, page.cb_kwargs) == (
                spider.read_page, spider.give_up, {"number": number},
            )  # fmt: skip
            assert page.meta["handle_httpstatus_all"]
        assert await all_of(spider.read_page(response(), 2)) == []
        await context.writer.flush()
        assert context.failures.first is None
        assert spider.crawler.stats.get_value("timbre/albums") == 4

    crawl(work, year="2025", pages="2")
    told = catalogue(database)
    assert len(told) == 2
    assert ("Don't Look Down", "chart", 83.9, ["Dream Pop"]) in told


@pytest.mark.parametrize(
    ("asked", "paths"),
    [
        ({}, ["/ratings/user-highest-rated/all/1/", "/ratings/user-highest-rated/all/2/"]),
        ({"year": "2020s"}, ["/ratings/user-highest-rated/2020s/1/", "/ratings/user-highest-rated/2020s/2/"]),
        (
            {"year": "2024", "genre": "dream-pop"},
            ["/ratings/user-highest-rated/2024/dream-pop/1/", "/ratings/user-highest-rated/2024/dream-pop/2/"],
        ),
        ({"month": "2024-05"}, ["/2024/releases/may-05/", "/2024/releases/may-05/2/"]),
    ],
)
def test_which_pages_are_asked_for(crawl, asked, paths):
    async def work(spider, context):
        [first] = await all_of(spider.start())
        [second] = await all_of(spider.read_page(response(CARDS if "month" in asked else PAGE), 1))
        assert [each.url.removeprefix(SITE) for each in (first, second)] == paths

    crawl(work, pages="2", **asked)


def test_albums_go_into_the_catalogue_and_through_no_stage_of_songs():
    assert AotyCharts.custom_settings == {"ITEM_PIPELINES": {}}


def test_cards_of_a_month_are_cards(crawl, database):
    async def work(spider, context):
        assert await all_of(spider.read_page(response(CARDS), 1)) == []
        await context.writer.flush()

    crawl(work, month="2024-05")
    assert catalogue(database) == [("Harbour", "card", 66.0, None)]


def test_a_month_is_no_chart(crawl):
    with pytest.raises(UsageError, match="month= names releases"):
        AotyCharts(month="2024-05", year="2024")


@pytest.mark.parametrize(("body", "status"), [(b"<html></html>", 200), (PAGE, 404)])
def test_a_first_page_without_a_chart_fails_the_run_and_a_later_one_is_its_end(crawl, body, status):
    async def work(spider, context):
        assert await all_of(spider.read_page(response(body, status), 2)) == []
        assert context.failures.first is None
        assert await all_of(spider.read_page(response(body, status), 1)) == []
        assert "holds no albums" in str(context.failures.first)

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
