"""How a run ended, and what is told of it."""

import json
import subprocess
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest

from tests.sources.server import Reply, serving
from timbre_spider.config import load_config
from timbre_spider.service.asked import StartRun
from timbre_spider.service.ended import Trouble, look_for_ends, send
from timbre_spider.service.processes import StartedRun
from timbre_spider.service.state import Service
from timbre_spider.storage.database import Database
from timbre_spider.storage.process import ProcessIdentity
from timbre_spider.storage.runs import Runs

pytestmark = pytest.mark.integration

FELL = {"check": "rows_add_up", "says": "rows add up", "expected": 1, "found": 0, "passed": False}
COVERED = {
    "check": "coverage_holds", "says": "no field fell", "passed": False,
    "expected": {"isrc": 98.6, "tags": 50, "mbid": None, "spotify_id": 94.6},
    "found": {"isrc": 93.2, "tags": 45, "mbid": None},
}  # fmt: skip


@pytest.fixture
def service(database: Database, tmp_path: Path) -> Service:
    (tmp_path / "service").mkdir()
    return Service(load_config(_env_file=None, data_dir=tmp_path), database)


def ended(service: Service, said: str = "", **asked: Any) -> str:
    """A run whose process is gone."""
    process = ProcessIdentity.of_this_one()
    run = StartedRun(
        id=uuid4().hex, asked=StartRun(**asked), listener="me", started_at=datetime.now(UTC), host=process.host,
        process_id=process.number, process_started=0.0,
    )  # fmt: skip
    folder = service.config.data_dir / "service"
    (folder / f"{run.id}.json").write_text(run.model_dump_json())
    (folder / f"{run.id}.txt").write_text(said)
    return run.id


@pytest.mark.parametrize(
    ("reason", "summary", "told"),
    [
        ("finished", {"error": None, "sanity": [FELL | {"passed": True}, FELL | {"passed": None}]}, None),
        ("shutdown", {"error": "Stopped by a signal."}, None),
        ("finished", {"error": None, "sanity": [FELL]}, "Expected: rows add up (1); found 0."),
        ("finished", {"sanity": [COVERED]}, "coverage fell: spotify_id 94.6 → 0 %, isrc 98.6 → 93.2 %."),
        ("finished", {"error": "The database went away."}, "The database went away."),
        ("UserUnknown", {"error": "There is no user."}, "There is no user."),
        ("closespider_errorcount", {}, "closespider_errorcount"),
    ],
)
def test_what_went_wrong_is_told_once(service: Service, reason: str, summary: dict[str, Any], told: str | None) -> None:
    runs = Runs(service.database)
    runs.finish(runs.start("lastfm_top", sandbox=True, job_id=ended(service)), reason, summary)
    found = look_for_ends(service)
    assert [told in each.message for each in found if told] == ([True] if told else [])
    assert len(found) == (1 if told else 0)
    assert look_for_ends(service) == []


def test_a_killed_run_is_closed_and_told(service: Service) -> None:
    job = ended(service)
    Runs(service.database).start("lastfm_top", sandbox=True, job_id=job)
    with service.database.connect() as connection:
        connection.execute("UPDATE runs SET process_started = 0")
    [trouble] = look_for_ends(service)
    assert (trouble.finish_reason, trouble.job_id) == ("killed", job)


def test_a_run_that_did_not_begin_is_told_by_its_last_words_and_a_dry_one_not_at_all(service: Service) -> None:
    ended(service, "starting\nThe key is wrong.\n")
    ended(service, "planned", dry_run=True)
    assert [each.message for each in look_for_ends(service)] == ["The key is wrong."]


def test_a_run_that_was_stopped_before_it_began_is_not_told(service: Service) -> None:
    with subprocess.Popen(["true"]) as child:
        child.wait()
    ended(service)
    [run] = service.runs.known()
    service.runs.stop(run.model_copy(update={"process_id": child.pid}))
    assert look_for_ends(service) == []


TROUBLE = Trouble(title="timbre: A run failed.", message="Why.", job_id="j", run_id=None, finish_reason="killed")
SECRET = "geheimnis"
# A package that apprise brings along uses what Python gives up.
old = pytest.mark.filterwarnings("ignore:.imghdr:DeprecationWarning")


def told(url: str) -> None:
    send(load_config(_env_file=None, notify_url=url), TROUBLE)


def test_a_web_hook_is_sent_all_of_it() -> None:
    with serving(lambda _: Reply()) as server:
        told(f"{server.url}/{SECRET}")
    [asked] = server.asked
    assert (asked.method, asked.path, json.loads(asked.body)) == ("POST", f"/{SECRET}", TROUBLE.model_dump())


@old
def test_other_places_are_told_through_apprise() -> None:
    with serving(lambda _: Reply()) as server:
        told(server.url.replace("http://", f"json://me:{SECRET}@"))
    [asked] = server.asked
    sent = json.loads(asked.body)
    assert (sent["title"], sent["message"]) == (TROUBLE.title, TROUBLE.message)


@old
@pytest.mark.parametrize(
    ("url", "said"),
    [
        ("{}/" + SECRET, "could not be told (HTTPError)"),
        ("json{}/" + SECRET, "apprise does not take it, or it did not answer"),
        ("no-such-place://me:" + SECRET, "apprise does not take it, or it did not answer"),
    ],
)
def test_who_cannot_be_told_is_a_line_without_the_secret(caplog: pytest.LogCaptureFixture, url: str, said: str) -> None:
    with serving(lambda _: Reply(503)) as server:
        told(url.format(server.url if url.startswith("{") else server.url.removeprefix("http")))
    assert said in caplog.text
    assert SECRET not in caplog.text
