"""The record of a run, over whole crawls: it is closed however the run ends, and file and row say the same."""

import json
import signal

import pytest

from tests.conftest import running_sandbox
from tests.waiting import PATIENCE, wait_until, wait_until_it_catches
from timbre_spider.run_summary import RunSummary

pytestmark = pytest.mark.slow

CRAWL = ("scrapy", "crawl", "lastfm_top", "-a", "max=20", "-s", "LOG_LEVEL=ERROR")
ROWS = """SELECT id, listener, parameters, job_id, version, finish_reason, summary, finished_at IS NOT NULL
    FROM runs ORDER BY started_at"""


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_run_stopped_at_once_leaves_a_closed_row_and_a_summary(workspace, number):
    process = workspace.start_anew(*CRAWL)
    if number == signal.SIGINT:
        # Python catches it from the start, to raise KeyboardInterrupt.
        wait_until_it_catches(process.pid, signal.SIGTERM)
    wait_until_it_catches(process.pid, number)
    process.send_signal(number)
    said, _ = process.communicate(timeout=PATIENCE)
    assert process.returncode == 1, said
    assert "Stopped by a signal" in said
    assert "Traceback" not in said
    with workspace.database() as connection:
        [(run_id, listener, parameters, _, _, reason, summary, closed)] = connection.execute(ROWS).fetchall()
    assert (listener, parameters["max"], reason, closed) == ("listener", 20, "shutdown", True)
    assert workspace.summary() == summary
    assert summary["run_id"] == str(run_id)


def test_row_and_file_say_the_same_and_the_next_run_closes_a_killed_one(workspace):
    process = workspace.start(*CRAWL[:4], "max=200", "-s", "LOG_LEVEL=INFO")
    with workspace.database() as connection:
        wait_until(lambda: connection.execute("SELECT FROM runs").fetchone() is not None, process)
        process.kill()
        process.communicate()
        workspace.run(*CRAWL, "-a", "_job=job-7")
        (killed, _), (run, columns) = [(row[-3], row) for row in connection.execute(ROWS).fetchall()]
    assert (killed, run) == ("killed", "finished")
    summary = workspace.summary()
    assert columns[6] == summary == json.loads(RunSummary.model_validate(summary).model_dump_json())
    assert columns[3] == summary["job_id"] == "job-7"
    assert columns[4] == summary["version"]
    assert summary["parameters"] == columns[2] == {"max": 20, "user": "listener", "period": "overall"}
    assert [check["passed"] for check in summary["sanity"]] == [True] * 4 + [None]
    assert summary["plays"]["chart"] > summary["plays"]["stored"] > 0
    assert summary["requests"]["spotify"]["statuses"]["200"] > 0
    assert summary["peak_memory_mb"] > 30


def test_the_record_tells_a_lock_and_that_it_was_respected(workspace_for, tmp_path_factory):
    with running_sandbox(tmp_path_factory.mktemp("quota"), "--rows=300", "--spotify-quota=3") as scarce:
        workspace = workspace_for(scarce.env)
        workspace.run(*CRAWL)
        asked = scarce.requests("spotify")
    summary = workspace.summary()
    assert summary["compliance"]["spotify"]["verdict"] == "kept"
    assert summary["compliance"]["spotify"]["requests_while_shut"] == 0
    # The token's is one more.
    assert summary["requests"]["spotify"]["requests"] == asked + 1
    assert summary["requests"]["spotify"]["statuses"]["429"] >= 1
    calls = summary["spotify_calls"]
    assert sum(each["asked"] for each in calls.values()) == asked
    assert {bucket for bucket, each in calls.items() if each["asked"]} >= {"search"}
    assert all((each["left"] == 0) is (each["back_at"] is not None) for each in calls.values())
    assert (calls["search"]["left"], calls["search"]["asked"]) == (0, calls["search"]["counted"])


def test_a_dry_run_asks_for_chart_albums_and_count_alone_and_stores_nothing(workspace_for, tmp_path_factory):
    with running_sandbox(tmp_path_factory.mktemp("dry"), "--rows=300") as asked_little:
        workspace = workspace_for(asked_little.env)
        said = workspace.run("timbre", "run", "--max-songs=20", "--dry-run")
        asked = {service: asked_little.requests(service) for service in ("lastfm", "spotify", "aoty", "deezer")}
    assert asked == {"lastfm": 3, "spotify": 0, "aoty": 0, "deezer": 0}
    assert "songs that would be stored" in said
    assert "spotify" in said
    assert not list((workspace.folder / "logs").glob("pipeline_summary_*"))
    assert {name: count for name, count in workspace.counts().items() if count} == {}


def test_in_a_shell_no_key_and_no_database_are_needed(workspace_for, sandbox):
    workspace = workspace_for()
    page = sandbox.env["AOTY_BASE_URL"] + "/robots.txt"
    for command, told in (
        (("scrapy", "shell", page, "-c", "response.status"), "200"),
        (("scrapy", "shell", page, "-c", "response.text"), "User-agent: *"),
        (("scrapy", "check"), "OK"),
        (("scrapy", "list"), "lastfm_top"),
        (("scrapy", "settings", "--get", "BOT_NAME"), "timbre_spider"),
        (("scrapy", "fetch", page), "User-agent: *"),
        (("scrapy", "parse", page, "--spider=lastfm_top", "--noitems"), "STATUS DEPTH LEVEL 1"),
    ):
        said = workspace.run(*command, "-s", "LOG_LEVEL=WARNING")
        assert told in said, (command, said)
        assert "Traceback" not in said, (command, said)
    assert not (workspace.folder / "data").exists()
    assert not (workspace.folder / "logs").exists()
