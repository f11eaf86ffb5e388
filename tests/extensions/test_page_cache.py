"""AOTY's pages in the cache: through a real engine, on a real disk and a real Redis."""

from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from urllib.parse import urlsplit

import pytest
from scrapy.http import HtmlResponse, Request
from scrapy.settings import Settings

from tests.middlewares.crawler import crawler_with
from tests.middlewares.downloads import Case, downloads
from tests.sources.server import Reply, serving
from timbre_spider.config import load_config
from timbre_spider.errors import ConfigError
from timbre_spider.extensions.page_cache import PagePolicy, PageStorage, seen_at
from timbre_spider.sources.aoty.freshness import album_good_for, page_good_for
from timbre_spider.storage.pages import DiskPages, Page, page_store

HTML = {"Content-Type": "text/html; charset=UTF-8"}
NOW = datetime(2026, 11, 28, 12, tzinfo=UTC)
SHOWN = '<html><div class="albumBlock">/album/1-a.php ❤</div></html>'
OLD = b'<html><div class="albumBlock">old</div></html>'
DAY, WEEK = timedelta(days=1), timedelta(days=7)


@pytest.fixture
def disk(tmp_path):
    return {"page_cache": "disk", "data_dir": str(tmp_path)}


@pytest.fixture
def in_redis(redis, redis_server):
    return {"page_cache": "redis", "redis_url": redis_server}


def answer(asked):
    path = urlsplit(asked.path).path
    if path == "/robots.txt":
        return Reply(body="User-agent: *\nDisallow: /secret/\n", headers={"Content-Type": "text/plain"})
    if path == "/album/1":
        return Reply(301, headers={"Location": "/album/1-a.php"})
    if path == "/album/9-gone.php":
        return Reply(404, "gone", HTML)
    return Reply(body=f'<html><div class="albumBlock">{path} ❤</div></html>', headers=HTML)


@pytest.mark.integration
@pytest.mark.parametrize("place", ["disk", "in_redis"])
def test_a_page_is_asked_for_once_and_read_as_it_was(request, place):
    settings = request.getfixturevalue(place)
    on = {"HTTPCACHE_ENABLED": True}
    twice = ["/album/1-a.php", "/album/1-a.php", "/album/1", "/album/9-gone.php", "/album/9-gone.php", "/secret/1"]
    with serving(answer) as site:
        came = downloads({
            "first": Case(site.url, twice, settings, on),
            "again": Case(site.url, ["/album/1-a.php", "/secret/1"], settings, on),
        })  # fmt: skip
        # The short address leads to the one that is kept; what is gone, and the rules, are asked for each time.
        assert [each.path for each in site.asked] == [
            "/robots.txt", "/album/1-a.php", "/album/1", "/album/9-gone.php", "/album/9-gone.php", "/robots.txt",
        ]  # fmt: skip
        page = [200, f"{site.url}/album/1-a.php", SHOWN]
    assert came["first"].answers[:3] == [page] * 3
    assert [each[0] for each in came["first"].answers[3:]] == [404, 404, "IgnoreRequest"]
    assert [came["again"].answers[0], came["again"].answers[1][0]] == [page, "IgnoreRequest"]
    [kept] = page_store(load_config(_env_file=None, **settings)).all()
    assert (kept.url, kept.content_type) == (page[1], HTML["Content-Type"])
    assert datetime.now(UTC) - kept.seen_at < timedelta(minutes=5)


@pytest.mark.integration
def test_a_page_of_no_known_kind_is_kept_and_asked_for_again(disk, tmp_path):
    notice = Reply(body="<html>We will be back soon.</html>", headers=HTML)
    with serving(lambda asked: Reply(404) if asked.path == "/robots.txt" else notice) as site:
        [came] = downloads({"x": Case(site.url, ["/album/1-a.php"] * 2, disk, {"HTTPCACHE_ENABLED": True})}).values()
    assert came.requests == 3
    assert len(list(DiskPages(tmp_path / "pages").all())) == 1


