"""What a command ends with, and the one line it says."""

import socket

import pytest

pytestmark = pytest.mark.integration

CRAWL = ("scrapy", "crawl", "lastfm_top", "-s", "LOG_LEVEL=ERROR")


@pytest.fixture(scope="module")
def workspace(sandbox, module_workspace_for):
    """One for all: how a command ends does not depend on the songs there are."""
    return module_workspace_for(sandbox.env)


@pytest.mark.parametrize(
    ("arguments", "env", "status", "said"),
    [
        (("-a", "max=3"), {}, 0, ""),
        (("-a", "max=0"), {}, 2, "max=0"),
        (("-a", "max=abc"), {}, 2, "max=abc"),
        (("-a", "colour=red"), {}, 2, "colour"),
        (("-a", "period=never"), {}, 2, "period=never"),
        (("-a", "shared=1"), {}, 2, "shared"),
        (("-a", "max"), {}, 2, "NAME=VALUE"),
        (("-a", "max=9", "-s", "CLOSESPIDER_ITEMCOUNT=2"), {}, 0, ""),
        (("-a", "max=3", "-a", "user=nobody-of-this-name"), {}, 2, "nobody-of-this-name"),
        (("-a", "max=3", "-a", "user=private"), {}, 2, "private"),
        (("-a", "max=3"), {"LASTFM_API_KEY": "wrong-key-0123456789"}, 2, "LASTFM_API_KEY"),
        (("-a", "max=3"), {"LASTFM_API_KEY": ""}, 2, "LASTFM_API_KEY"),
        (("-a", "max=3"), {"SPOTIFY_CLIENT_SECRET": "", "LISTENBRAINZ_TOKEN": ""}, 0, ""),
        (("-a", "max=3"), {"SPOTIFY_CLIENT_SECRET": "wrong-secret-0123456789"}, 2, "SPOTIFY_CLIENT_SECRET"),
        (("-a", "max=3"), {"DATABASE_URL": "postgresql://u:passw0rd@127.0.0.1:1/x"}, 1, "cannot be reached"),
        (("-a", "max=3"), {"DATABASE_URL": "mysql://u:passw0rd@127.0.0.1:1/x"}, 2, "DATABASE_URL"),
        (("-a", "max=3"), {"MAX_SONGS": "lots"}, 2, "MAX_SONGS"),
        (("-a", "max=3"), {"LASTFM_BASE_URL": "http://127.0.0.1:1/2.0/"}, 1, "Last.fm"),
    ],
)
def test_scrapy_crawl(workspace, arguments, env, status, said):
    printed = workspace.run(*CRAWL, *arguments, status=status, **env)
    assert "Traceback" not in printed
    assert said in printed
    secrets = ("passw0rd", "wrong-key-0123456789", "wrong-secret-0123456789")
    assert not any(secret in printed for secret in secrets)
    if status:
        assert len(printed.strip().splitlines()) == 1, printed


@pytest.mark.parametrize(
    ("command", "said"),
    [
        (("scrapy", "crawl"), "Name one spider"),
        (("scrapy", "crawl", "lastfm_top", "--nonsense"), "There is no option --nonsense"),
        (("scrapy", "crawl", "lastfm_top", "-L", "LOUD"), "LOG_LEVEL LOUD is wrong: use CRITICAL"),
        (("scrapy", "crawl", "lastfm_top", "-L", "LOUD", "--logfile", "x.log"), "LOG_LEVEL LOUD is wrong"),
        (("scrapy", "crawl", "lastfm_top", "--logfile", "/proc/x"), "LOG_FILE /proc/x cannot be written (No such file"),
        (("scrapy", "crawl", "nonsense"), "aoty_charts, backfill, history, lastfm_top, listenbrainz_top"),
        (("scrapy", "crawl", "backfill", "-a", "period=7day"), "no argument period"),
        (("scrapy", "crawl", "aoty_charts", "-a", "pages=x"), "pages=x"),
        (("scrapy", "crawl", "aoty_charts", "-a", "year=nonsense"), "year=nonsense"),
        (("timbre", "run", "--max-songs=abc"), "max-songs"),
        (("timbre", "run", "--period=never"), "--period never is wrong"),
        (("timbre", "run", "--colour=red"), "--colour"),
        (("timbre", "nonsense"), "`timbre --help` tells more"),
        (("timbre", "override", "undo"), "Missing argument 'number'. `timbre override undo --help` tells more."),
        (("timbre", "backfill", "--user=a b"), "--user a b is wrong"),
        (("timbre", "enqueue", "--period=never"), "--period never is wrong"),
    ],
)
def test_wrong_arguments_are_one_line(workspace, command, said):
    printed = workspace.run(*command, status=2)
    assert said in printed
    assert len(printed.strip().splitlines()) == 1, printed


