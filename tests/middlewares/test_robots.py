import asyncio
from types import SimpleNamespace

import pytest
from scrapy.exceptions import IgnoreRequest
from scrapy.http import Request, Response, TextResponse

from tests.middlewares.crawler import AOTY, crawler_with
from timbre_spider.middlewares.robots import RobotsMiddleware
from timbre_spider.sources.gate import Refused

pytestmark = pytest.mark.unit

RULES = b"User-agent: *\nDisallow: /search/\n"
FORBIDDEN = (IgnoreRequest, Refused)


def allowed(answer, *paths, **meta):
    """Which of `paths` may be asked, all at once, where robots.txt is answered so; and how often that was asked."""
    crawler, _ = crawler_with()
    asked = []

    async def download_async(request):
        asked.append(request.url)
        await asyncio.sleep(0)
        if isinstance(answer, Exception):
            raise answer
        status, body = answer
        return TextResponse(request.url, status=status, body=body)

    crawler.engine = SimpleNamespace(download_async=download_async)
    middleware = RobotsMiddleware.from_crawler(crawler)

    async def one(path):
        try:
            await middleware.process_request(Request(AOTY + path, meta={"download_slot": "aoty", **meta}))
        except FORBIDDEN:
            return False
        return True

    async def all_of_them():
        return await asyncio.gather(*(one(path) for path in paths))

    return asyncio.run(all_of_them()), asked


@pytest.mark.parametrize(
    ("answer", "may"),
    [
        ((200, RULES), [True, False]),
        ((200, b""), [True, True]),
        # A proxy's own page, or a site's that answers everything with its front page.
        ((200, b"\xef\xbb\xbf\n <!DOCTYPE html><html>Welcome</html>"), [False, False]),
        ((404, b"User-agent: *\nDisallow: /\n"), [True, True]),
        # Whatever else comes cannot be read, whatever it holds.
        ((403, b"Just a moment"), [False, False]),
        ((403, RULES), [False, False]),
        ((401, b""), [False, False]),
        ((410, b""), [False, False]),
        ((429, b""), [False, False]),
        ((500, b""), [False, False]),
        ((503, b""), [False, False]),
        ((504, b""), [False, False]),
        ((204, b""), [False, False]),
    ],
)
def test_what_robots_txt_says_holds_and_one_that_cannot_be_read_closes_the_site(answer, may):
    assert allowed(answer, "/album/1", "/search/albums/")[0] == may


def test_robots_txt_is_asked_once_for_all_who_wait():
    may, asked = allowed((200, RULES), *(f"/album/{n}" for n in range(5)))
    assert may == [True] * 5
    assert asked == [f"{AOTY}/robots.txt"]


def test_documented_apis_do_not_ask_it():
    may, asked = allowed((403, b""), "/2.0/", dont_obey_robotstxt=True)
    assert (may, asked) == ([True], [])


def test_a_robots_txt_that_cannot_be_fetched_is_an_answer_that_closes_the_site():
    middleware = RobotsMiddleware.from_crawler(crawler_with()[0])
    error = ConnectionRefusedError()
    answer = middleware.process_exception(Request(f"{AOTY}/robots.txt"), error)
    assert isinstance(answer, Response)
    assert (answer.status, answer.url, answer.flags) == (504, f"{AOTY}/robots.txt", ["ConnectionRefusedError"])
    assert middleware.process_exception(Request(f"{AOTY}/album/1"), error) is None
    assert middleware.process_exception(Request(f"{AOTY}/robots.txt?page=1"), error) is None


def test_who_cannot_know_the_rules_is_refused_by_name():
    middleware = RobotsMiddleware.from_crawler(crawler_with()[0])
    with pytest.raises(Refused, match=r"^robots.txt of aoty could not be read$"):
        middleware.process_request_2(None, Request(AOTY, meta={"download_slot": "aoty"}))
    with pytest.raises(Refused, match=r"^robots.txt of the site could not be read$"):
        middleware.process_request_2(None, Request(AOTY))


def test_a_refusal_is_said_with_its_status(caplog):
    allowed((403, b""), "/album/1")
    assert [record.getMessage() for record in caplog.records if "nothing there" in record.getMessage()] == [
        f"{AOTY}/robots.txt answered HTTP 403: nothing there is crawled."
    ]
    caplog.clear()
    allowed((200, b"<html>"), "/album/1")
    assert f"{AOTY}/robots.txt is a page, not rules: nothing there is crawled." in caplog.text
    caplog.clear()
    crawler, _ = crawler_with()
    middleware = RobotsMiddleware.from_crawler(crawler)
    rules = middleware.process_exception(Request(f"{AOTY}/robots.txt"), ConnectionRefusedError())

    async def download_async(request):
        return rules

    crawler.engine = SimpleNamespace(download_async=download_async)
    with pytest.raises(FORBIDDEN):
        asyncio.run(middleware.process_request(Request(f"{AOTY}/album/1", meta={"download_slot": "aoty"})))
    assert "/robots.txt gives no answer (ConnectionRefusedError): nothing there is crawled." in caplog.text
    caplog.clear()
    allowed((200, RULES), "/album/1")
    allowed((404, b""), "/album/1")
    assert "nothing there" not in caplog.text