@pytest.mark.integration
def test_one_that_is_stale_is_asked_for_again_and_takes_the_place_of_the_old(disk, tmp_path):
    on = {"HTTPCACHE_ENABLED": True}
    store = DiskPages(tmp_path / "pages")
    with serving(answer) as site:
        downloads({"first": Case(site.url, ["/album/1-a.php"], disk, on)})
        [path] = (tmp_path / "pages").rglob("*.page")
        old = next(store.all())
        store.put(path.stem, Page(old.url, old.seen_at - WEEK, old.content_type, OLD), WEEK)
        [came] = downloads({"again": Case(site.url, ["/album/1-a.php"], disk, on)}).values()
        assert came.answers[0][2] != OLD.decode()
        assert came.requests == 2
    assert [page.body for page in store.all()] == [SHOWN.encode()]


@pytest.mark.unit
def test_what_is_damaged_or_not_there_is_no_page(tmp_path):
    store = DiskPages(tmp_path)
    page = Page("https://a.example/", NOW, "text/html", b"\x00\xff\n\nbody")
    assert store.get("abc") is None
    store.put("abc", page, WEEK)
    assert (store.get("abc"), list(store.all())) == (page, [page])
    for damaged in (b"", b"x", page.packed()[:-9]):
        (tmp_path / "ab" / "abc.page").write_bytes(damaged)
        assert (store.get("abc"), list(store.all())) == (None, [])


@pytest.mark.integration
def test_a_redis_that_is_away_has_no_page_and_stops_nobody():
    settings = {"page_cache": "redis", "redis_url": "redis://127.0.0.1:1/0"}
    with serving(answer) as site:
        [came] = downloads({"away": Case(site.url, ["/album/1-a.php"], settings, {"HTTPCACHE_ENABLED": True})}).values()
    assert came.answers[0][0] == 200
    assert "Redis is away (ConnectionError)" in came.log


@pytest.mark.integration
def test_in_redis_pages_are_kept_as_long_as_they_are_good(redis, in_redis):
    def with_time(asked):
        day = {"/album/1-a.php": datetime.now(UTC).date(), "/album/2-b.php": "1997-05-21"}.get(asked.path)
        return (
            Reply(404) if day is None else Reply(body=f'<html>{SHOWN}{{"datePublished": "{day}"}}</html>', headers=HTML)
        )

    with serving(with_time) as site:
        paths = ["/album/1-a.php", "/album/2-b.php"]
        downloads({"x": Case(site.url, paths, in_redis, {"HTTPCACHE_ENABLED": True})})
    seconds, _ = redis.time()
    left = [until / 1000 - seconds for _, until in redis.zrange("timbre:cache:until", 0, -1, withscores=True)]
    assert left == [pytest.approx(good_for.total_seconds(), abs=120) for good_for in (DAY, WEEK)]


@pytest.mark.unit
@pytest.mark.parametrize(
    ("released", "good_for"),
    [
        ("2026-11-28", DAY), ("2026-08-31", DAY), ("2026-08-30", WEEK), ("2027-01-01", DAY), ("1997-05-21", WEEK),
        ("2026-11", WEEK), (None, WEEK), ("nonsense", WEEK),
    ],
)  # fmt: skip
def test_a_young_album_is_asked_for_sooner(released, good_for):
    assert album_good_for(released, NOW) == good_for
    body = f'<script>{{"datePublished": "{released}"}}</script>'.encode()
    if released and released[0] == "2":
        assert page_good_for("/album/1-a.php", body, NOW) == good_for


@pytest.mark.unit
@pytest.mark.parametrize(
    ("address", "good_for"),
    [
        ("/ratings/user-highest-rated/2026/3/", DAY),
        ("/ratings/user-highest-rated/2025/3/", WEEK),
        ("/ratings/user-highest-rated/all/1/", WEEK),
        ("/ratings/6-highest-rated/2026", DAY),
        ("/2026/releases/may-05/", DAY),
        ("/2019/releases/may-05/", WEEK),
        ("/must-hear/2026/", DAY),
        ("/releases/2/", DAY),
        ("/artist/183-kanye-west/", WEEK),
    ],
)
def test_so_is_a_list_of_this_year(address, good_for):
    assert page_good_for(address, b"<html>", NOW) == good_for


