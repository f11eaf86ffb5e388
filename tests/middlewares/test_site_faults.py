"""What Album of the Year, or what stands in for it, may answer: each case a few downloads through a real engine.

The facts of each are told where the code deals with it; here is that all of it holds together.
"""

import gzip
import threading
from collections.abc import Callable
from contextlib import ExitStack
from email.utils import formatdate
from urllib.parse import urlsplit

import pytest
import requests

from tests.conftest import free_port
from tests.middlewares.downloads import Came, Case, downloads
from tests.sources.server import Asked, Reply, Server, serving

pytestmark = pytest.mark.integration

PAGE = "<html><body><h1>Harbour</h1></body></html>"
HTML = {"Content-Type": "text/html; charset=UTF-8"}
CHALLENGE = "<!DOCTYPE html><html><head><title>Just a moment...</title></head></html>"
DATE = formatdate(4_000_000_000, usegmt=True)
A, B, C = "/album/1-a.php", "/album/2-b.php", "/album/3-c.php"
RULES = Reply(body="User-agent: *\nDisallow: /search/\n", headers={"Content-Type": "text/plain"})
WELCOME = Reply(body="<html><body>Please log in to the network.</body></html>", headers=HTML)

OVER = threading.Event()


def page(text=PAGE, status=200, **headers):
    return Reply(status, text, HTML | {name.replace("_", "-"): value for name, value in headers.items()})


def challenge(status):
    return page(CHALLENGE, status, **({} if status == 200 else {"cf_mitigated": "challenge"}))


def site(*replies: Reply, robots: Reply = RULES) -> Callable[[Asked], Reply]:
    """Answers pages with `replies`, the last again and again."""
    left = list(replies)

    def answer(asked: Asked) -> Reply:
        if urlsplit(asked.path).path == "/robots.txt":
            return robots
        return left.pop(0) if len(left) > 1 else left[0]

    return answer


def slow(asked: Asked) -> Reply:
    if asked.path != "/robots.txt":
        OVER.wait(20)
    return RULES


def forwarding(asked: Asked) -> Reply:
    """A proxy that does its work."""
    answer = requests.get(asked.path, allow_redirects=False, timeout=5)
    kept = {name: answer.headers[name] for name in ("Content-Type", "Location") if name in answer.headers}
    return Reply(answer.status_code, answer.content, kept)


FINE = page()
# name: (how the site answers, what is asked for)
SITES = {
    "challenge at once": (site(challenge(403)), [A, B, C]),
    "challenge in the middle": (site(FINE, challenge(403), FINE), [A, B, C]),
    "challenge with status 503": (site(FINE, challenge(503), FINE), [A, B, C]),
    "challenge with status 200": (site(FINE, challenge(200), FINE), [A, B, C]),
    "challenge for robots.txt": (site(FINE, robots=challenge(403)), [A, B, C]),
    "429 in seconds": (site(page(status=429, retry_after="7"), FINE), [A]),
    "429 till a date": (site(page(status=429, retry_after=DATE), FINE), [A, B]),
    "503": (site(page(status=503), FINE), [A]),
    "500": (site(page(status=500), FINE), [A]),
    "robots.txt 403": (site(FINE, robots=page(status=403)), [A, B]),
    "robots.txt 404": (site(FINE, robots=page(status=404)), [A]),
    "robots.txt 500": (site(FINE, robots=page(status=500)), [A]),
    "robots.txt disallows": (site(FINE), [A, "/search/albums/?q=x"]),
    "robots.txt is a page": (site(FINE, robots=WELCOME), [A]),
    "cut off": (site(Reply(200, PAGE, HTML, cut=True), FINE), [A]),
    "always cut off": (site(Reply(200, PAGE, HTML, cut=True)), [A]),
    "badly packed": (site(page(b"\x1f\x8bnot gzip", Content_Encoding="gzip"), FINE), [A]),
    "packed": (site(page(gzip.compress(PAGE.encode()), Content_Encoding="gzip")), [A]),
    "canonical address": (site(page(status=301, location=A), FINE), ["/album/1"]),
    "another host": (site(page(status=302, location="http://localhost:9/album/1"), FINE), [A]),
    "robots.txt at another host": (
        site(FINE, robots=page(status=302, location="http://localhost:9/robots.txt")), [A],
    ),
    "slow": (slow, [A]),
}  # fmt: skip


