"""Runs started over HTTP: processes of their own, found again by a service that was killed, stopped, and told of."""

import json
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import httpx2
import pytest

from tests.conftest import Forked, Sandbox, Workspace, free_port
from tests.sources.server import Reply
from tests.sources.server import serving as web_server
from tests.waiting import end, wait_until

pytestmark = pytest.mark.slow


@contextmanager
def serving(workspace: Workspace, **env: str) -> Iterator[tuple[httpx2.Client, Forked]]:
    """`timbre serve` in the workspace; a client of it, and its process."""
    port = free_port()
    process = workspace.start("timbre", "serve", f"--port={port}", **env)
    try:
        with httpx2.Client(base_url=f"http://127.0.0.1:{port}", timeout=30) as client:
            wait_until(lambda: answers(client), process)
            yield client, process
    finally:
        end(process)
    assert process.poll() in (0, -signal.SIGKILL), "it closes what it has opened"


def answers(client: httpx2.Client) -> bool:
    try:
        return client.get("/pipeline/status").status_code == 200
    except httpx2.TransportError:
        return False


def running(client: httpx2.Client) -> dict[str, Any] | None:
    """The run that goes on and has told how far it is."""
    runs = client.get("/pipeline/status").json()["runs"]
    return next((run for run in runs if run["progress"]), None)


def test_a_run_goes_on_when_the_service_is_killed_and_is_found_by_the_next_one(workspace: Workspace) -> None:
    with serving(workspace) as (client, process):
        started = client.post("/pipeline/start", json={"max_tracks": 300, "sources": ["open", "lastfm"]})
        assert started.status_code == 202, started.text
        job = started.json()["job_id"]
        refused = client.post("/pipeline/start", json={})
        assert (refused.status_code, "goes on" in refused.json()["detail"]) == (409, True)
        beside = client.post("/pipeline/start", json={"user": "somebody", "dry_run": True})
        assert beside.status_code == 202, beside.text
        process.kill()
    with serving(workspace) as (client, _):
        found = wait_until(lambda: running(client))
        assert (found["job_id"], found["here"], found["asked"]["max_tracks"]) == (job, True, 300)
        assert client.post("/pipeline/start", json={}).status_code == 409
        wait_until(lambda: not client.get("/pipeline/status").json()["running"])
        [run] = client.get("/runs").json()["runs"]
        assert (run["job_id"], run["finish_reason"], run["summary"]["songs"]["stored"]) == (job, "finished", 300)
        assert run["parameters"]["skip"] == ["spotify", "aoty"]
        assert "Spider closed" in client.get(f"/runs/{run['id']}/log").text
        assert client.get("/database/counts").json()["songs"] == 300


def test_a_run_is_stopped_and_one_that_fails_is_told_to_the_hook(workspace: Workspace) -> None:
    with (
        web_server(lambda asked: Reply(204)) as hook,
        serving(workspace, NOTIFY_URL=f"{hook.url}/", LASTFM_RATE_LIMIT="30") as (client, _),
    ):
        client.post("/pipeline/start", json={"max_tracks": 1000})
        job = wait_until(lambda: running(client))["job_id"]
        assert client.post("/pipeline/stop", json={"job_id": "another"}).json() == {"stopping": []}
        assert client.post("/pipeline/stop", json={}).json() == {"stopping": [job]}
        wait_until(lambda: not client.get("/pipeline/status").json()["running"])
        assert client.get("/runs").json()["runs"][0]["finish_reason"] == "shutdown"
        assert client.post("/pipeline/start", json={"user": "nobody-of-this-name"}).status_code == 202
        [told] = wait_until(lambda: hook.asked)
        assert "nobody-of-this-name" in json.loads(told.body)["message"]


def test_a_service_that_others_could_reach_needs_a_token(sandbox: Sandbox, workspace: Workspace) -> None:
    assert "API_TOKEN" in workspace.run("timbre", "serve", "--host=0.0.0.0", status=2)
    assert "too short" in workspace.run("timbre", "serve", "--host=0.0.0.0", status=2, API_TOKEN="a-small-one")
    with serving(workspace) as (client, _):
        taken = workspace.run("timbre", "serve", f"--port={client.base_url.port}", status=1)
        assert "is taken" in taken
    assert "SCHEDULE" in workspace.run("timbre", "serve", f"--port={free_port()}", status=2, SCHEDULE="daily")
