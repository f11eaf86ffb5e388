"""Events and metrics over HTTP."""

import json
import threading
from collections.abc import Iterator

import httpx2
import pytest
from prometheus_client.parser import text_string_to_metric_families

from tests.storage.making import song, store
from timbre_spider.storage.database import Database
from timbre_spider.storage.runs import Runs

pytestmark = pytest.mark.integration


def events(answer: httpx2.Response) -> Iterator[dict[str, object]]:
    for line in answer.iter_lines():
        if line.startswith("data:"):
            yield json.loads(line.removeprefix("data:"))


def test_events_tell_how_it_is_and_what_changes(database: Database, client: httpx2.Client) -> None:
    runs = Runs(database)
    run_id = runs.start("lastfm_top", sandbox=True, listener="me")
    with client.stream("GET", "/events") as answer:
        assert answer.headers["content-type"].startswith("text/event-stream")
        told = events(answer)
        first = next(told)
        assert first["running"] is True
        threading.Thread(target=runs.tell_alive, args=(run_id, {"songs": {"stored": 7}})).start()
        assert next(told)["runs"][0]["progress"] == {"songs": {"stored": 7}}  # type: ignore[index]
        threading.Thread(target=runs.finish, args=(run_id, "finished", {})).start()
        assert next(told) == {"running": False, "runs": []}


def test_metrics_are_what_prometheus_reads(database: Database, client: httpx2.Client) -> None:
    store(database, song("A", "T"), song("A", "U"))
    runs = Runs(database)
    summary = {
        "songs": {"stored": 2},
        "outcomes": {"aoty": {"found": 1}},
        "coverage_percent": {"isrc": 50.0, "x": None},
        "hot_answers": {"hits": 3, "misses": 1},
    }
    runs.finish(runs.start("lastfm_top", sandbox=True), "finished", summary)
    running = runs.start("lastfm_top", sandbox=True)
    runs.tell_alive(running, {"songs": {"stored": 1, "wanted": 5}, "hot_answers": {"hits": 5, "misses": 2}})
    other = {"hot_answers": {"hits": 10, "misses": 0}, "page_cache": {"hits": 0, "misses": 4}}
    runs.tell_alive(runs.start("lastfm_top", sandbox=True), other)
    client.get("/runs")
    client.get(f"/runs/{running}")
    values = {
        (sample.name, *sorted(sample.labels.values())): sample.value
        for family in text_string_to_metric_families(client.get("/metrics").text)
        for sample in family.samples
    }
    assert values["timbre_database_up",] == 1
    assert values["timbre_rows", "songs"] == 2
    assert values["timbre_runs_going_on",] == 2
    assert values["timbre_last_good_run_seconds",] > 1.7e9
    assert values["timbre_last_outcomes", "aoty", "found"] == 1
    assert values["timbre_last_coverage_percent", "isrc"] == 50
    assert values["timbre_running_songs", "wanted"] == 5
    assert {name[1:]: value for name, value in values.items() if name[0] == "timbre_running_cache_lookups"} == {
        ("answers", "hit"): 15, ("answers", "miss"): 2, ("hit", "pages"): 0, ("miss", "pages"): 4,
    }  # fmt: skip
    assert values["timbre_last_cache_lookups", "answers", "hit"] == 3
    assert values["timbre_service_answer_seconds_count", "/runs/{run_id}", "200"] == 1