@pytest.mark.parametrize("year", ["2050"])
def test_a_chart_without_albums_is_a_failure(workspace, year):
    printed = workspace.run("scrapy", "crawl", "aoty_charts", "-a", f"year={year}", "-s", "LOG_LEVEL=ERROR", status=1)
    assert "holds no albums" in printed
    assert len(printed.strip().splitlines()) == 1, printed


@pytest.mark.parametrize(
    ("command", "env", "status", "said"),
    [
        (("run", "--max-songs=0"), {}, 2, "max-songs"),
        (("run", "--max-songs=abc"), {}, 2, "max-songs"),
        (("run", "--nonsense"), {}, 2, "nonsense"),
        (("run", "--max-songs=3", "--user=nobody-of-this-name"), {}, 2, "nobody-of-this-name"),
        (("db", "counts"), {"DATABASE_URL": "postgresql://u:passw0rd@127.0.0.1:1/x"}, 1, "cannot be reached"),
        (("enqueue",), {}, 2, "REDIS_URL"),
        (("backfill",), {"LASTFM_API_KEY": ""}, 2, "timbre sandbox --write-env .env"),
        (("worker",), {"REDIS_URL": "redis://:passw0rd@127.0.0.1:1/0"}, 1, "Redis cannot be reached"),
        (("validate",), {"LASTFM_USERNAME": "nobody-of-this-name"}, 2, "FAIL"),
        (("config",), {"MAX_SONGS": "lots"}, 2, "MAX_SONGS"),
        (("sandbox", "--catalog=/nowhere.csv"), {}, 2, "nowhere.csv"),
        (("sandbox", "--spotify-mode=other"), {}, 2, "other"),
    ],
)
def test_timbre(workspace, command, env, status, said):
    printed = workspace.run("timbre", *command, status=status, **env)
    assert "Traceback" not in printed
    assert said in printed
    assert "passw0rd" not in printed


def test_a_port_in_use_is_named(workspace):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        printed = workspace.run("timbre", "sandbox", f"--port={port}", "--rows=50", status=1)
    assert str(port) in printed
    assert "--port" in printed
    assert "Traceback" not in printed


def test_sources_that_refuse_do_not_fail_a_run(workspace_for, tmp_path_factory):
    from tests.conftest import running_sandbox

    with running_sandbox(tmp_path_factory.mktemp("refusing"), "--rows=300", "--aoty-challenge") as refusing:
        workspace = workspace_for(refusing.env)
        workspace.run(*CRAWL, "-a", "max=50")
        asked = refusing.requests("aoty")
    summary = workspace.summary()
    assert summary["songs"]["stored"] == 50
    assert summary["outcomes"]["aoty"]["found"] == 0
    assert summary["outcomes"]["aoty"]["refused"] > 30
    assert asked <= 2


def test_a_used_up_quota_parks_spotify_alone(workspace_for, tmp_path_factory):
    from tests.conftest import running_sandbox

    with running_sandbox(tmp_path_factory.mktemp("quota"), "--rows=300", "--spotify-quota=10") as scarce:
        workspace = workspace_for(scarce.env)
        workspace.run(*CRAWL, "-a", "max=50")
        asked = scarce.requests("spotify")
    summary = workspace.summary()
    assert summary["songs"]["stored"] == 50
    assert summary["outcomes"]["spotify"]["found"] > 0
    assert summary["outcomes"]["spotify"]["deferred"] > 0
    # A kind of endpoint is asked once more than its quota at most: the call that is told so.
    calls = [each["asked"] for each in summary["spotify_calls"].values()]
    assert max(calls) <= 10 + 1
    assert asked == sum(calls)
