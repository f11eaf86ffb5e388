"""A crawl comes to its end in any weather: what goes wrong costs answers, never songs."""

import pytest

from tests.conftest import running_sandbox

pytestmark = pytest.mark.integration


@pytest.mark.parametrize("weather", ["real", pytest.param("storm", marks=pytest.mark.slow)])
def test_every_song_is_stored_and_most_are_known(workspace_for, tmp_path_factory, weather):
    with running_sandbox(tmp_path_factory.mktemp(weather), "--rows=90", f"--weather={weather}") as services:
        workspace = workspace_for(services.env)
        workspace.run("scrapy", "crawl", "lastfm_top", "-a", "max=24")
    summary = workspace.summary()
    assert summary["finish_reason"] == "finished"
    assert summary["songs"]["stored"] == 24
    for source in ("spotify", "aoty"):
        assert summary["outcomes"][source]["found"] > 8, summary["outcomes"]
