"""The page of what goes on: what it shows, and what its form asks for."""

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import httpx2
import pytest
from lxml import html

from timbre_spider.service.asked import StartRun
from timbre_spider.service.processes import StartedRun
from timbre_spider.storage.database import Database
from timbre_spider.storage.process import ProcessIdentity
from timbre_spider.storage.runs import Runs

pytestmark = pytest.mark.integration

HOSTILE = '<script>alert(1)</script>"\u202e\x1b'
TRAFFIC = {
    "requests": 40, "retries": 1, "statuses": {"200": 38, "429": 2}, "most_at_once": 1, "most_per_minute": 31,
    "limit_per_minute": 30, "shut": "it refuses us: <b>no</b>",
}  # fmt: skip
PROGRESS = {
    "at": "2026-11-28T12:00:00Z", "seconds": 75.0, "log": None,
    "songs": {"stored": 1207, "wanted": 3000, "folded": 3100, "merged": 1, "recalled": 12},
    "rows": {"chart": 30_000, "stored": 5, "rejected": 0, "beyond": 0},
    "outcomes": {"open": {"found": 900, "absent": 30, "refused": 0, "deferred": 0, "failed": 7}},
    "requests": {"aoty": TRAFFIC},
    "waits": {
        "open": {"songs": 312, "waits_for": {"deezer": "a turn, of 300 a minute", "listenbrainz": "an answer"}},
        "aoty": {"songs": 1, "waits_for": {}},
    },
}  # fmt: skip


def text(page: httpx2.Response) -> str:
    assert page.status_code == 200
    return " ".join(html.fromstring(page.text).text_content().split())


def test_a_database_without_runs_has_a_page(client: httpx2.Client) -> None:
    page = client.get("/")
    assert "There was no run yet." in text(page)
    assert page.headers["content-security-policy"].startswith("default-src 'self';")
    assert "no LASTFM_API_KEY" in text(page)


def test_a_run_that_goes_on_is_shown_with_its_figures(client: httpx2.Client, database: Database) -> None:
    runs = Runs(database)
    run = runs.start("lastfm_top", sandbox=True, listener=HOSTILE, job_id="j")
    runs.tell_alive(run, PROGRESS)
    page = client.get("/")
    shown = text(page)
    for part in (
        "1,207 of 3,000", "1 min 15 s", "30,000", "429: 2", "it refuses us: <b>no</b>", "1 song with aoty",
        "312 songs with open: deezer for a turn, of 300 a minute, listenbrainz for an answer",
    ):  # fmt: skip
        assert part in shown
    tree = html.fromstring(page.text)
    assert not tree.xpath("//script[not(@src)] | //b")
    assert tree.xpath("string(//h2[@id='run1']/bdi)") == '<script>alert(1)</script>"\\u202e\\u001b'
    assert tree.xpath("//td[contains(@class, 'bad')]/text()") == ["7", "31"]


WRONG = [
    ({"max_tracks": "0", "sources": "aoty"}, "max tracks:"),
    ({"max_tracks": "many", "sources": "aoty"}, "max tracks:"),
    ({"user": "a b", "sources": "aoty"}, "user:"),
    ({"user": "ann", "listenbrainz": "ben", "sources": "aoty"}, "give one of them"),
    ({"sources": "[]"}, "sources:"),
    ({"more": "1", "sources": "aoty"}, "more:"),
    ({"user": "ann"}, "at least one source"),
]


def test_a_form_filled_in_wrong_comes_back_with_what_is_wrong(client: httpx2.Client) -> None:
    for filled, said in WRONG:
        page = client.post("/do/start", data=filled, headers={"origin": str(client.base_url)})
        assert page.status_code == 422
        tree = html.fromstring(page.text)
        assert said in tree.xpath("string(//*[@role='alert'])")
        assert tree.xpath("string(//input[@name='user']/@value)") == filled.get("user", "")


def test_no_other_page_can_start_a_run(client: httpx2.Client) -> None:
    for headers in ({}, {"origin": "http://evil.example"}):
        assert client.post("/do/start", data={"sources": "open"}, headers=headers).status_code == 403
    assert client.get("/do/start").status_code == 405


def test_a_second_run_of_a_listener_is_told_why_not(client: httpx2.Client, database: Database) -> None:
    Runs(database).start("lastfm_top", sandbox=True, listener="ann")
    page = client.post("/do/start", data={"sources": "open", "user": "ann"}, headers={"origin": str(client.base_url)})
    assert "A run of ann goes on" in html.fromstring(page.text).xpath("string(//*[@role='alert'])")


def test_what_a_dry_run_printed_can_be_read(client_of: Callable[..., httpx2.Client], tmp_path: Path) -> None:
    folder = tmp_path / "data" / "service"
    folder.mkdir(parents=True)
    here = ProcessIdentity.of_this_one()
    run = StartedRun(
        id="r", asked=StartRun(dry_run=True), listener="ann", started_at=datetime.now(UTC), host=here.host,
        process_id=here.number, process_started=1.0,
    )  # fmt: skip
    (folder / "r.json").write_text(run.model_dump_json())
    (folder / "r.txt").write_text(f"aoty 12 questions {HOSTILE}")
    assert "(a dry run)aoty 12 questions <script>" in text(client_of().get("/"))
