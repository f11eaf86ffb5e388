"""Keys go to the service they belong to, and nowhere else, whatever that service answers."""

from itertools import cycle
from urllib.parse import parse_qs, urlsplit

import pytest

from tests.sources.server import Reply, serving

pytestmark = pytest.mark.integration

CRAWL = ("scrapy", "crawl", "lastfm_top", "-a", "max=3", "-s", "LOG_LEVEL=DEBUG")
KEY, TOKEN = "marked-key-0123456789", "marked-token-0123456789"


def query_of(asked):
    return parse_qs(urlsplit(asked.path).query)


def leading_to(elsewhere):
    """Answers that lead elsewhere and name the key they were given: each time another kind."""
    address = f"{elsewhere}/2.0/?api_key={KEY}"
    page = f'<html><head><meta http-equiv="refresh" content="0; url={address}"></head></html>'
    replies = [Reply(status, "{}", {"Location": address}) for status in (302, 307, 301)]
    turns = cycle([*replies, Reply(200, page, {"Content-Type": "text/html"})])
    return lambda asked: next(turns)


def test_a_redirect_of_lastfm_to_another_host_is_a_failure_and_gets_nothing(workspace):
    with serving(lambda asked: Reply()) as elsewhere, serving(leading_to(elsewhere.url)) as service:
        env = {"LASTFM_BASE_URL": f"{service.url}/2.0/", "LASTFM_API_KEY": KEY}
        said = workspace.run(*CRAWL, status=1, **env)
    assert [query_of(asked)["api_key"] for asked in service.asked] == [[KEY]] * 2
    assert elsewhere.asked == []
    # In pages of two sizes, and in the end.
    assert said.count("lastfm redirects to") == 3
    assert "lastfm redirects to 127.0.0.1" in said.splitlines()[-1]
    assert KEY not in said


def test_a_redirect_within_lastfm_is_followed_with_the_key(workspace):
    def answer(asked):
        if asked.path.startswith("/old/"):
            return Reply(302, "{}", {"Location": asked.path.replace("/old/", "/2.0/")})
        return Reply(403, '{"error": 10, "message": "Invalid API key"}')

    with serving(answer) as service:
        env = {"LASTFM_BASE_URL": f"{service.url}/old/", "LASTFM_API_KEY": KEY}
        said = workspace.run(*CRAWL, status=2, **env)
    assert [urlsplit(asked.path).path for asked in service.asked] == ["/old/", "/2.0/"]
    assert all(query_of(asked)["api_key"] == [KEY] for asked in service.asked)
    assert "rejects the API key" in said


def test_tokens_of_other_services_follow_no_redirect_either(workspace):
    with serving(lambda asked: Reply()) as elsewhere, serving(leading_to(elsewhere.url)) as service:
        env = {
            "LISTENBRAINZ_BASE_URL": service.url,
            "LISTENBRAINZ_TOKEN": TOKEN,
            "SPOTIFY_BASE_URL": f"{service.url}/v1/",
        }
        workspace.run(*CRAWL, **env)
    schemes = {asked.headers.get("Authorization", "").partition(" ")[0] for asked in service.asked}
    assert schemes == {"Token", "Bearer"}
    assert elsewhere.asked == []
    summary = workspace.summary()
    assert summary["songs"]["stored"] == 3
    assert summary["outcomes"]["spotify"]["found"] == 0
