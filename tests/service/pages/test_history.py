"""The pages of past runs."""

from uuid import uuid4

import httpx2
import pytest
from lxml import html

from tests.service.pages.test_now import HOSTILE, PROGRESS
from tests.storage.making import NOW
from timbre_spider.storage.database import Database
from timbre_spider.storage.runs import Runs

pytestmark = pytest.mark.integration


def summary(isrc: float, **parts: object) -> dict[str, object]:
    return PROGRESS | {
        "coverage_percent": {"isrc": isrc, "spotify_id": 80.0}, "error": None,
        "plays": {"chart": 90_000, "stored": 60_000, "rejected": 10, "beyond": 29_990},
        "rows": {"chart": 30_000, "stored": 21_000, "rejected": 17, "beyond": 8_983},
        "sanity": [{"says": "rows <add> up", "passed": False, "expected": 3, "found": 4}],
        "log_counts": {"WARNING": 0, "ERROR": 2}, "peak_memory_mb": 100.0, **parts,
    }  # fmt: skip


def text(tree: html.HtmlElement) -> str:
    return " ".join(tree.text_content().split())


@pytest.fixture
def two(database: Database) -> list[str]:
    """The ids of two runs that were asked the same: the later one worse."""
    runs, ids = Runs(database), []
    for isrc in (95.0, 71.5):
        run = runs.start("lastfm_top", sandbox=True, listener=HOSTILE, parameters={"max": 3000})
        runs.finish(run, "finished", summary(isrc))
        ids.append(str(run))
    return ids


def test_the_list_says_what_got_worse(client: httpx2.Client, two: list[str]) -> None:
    tree = html.fromstring(client.get("/history").text)
    later, earlier = tree.xpath("//tbody/tr")
    assert later.xpath(".//a/@href") == [f"/history/{two[1]}"]
    assert "isrc -23.5 %" in text(later)
    assert "isrc" not in text(earlier)
    assert not tree.xpath("//script[not(@src)]")


def test_a_run_stands_beside_the_one_before(client: httpx2.Client, two: list[str]) -> None:
    tree = html.fromstring(client.get(f"/history/{two[1]}").text)
    shown = text(tree)
    for part in ("isrc: 71.5 %, was 95.0 %", "30,000 rows in", "17 turned away", "8,983 in songs beyond"):
        assert part in shown
    assert tree.xpath("//a[text()='the run before']/@href") == [f"/history/{two[0]}"]
    assert "wrong rows <add> up expected 3, found 4" in shown
    assert "Nothing got worse" not in shown


def test_a_run_asked_something_else_is_not_compared(client: httpx2.Client, database: Database, two: list[str]) -> None:
    runs = Runs(database)
    run = runs.start("lastfm_top", sandbox=True, listener=HOSTILE, parameters={"max": 10})
    runs.finish(run, "finished", summary(10.0))
    assert "What got worse" not in client.get(f"/history/{run}").text


def test_the_sureness_of_its_answers_is_shown(client: httpx2.Client, database: Database, two: list[str]) -> None:
    with database.connect() as connection:
        connection.execute(
            "UPDATE runs SET started_at = %(at)s, finished_at = %(at)s WHERE id = %(id)s", {"at": NOW, "id": two[1]}
        )
        connection.execute(
            "INSERT INTO answers (asked_at, source, key, outcome, tier) SELECT %s, 'spotify', n::text, 'found', 'low'"
            " FROM generate_series(1, 7) n",
            [NOW],
        )
    tree = html.fromstring(client.get(f"/history/{two[1]}").text)
    assert text(tree.xpath("//tr[th='spotify low matches']")[0]).endswith("7")


def test_of_a_killed_run_it_is_said_what_it_was_doing(client: httpx2.Client, database: Database) -> None:
    runs = Runs(database)
    run = runs.start("lastfm_top", sandbox=True, listener="ann")
    runs.tell_alive(run, PROGRESS)
    database.call("timbre_close_run", {"id": str(run), "finish_reason": "killed"})
    shown = text(html.fromstring(client.get(f"/history/{run}").text))
    assert "what it was doing when last heard of" in shown
    assert "1,207 of 3,000" in shown


def test_a_run_there_is_none_of(client: httpx2.Client) -> None:
    assert client.get(f"/history/{uuid4()}").status_code == 404
    assert "There was no run yet" in client.get("/history").text