@pytest.mark.unit
def test_a_page_was_seen_when_it_was_answered():
    date = {"Date": "Sat, 21 Nov 2026 09:00:00 GMT"}
    assert seen_at(HtmlResponse("https://a.example/", headers=date, flags=["cached"]), NOW) == NOW - timedelta(
        days=7, hours=3
    )
    # A site's clock is not ours.
    assert seen_at(HtmlResponse("https://a.example/", headers=date), NOW) == NOW


@pytest.mark.unit
def test_pages_in_redis_need_one():
    with pytest.raises(ConfigError, match="redis needs REDIS_URL"):
        load_config(_env_file=None, page_cache="redis")


def kept_response(path: str, released: str, age: timedelta) -> HtmlResponse:
    """An album's page of this release, answered so long ago."""
    date = format_datetime(datetime.now(UTC) - age, usegmt=True)
    body = f'<html><div class="albumBlock">{{"datePublished": "{released}"}}</div></html>'
    return HtmlResponse(f"https://a.example{path}", body=body.encode(), headers={"Date": date}, flags=["cached"])


HOURS = timedelta(hours=1)


@pytest.mark.unit
@pytest.mark.parametrize(
    ("page", "fresh"),
    [
        (kept_response("/album/1-a.php", "1997-05-21", 7 * DAY - HOURS), True),
        (kept_response("/album/1-a.php", "1997-05-21", 7 * DAY + HOURS), False),
        (kept_response("/album/1-a.php", f"{datetime.now(UTC):%Y-%m-%d}", DAY - HOURS), True),
        (kept_response("/album/1-a.php", f"{datetime.now(UTC):%Y-%m-%d}", DAY + HOURS), False),
        (HtmlResponse("https://a.example/", body=b"We will be back soon."), False),
    ],
)
def test_a_kept_page_is_good_as_long_as_what_it_tells(page, fresh):
    policy = PagePolicy(Settings())
    assert policy.is_cached_response_fresh(page, Request("https://a.example/")) is fresh
    # What is stale is never asked whether it has changed: the site tells no such thing.
    assert policy.is_cached_response_valid(page, page, Request("https://a.example/")) is False


@pytest.mark.unit
@pytest.mark.parametrize(
    ("request_", "kept"),
    [
        (Request("https://a.example/", meta={"download_slot": "aoty"}), True),
        (Request("https://a.example/", meta={"download_slot": "lastfm"}), False),
        (Request("https://a.example/"), False),
        (Request("https://a.example/", method="POST", meta={"download_slot": "aoty"}), False),
    ],
)
def test_only_pages_of_aoty_are_kept(request_, kept):
    assert PagePolicy(Settings()).should_cache_request(request_) is kept


@pytest.mark.unit
@pytest.mark.parametrize(("status", "kept"), [(200, True), (404, False), (403, False), (429, False), (203, False)])
def test_only_what_was_found_is_kept(status, kept):
    answer = HtmlResponse("https://a.example/", status)
    assert PagePolicy(Settings()).should_cache_response(answer, Request("https://a.example/")) is kept


@pytest.mark.unit
@pytest.mark.parametrize("content_type", ["text/html; charset=iso-8859-1", None])
def test_a_page_comes_back_as_it_was_with_the_time_it_was_answered(disk, content_type):
    crawler, _ = crawler_with(**disk)
    storage, asked = PageStorage(crawler.settings), Request("https://aoty.example/album/1")
    storage.open_spider(crawler.spider)
    assert storage.retrieve_response(crawler.spider, asked) is None
    answer = HtmlResponse("https://aoty.example/album/1-a.php", body="<p>é</p>", encoding="latin-1")
    if content_type:
        answer.headers["Content-Type"] = content_type
    storage.store_response(crawler.spider, asked, answer)
    again = storage.retrieve_response(crawler.spider, asked)
    assert (type(again), again.url, again.body) == (HtmlResponse, answer.url, answer.body)
    assert again.headers["Content-Type"].decode() == (content_type or "text/html")
    assert again.text == "<p>é</p>" or content_type is None
    assert timedelta() <= datetime.now(UTC) - seen_at(again.replace(flags=["cached"]), NOW) < timedelta(minutes=1)
    assert storage.retrieve_response(crawler.spider, Request("https://aoty.example/album/2")) is None
    storage.close_spider(crawler.spider)
