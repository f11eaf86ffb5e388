"""Runs of the service that scrapyd queues and starts."""

import pytest

from tests.crawl.test_scrapyd import Scrapyd, scrapyd
from tests.service.test_pipeline import serving
from tests.waiting import wait_until

__all__ = ["scrapyd"]

pytestmark = pytest.mark.slow


def test_scrapyd_runs_what_the_service_is_asked_for(scrapyd: Scrapyd) -> None:
    with serving(scrapyd.workspace, SCRAPYD_URL=scrapyd.base) as (client, _):
        assert client.post("/pipeline/start", json={"dry_run": True}).status_code == 422
        started = client.post("/pipeline/start", json={"max_tracks": 20, "skip_aoty": True})
        assert started.status_code == 202, started.text
        job = started.json()["job_id"]
        assert job in scrapyd.jobs("pending") + scrapyd.jobs("running")
        assert client.post("/pipeline/start", json={}).status_code == 409
        wait_until(lambda: not client.get("/pipeline/status").json()["running"])
        [run] = client.get("/runs").json()["runs"]
        assert (run["job_id"], run["finish_reason"], run["parameters"]["skip"]) == (job, "finished", ["aoty"])
        assert run["summary"]["songs"]["stored"] == 20
        assert "Spider closed" in client.get(f"/runs/{run['id']}/log").text
        again = client.post("/pipeline/start", json={"max_tracks": 500}).json()["job_id"]
        assert client.post("/pipeline/stop", json={}).json() == {"stopping": [again]}
        wait_until(lambda: not client.get("/pipeline/status").json()["running"])
        assert again in scrapyd.jobs("finished") or not (scrapyd.jobs("pending") + scrapyd.jobs("running"))
