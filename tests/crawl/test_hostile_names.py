"""Names of a hostile chart: no command lets them move the cursor, and none takes one for a path."""

import pytest

from tests.conftest import running_sandbox
from tests.screen import shown_by
from tests.test_terminal import OBEYED

pytestmark = pytest.mark.slow

REVERSED = "Right \\u202eto left"
# A terminal on which rich uses no control codes of its own.
PLAIN = {"TERM": "dumb", "NO_COLOR": "1"}
LISTENER = "../../../[red]listener"


@pytest.fixture(scope="module")
def hostile(tmp_path_factory):
    options = ("--rows=60", "--hostile", f"--listener={LISTENER}")
    with running_sandbox(tmp_path_factory.mktemp("hostile"), *options) as running:
        yield running


def test_what_strangers_name_is_shown_and_obeyed_nowhere(hostile, workspace_for):
    workspace = workspace_for(hostile.env)
    before = set(workspace.folder.parent.iterdir())
    crawl = ("scrapy", "crawl", "lastfm_top", "-s", "LOG_LEVEL=DEBUG")
    said = [
        workspace.run(*crawl, "-a", "max=100"),
        workspace.run("timbre", "run", "--max-songs", "100"),
        workspace.run("timbre", "report", "--rows", "0"),
        workspace.run("timbre", "report", "--rows", "0", "--format", "json"),
        workspace.run(
            "timbre", "override", "same", "Right \u202eto left - Marked", "\x1b[31mNobody - \x9b2J", status=None
        ),
        workspace.run("timbre", "override", "list"),
        workspace.run("timbre", "show", "--top", "1000"),
        workspace.run(*crawl, "-a", "user=\x1b[31mno\u202ebody", status=2),
        workspace.run("timbre", "config", LASTFM_USERNAME="\x1b[31mno\u202ebody"),
        workspace.run("timbre", "validate", status=None, LASTFM_USERNAME="\x1b[31mno\u202ebody"),
        shown_by(workspace, "timbre", "report", "--rows", "0", "--format", "csv", **PLAIN).replace("\r\n", "\n"),
        shown_by(workspace, "timbre", "export", "--to", "-", **PLAIN).replace("\r\n", "\n"),
        *(path.read_text() for path in (workspace.folder / "logs").glob("*.log")),
    ]
    for each in said:
        assert not OBEYED & set(each), each
    assert sum(REVERSED in each for each in said) >= 5
    outside = [path for path in set(workspace.folder.parent.iterdir()) - before if "listener" in path.name]
    inside = [path for path in workspace.folder.rglob("*") if "listener" in path.name]
    assert not outside + inside
