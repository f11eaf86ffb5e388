"""Limits hold where they are set, and robots.txt is kept."""

import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from tests.conftest import running_sandbox

pytestmark = pytest.mark.integration


def test_requests_are_spaced_as_the_limit_says(workspace):
    limits = {
        "LASTFM_RATE_LIMIT": "300",
        "SPOTIFY_RATE_LIMIT": "600",
        "AOTY_RATE_LIMIT": "600",
        "SCRAPE_DELAY_SEC": "0",
    }
    workspace.run("scrapy", "crawl", "lastfm_top", "-a", "max=20", "-s", "AUTOTHROTTLE_ENABLED=0", **limits)
    summary = workspace.summary()
    for service, limit in (("lastfm", 300), ("spotify", 600), ("aoty", 600)):
        asked = summary["requests"][service]
        assert asked["limit_per_minute"] == limit
        assert asked["requests"] > 5
        assert summary["seconds"] >= (asked["requests"] - 1) * 60 / limit * 0.9


def test_what_robots_txt_closes_is_not_asked_for(workspace_for, tmp_path_factory):
    with running_sandbox(tmp_path_factory.mktemp("robots"), "--rows=300", "--aoty-robots=2026") as strict:
        workspace = workspace_for(strict.env)
        workspace.run("scrapy", "crawl", "aoty_charts", "-a", "year=1985", "-a", "pages=9")
        workspace.run("scrapy", "crawl", "lastfm_top", "-a", "max=50")
        asked = strict.stats()["aoty"]
    assert "search" not in asked
    outcomes = workspace.summary()["outcomes"]["aoty"]
    assert outcomes["refused"] > 0
    # Albums the chart told of are found all the same.
    assert outcomes["found"] > 0


def test_a_rejected_token_is_not_tried_again_and_again(workspace_for, tmp_path_factory):
    with running_sandbox(tmp_path_factory.mktemp("token"), "--rows=500") as services:
        workspace = workspace_for(services.env, LISTENBRAINZ_TOKEN="wrong-token-0123456789")
        said = workspace.run("scrapy", "crawl", "lastfm_top", "-a", "max=250")
        asked = services.requests("listenbrainz")
    assert said.count("LISTENBRAINZ_TOKEN") == 1
    assert "wrong-token-0123456789" not in said
    assert 1 <= asked <= 8  # those under way together when the first was rejected
    assert sum(workspace.summary()["outcomes"]["open"].values()) > 150


@pytest.mark.parametrize(("status", "outcome"), [(403, "refused"), (429, "deferred")])
def test_a_site_that_refuses_is_asked_once(workspace, status, outcome):
    asked = []

    class Refusing(BaseHTTPRequestHandler):
        def do_GET(self):
            asked.append(self.path)
            self.send_response(404 if self.path == "/robots.txt" else status)
            self.send_header("Content-Length", "0")
            # A lock: waited for it is not.
            self.send_header("Retry-After", "3600")
            self.end_headers()

        def log_message(self, *_):
            pass

    site = ThreadingHTTPServer(("127.0.0.1", 0), Refusing)
    threading.Thread(target=site.serve_forever, daemon=True).start()
    try:
        env = {"AOTY_BASE_URL": f"http://127.0.0.1:{site.server_port}"}
        workspace.run("scrapy", "crawl", "lastfm_top", "-a", "max=60", **env)
    finally:
        site.shutdown()
        site.server_close()
    assert len(asked) == 2  # robots.txt and one page
    summary = workspace.summary()
    assert summary["songs"]["stored"] == 60
    assert summary["outcomes"]["aoty"][outcome] > 30
