"""scrapyd serves the project from its folder, without an egg."""

import json
import signal
import urllib.parse
import urllib.request
from contextlib import suppress
from dataclasses import dataclass

import psutil
import pytest

from tests.conftest import Workspace, free_port
from tests.waiting import end, wait_until, wait_until_it_catches

pytestmark = pytest.mark.slow


@dataclass(frozen=True)
class Scrapyd:
    """A running scrapyd in a workspace."""

    workspace: Workspace
    base: str

    def ask(self, page, **fields):
        data = urllib.parse.urlencode(fields).encode() if fields else None
        with urllib.request.urlopen(f"{self.base}/{page}", data=data, timeout=30) as answer:
            return json.load(answer)

    def schedule(self, spider, **arguments):
        scheduled = self.ask("schedule.json", project="default", spider=spider, **arguments)
        assert scheduled["status"] == "ok", scheduled
        return scheduled["jobid"]

    def jobs(self, state):
        return [job["id"] for job in self.ask("listjobs.json?project=default")[state]]

    def wait_until(self, job, state):
        wait_until(lambda: job in self.jobs(state), every=0.5)

    def log_of(self, spider, job):
        return (self.workspace.folder / "logs" / "scrapyd" / "default" / spider / f"{job}.log").read_text()


@pytest.fixture
def scrapyd(workspace):
    port = free_port()
    conf = workspace.folder / "scrapyd.conf"
    conf.write_text(conf.read_text().replace("6800", str(port)))
    process = workspace.start_anew("scrapyd")
    server = Scrapyd(workspace, f"http://127.0.0.1:{port}")

    def answers():
        with suppress(OSError):
            return server.ask("daemonstatus.json")["status"] == "ok"

    wait_until(answers, process)
    yield server
    end(process)


def test_a_scheduled_job_stores_its_songs_and_a_wrong_one_says_why_in_its_log(scrapyd):
    wrong = scrapyd.schedule("aoty_charts", pages="x", colour="red")
    right = scrapyd.schedule("lastfm_top", max="20")
    scrapyd.wait_until(right, "finished")
    assert wrong in scrapyd.jobs("finished")
    assert scrapyd.workspace.counts()["songs"] == 20
    log = scrapyd.log_of("aoty_charts", wrong)
    assert len(log.splitlines()) == 1, log
    assert "pages=x is wrong" in log
    assert "no argument colour" in log


def test_a_job_cancelled_as_soon_as_it_starts_says_how_it_ended(scrapyd):
    job = scrapyd.schedule("lastfm_top", max="200")
    scrapyd.wait_until(job, "running")

    def its_processes():  # a moment after it is said to run its words are still those of scrapyd
        return [each.pid for each in psutil.process_iter(["cmdline"]) if f"_job={job}" in (each.info["cmdline"] or ())]

    [process] = wait_until(its_processes)
    wait_until_it_catches(process, signal.SIGTERM)
    assert scrapyd.ask("cancel.json", project="default", job=job)["status"] == "ok"
    scrapyd.wait_until(job, "finished")
    assert "Stopped by a signal" in scrapyd.log_of("lastfm_top", job).splitlines()[-1]
    with scrapyd.workspace.database() as connection:
        rows = connection.execute("SELECT job_id, finish_reason, summary ->> 'job_id' FROM runs").fetchall()
    assert rows == [(job, "shutdown", job)]
