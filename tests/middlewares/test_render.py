"""AOTY's pages drawn by a real Chromium: what it may ask for, and that all of it goes the way of every request."""

import shutil
from contextlib import ExitStack
from urllib.parse import urlsplit

import pytest
from scrapy.http import HtmlResponse

from tests.middlewares.downloads import Case, downloads
from tests.sandbox.conftest import running
from tests.sources.server import Reply, serving
from timbre_sandbox.aoty.frame import album_path
from timbre_sandbox.aoty.shelves import Shelves
from timbre_spider.sources.aoty import read_album

pytestmark = pytest.mark.integration

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
DRAWN = {"aoty_render": "playwright", "aoty_browser_path": CHROMIUM}
HTML, SCRIPT = {"Content-Type": "text/html; charset=UTF-8"}, {"Content-Type": "text/javascript"}
RULES = Reply(body="User-agent: *\nDisallow: /secret/\n", headers={"Content-Type": "text/plain"})
CHALLENGE = Reply(403, "<title>Just a moment...</title>", HTML | {"cf-mitigated": "challenge"})
SCORE = """document.getElementById("score").textContent = "81.5 ❤";
fetch("/more?page=1").then(answer => answer.text()).then(text => document.getElementById("more").textContent = text)"""


def page(port, script="/js/score.js"):
    return Reply(headers=HTML, body=f"""<!DOCTYPE html><html><head><link rel="stylesheet" href="/s.css">
        <link rel="prefetch" href="/next"><link rel="icon" href="/favicon.ico"></head><body>
        <div id="score"></div><div id="more"></div><img src="/i.png"><iframe src="/frame"></iframe>
        <script src="http://127.0.0.1:{port}/ads.js"></script><script src="/secret/x.js"></script>
        <script>new WebSocket("ws://" + location.host + "/live"); navigator.sendBeacon("/beacon", "x");
        fetch("/write", {{method: "POST", body: "x"}}); new Image().src = "/pixel"</script>
        <script src="{script}"></script></body></html>""")  # fmt: skip


@pytest.fixture(scope="module")
def came():
    if CHROMIUM is None:
        pytest.skip("no Chromium on this machine")
    with ExitStack() as open_:
        others = open_.enter_context(serving(lambda _: Reply(200, "", SCRIPT)))
        port = urlsplit(others.url).port
        pages = {
            "/robots.txt": RULES,
            "/album/1": page(port),
            "/album/2": page(port),
            "/js/score.js": Reply(200, SCORE, SCRIPT),
            "/more?page=1": Reply(200, "and 3 more", HTML),
            "/album/3": page(port, "/js/challenged.js"),
            "/js/challenged.js": CHALLENGE,
        }
        site = open_.enter_context(serving(lambda asked: pages.get(asked.path, Reply(404))))
        refusing = open_.enter_context(serving(lambda asked: pages.get(asked.path, Reply(404))))
        sandbox = open_.enter_context(running(rows=300)).sandbox
        listed = next(iter(Shelves(sandbox.world).listed.values()))
        told = downloads({
            "drawn": Case(site.url, ["/album/1", "/album/2"], DRAWN),
            "a script is challenged": Case(refusing.url, ["/album/3", "/album/1"], DRAWN),
            "no browser": Case(site.url, ["/album/1"], DRAWN | {"aoty_browser_path": "/nowhere/chromium"}),
            "sandbox": Case(sandbox.url("aoty"), [album_path(listed.entry)], DRAWN),
            "sandbox, undrawn": Case(sandbox.url("aoty"), [album_path(listed.entry)]),
        })  # fmt: skip
        yield told, [each.path for each in site.asked], [each.path for each in refusing.asked], others.asked, sandbox


def test_a_page_is_what_its_scripts_make_of_it(came):
    for status, _, text in came[0]["drawn"].answers:
        assert status == 200
        assert '<div id="score">81.5 ❤</div><div id="more">and 3 more</div>' in text


def test_only_what_may_change_its_text_is_asked_for_and_nothing_past_the_gate(came):
    told, asked, _, others, _ = came
    assert asked == [
        "/robots.txt", "/album/1", "/js/score.js", "/more?page=1", "/album/2", "/more?page=1",
    ]  # fmt: skip
    assert told["drawn"].requests == len(asked)
    assert others == []


def test_a_challenge_to_a_part_is_one_to_all(came):
    told, _, asked, _, _ = came
    assert [each[0] for each in told["a script is challenged"].answers] == [200, "Refused"]
    assert asked == ["/robots.txt", "/album/3", "/js/challenged.js"]


def test_a_browser_that_does_not_start_ends_the_run_in_a_line(came):
    told = came[0]["no browser"]
    assert told.answers == []
    assert "set AOTY_BROWSER_PATH to a Chromium" in told.failure
    assert "\n" not in told.failure


def test_the_sandbox_s_pages_read_alike_drawn_or_not(came):
    told, sandbox = came[0], came[4]
    read = [
        read_album(HtmlResponse(url, body=text, encoding="utf-8"))
        for case in ("sandbox", "sandbox, undrawn")
        for _, url, text in told[case].answers
    ]
    assert read[0] == read[1]
    assert read[0].title
    requests = told["sandbox"].requests + told["sandbox, undrawn"].requests
    assert sandbox.counters.as_dict()["totals"]["aoty"]["requests"] == requests