@pytest.fixture(scope="module")
def came():
    cases: dict[str, Case] = {}
    asked: dict[str, Server] = {}
    OVER.clear()
    with ExitStack() as servers:

        def served(name: str, answer: Callable[[Asked], Reply]) -> str:
            asked[name] = servers.enter_context(serving(answer))
            return asked[name].url

        for name, (answer, paths) in SITES.items():
            cases[name] = Case(served(name, answer), paths, scrapy={"DOWNLOAD_TIMEOUT": 0.5} if name == "slow" else {})
        works = served("a proxy", forwarding).replace("://", "://me:marked@")
        wants_login = served("a proxy that wants a login", lambda _: Reply(407))
        welcomes = served("a proxy that answers for the site", lambda _: WELCOME)
        for name, proxies in (
            ("one proxy is dead", f"http://127.0.0.1:{free_port()} {works}"),
            ("one proxy wants a login", f"{wants_login} {works}"),
            ("all proxies are dead", f"http://127.0.0.1:{free_port()}"),
            ("the proxy answers for the site", welcomes),
        ):
            settings = {"aoty_proxy_url": proxies}
            cases[name] = Case(served(name, site(FINE)), [A, B], settings)
        yield downloads(cases), asked
        OVER.set()


@pytest.fixture
def told(came) -> Callable[[str], Came]:
    return lambda name: came[0][name]


def ends(case: Came) -> list[object]:
    """Of each path its status, or the name of the error."""
    return [answer[0] for answer in case.answers]


@pytest.mark.parametrize(
    ("name", "ended", "requests"),
    [
        ("challenge at once", ["Refused"] * 3, 2),
        ("challenge in the middle", [200, "Refused", "Refused"], 3),
        ("challenge with status 503", [200, "Refused", "Refused"], 3),
        ("challenge with status 200", [200, "Refused", "Refused"], 3),
        ("challenge for robots.txt", ["IgnoreRequest"] * 3, 1),
        ("429 in seconds", [200], 3),
        ("429 till a date", ["Parked", "Parked"], 2),
        ("503", [200], 3),
        ("500", [200], 3),
        ("robots.txt 403", ["IgnoreRequest"] * 2, 1),
        ("robots.txt 404", [200], 2),
        ("robots.txt 500", ["IgnoreRequest"], 4),
        ("robots.txt disallows", [200, "IgnoreRequest"], 2),
        ("robots.txt is a page", ["IgnoreRequest"], 1),
        ("cut off", [200], 3),
        ("always cut off", ["Unusable"], 5),
        ("badly packed", [200], 3),
        ("packed", [200], 2),
        ("canonical address", [200], 3),
        ("another host", ["Unusable"], 2),
        ("robots.txt at another host", ["IgnoreRequest"], 1),
        ("slow", ["Unusable"], 5),
        ("one proxy is dead", [200, 200], 4),
        ("one proxy wants a login", [200, 200], 4),
        ("all proxies are dead", ["IgnoreRequest", "IgnoreRequest"], 4),
        ("the proxy answers for the site", ["IgnoreRequest", "IgnoreRequest"], 1),
    ],
)
def test_how_it_ends_and_how_many_requests_it_takes(told, came, name, ended, requests):
    assert (ends(told(name)), told(name).requests) == (ended, requests)
    if name in SITES and name != "slow":
        assert len(came[1][name].asked) == requests


@pytest.mark.parametrize(
    ("name", "waits"), [("429 in seconds", [7.0]), ("503", [5.0]), ("429 till a date", []), ("500", [])]
)
def test_how_long_the_site_is_left_alone(told, name, waits):
    assert told(name).waits == waits


def test_a_page_comes_from_its_canonical_address_and_unpacked(told):
    assert urlsplit(told("canonical address").answers[0][1]).path == A
    assert told("packed").answers[0][2] == PAGE


def test_a_refusal_is_said_once(told):
    for name in ("challenge at once", "challenge in the middle", "challenge with status 200"):
        assert told(name).log.count("answers automated clients with a challenge") == 1


def test_no_way_leads_past_dead_proxies_and_no_login_to_the_site(told, came):
    _, asked = came
    assert asked["all proxies are dead"].asked == []
    assert asked["the proxy answers for the site"].asked == []
    through = asked["a proxy"].asked
    assert len(through) == 6
    assert all("Proxy-Authorization" in each.headers for each in through)
    for name in ("one proxy is dead", "one proxy wants a login"):
        assert len(asked[name].asked) == 3
        assert not any("Proxy-Authorization" in each.headers for each in asked[name].asked)
        assert "marked" not in told(name).log
