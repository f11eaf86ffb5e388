"""scrapyd serves the project from its folder, without an egg."""

import json
import time
import urllib.parse
import urllib.request

import pytest

from tests.conftest import free_port

pytestmark = pytest.mark.slow


def ask(url, **fields):
    data = urllib.parse.urlencode(fields).encode() if fields else None
    with urllib.request.urlopen(url, data=data, timeout=10) as answer:
        return json.load(answer)


def test_a_scheduled_job_stores_its_songs(workspace):
    port = free_port()
    conf = workspace.folder / "scrapyd.conf"
    conf.write_text(conf.read_text().replace("6800", str(port)))
    server = workspace.start("scrapyd")
    base = f"http://127.0.0.1:{port}"
    try:
        for _ in range(100):
            try:
                assert ask(f"{base}/daemonstatus.json")["status"] == "ok"
                break
            except OSError:
                time.sleep(0.1)
        scheduled = ask(f"{base}/schedule.json", project="default", spider="lastfm_top", max="20")
        assert scheduled["status"] == "ok"
        for _ in range(120):
            jobs = ask(f"{base}/listjobs.json?project=default")
            if jobs["finished"]:
                break
            time.sleep(0.5)
        assert [job["id"] for job in jobs["finished"]] == [scheduled["jobid"]]
    finally:
        server.terminate()
        server.communicate(timeout=20)
    assert workspace.counts()["songs"] == 20
