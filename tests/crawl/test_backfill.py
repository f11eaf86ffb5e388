"""What was refused is asked again once the site is open."""

import pytest

from tests.conftest import running_sandbox

pytestmark = [pytest.mark.integration, pytest.mark.slow]


def test_backfill_asks_an_open_aoty_what_a_closed_one_refused(workspace_for, tmp_path_factory):
    with running_sandbox(tmp_path_factory.mktemp("closed"), "--rows=60", "--aoty-challenge") as closed:
        workspace = workspace_for(closed.env)
        workspace.run("timbre", "run", "--max-songs=15", status=None)
    before = workspace.summary()["outcomes"]["aoty"]
    assert before["refused"] > 5
    with running_sandbox(tmp_path_factory.mktemp("open"), "--rows=60") as opened:
        workspace.run("timbre", "backfill", **opened.env)
        assert opened.requests("aoty") > 5
    after = workspace.summary()["outcomes"]["aoty"]
    assert after["found"] > 5
    assert sum(after.values()) >= before["refused"]
    assert after["refused"] == 0
