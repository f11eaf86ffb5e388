"""An evening with few calls to Spotify: who is known first, and what is asked once."""

import pytest

from tests.conftest import running_sandbox

pytestmark = pytest.mark.integration

OPEN_SOURCES = ("listenbrainz", "deezer", "musicbrainz", "spotify")


def test_an_evening_of_few_calls_has_links_for_them_and_asks_nothing_twice(workspace_for, tmp_path_factory):
    with running_sandbox(tmp_path_factory.mktemp("scarce"), "--rows=150") as services:
        workspace = workspace_for(services.env, SPOTIFY_BUDGET="3", BATCH_SIZE="5", CONCURRENT_REQUESTS="1")
        evening = ("scrapy", "crawl", "lastfm_top", "-a", "max=60", "-s", "SKIP_SOURCES=aoty")
        workspace.run(*evening)
        asked = services.stats()
        assert asked["spotify"]["search"]["requests"] == 3
        assert asked["spotify"]["albums/{id}"]["requests"] == 3
        assert asked["musicbrainz"]["release"]["requests"] > 0
        assert sum(each["repeated"] for name in OPEN_SOURCES for each in asked[name].values()) == 0
        found = workspace.summary()["outcomes"]["spotify"]["found"]
        workspace.run(*evening)
        # Whatever was told is known in the next run, and of what is used up nothing is asked.
        assert [services.stats()[name] for name in OPEN_SOURCES] == [asked[name] for name in OPEN_SOURCES]
    assert found >= 12
    assert workspace.summary()["outcomes"]["spotify"]["found"] == found
