"""`timbre config`: what holds, where it comes from, and what is wrong with `.env`."""

import re

import pytest

pytestmark = pytest.mark.integration

LONG = "/a/very/long/path/that/does/not/fit/into/any/terminal/of/the/eighties/or/of/today"


@pytest.fixture
def folder(workspace_for):
    """A workspace without keys, with a `.env`."""
    workspace = workspace_for()
    (workspace.folder / ".env").write_text(
        "SPOTIFY_CLIENTID=abc\nLASTFM_API_KEY=the-key-0123456789\nLASTFM_RATE_LIMIT=250\nPGHOST=elsewhere\n"
        f"AOTY_BASE_URL=http://127.0.0.1:1\nEXPORTS_DIR={LONG}\n"
    )
    (workspace.folder / ".env").chmod(0o644)
    return workspace


ROWS = (
    ("LASTFM_API_KEY", r"\*\*\*", ".env"),
    ("LASTFM_RATE_LIMIT", "250 a minute", ".env"),
    ("SPOTIFY_RATE_LIMIT", "300 a minute", "environment"),
    ("AOTY_RATE_LIMIT", r"no limit \(sandbox on this machine\)", "default"),
    ("SCRAPE_DELAY_SEC", r"no delay \(sandbox on this machine\)", "default"),
    ("SCRAPE_CONCURRENCY", "4", "default"),
    ("SPOTIFY_CLIENT_ID", "not set", "default"),
)


def test_it_shows_what_holds_and_where_it_comes_from(folder):
    said = folder.run("timbre", "config", SPOTIFY_RATE_LIMIT="300", COLUMNS="80")
    for name, value, origin in ROWS:
        assert re.search(rf"^ {name} +{value} +{re.escape(origin)} *$", said, re.M), said
    assert "the-key" not in said


def test_a_limit_lastfm_does_not_allow_is_shown_as_it_holds(folder):
    said = folder.run("timbre", "config", LASTFM_RATE_LIMIT="999", COLUMNS="120")
    assert "300 a minute, the most Last.fm allows (999 is set)" in said


@pytest.mark.parametrize("columns", [50, 80])
def test_no_line_is_wider_than_the_terminal_and_none_is_cut_short(folder, columns):
    table, _, complaints = folder.run("timbre", "config", COLUMNS=str(columns)).partition("\n.env:")
    assert complaints
    assert max(map(len, table.splitlines())) <= columns
    assert LONG in re.sub(r"\s|\.env", "", table)
    assert "…" not in table


@pytest.mark.parametrize("command", ["config", "validate"])
def test_misspelled_names_and_loose_permissions_are_told(folder, command):
    said = " ".join(folder.run("timbre", command, status=None).split())
    assert "SPOTIFY_CLIENTID is no setting: did you mean SPOTIFY_CLIENT_ID?" in said
    assert "others on this machine can read it: chmod 600 .env" in said
    assert "PGHOST" not in said
    (folder.folder / ".env").chmod(0o600)
    assert "chmod" not in folder.run("timbre", command, status=None)


def test_a_schedule_that_is_none_is_refused_as_the_service_refuses_it(folder):
    pytest.importorskip("apscheduler")
    assert "SCHEDULE='x' is no time of crontab" in folder.run("timbre", "config", status=2, SCHEDULE="x")
