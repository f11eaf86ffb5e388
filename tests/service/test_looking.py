"""What the service tells of the database, of runs and of itself."""

from collections.abc import Callable
from pathlib import Path
from uuid import uuid4

import httpx2
import pytest

from tests.storage.making import album, song, store
from timbre_spider.storage.counts import counts, counts_reckoned
from timbre_spider.storage.database import Database
from timbre_spider.storage.runs import Runs

pytestmark = pytest.mark.integration


def test_counts_and_stats_tell_what_is_stored(database: Database, client_of: Callable[..., httpx2.Client]) -> None:
    store(database, song("A", "T"), song("A", "U"))
    runs = Runs(database)
    summary = {"songs": {"stored": 2}, "plan": 1, "page_cache": {"hits": 1, "misses": 2}, "hot_answers": None}
    runs.finish(runs.start("lastfm_top", sandbox=True, listener="me"), "finished", summary)
    client = client_of()
    assert client.get("/database/counts").json()["songs"] == 2
    told = client.get("/stats").json()
    assert told["counts"]["aliases"] == 2
    assert told["last_run"]["finish_reason"] == "finished"
    del summary["plan"]
    assert told["last_run"]["summary"] == summary
    assert told["caches"] == {"pages": {"hits": 1, "misses": 2, "hit_percent": 33.3}}
    runs.tell_alive(runs.start("lastfm_top", sandbox=True), {"hot_answers": {"hits": 0, "misses": 0}})
    assert client.get("/stats").json()["caches"] == {"answers": {"hits": 0, "misses": 0, "hit_percent": None}}


def test_counts_can_be_reckoned_meanwhile(database: Database) -> None:
    store(database, song("A", "T", number=1, aoty=album(1)), song("A", "U"))
    with database.connect() as connection:
        connection.execute("ANALYZE songs, aoty_attrs, aliases, song_keys, lastfm_stats, spotify_attrs")
    reckoned = counts_reckoned(database)
    counted = counts(database)
    assert list(reckoned) == list(counted)
    analyzed = ("songs", "with_isrc", "with_spotify", "with_aoty", "aliases", "song_keys")
    assert {name: reckoned[name] for name in analyzed} == {name: counted[name] for name in analyzed}


def test_runs_are_told_page_by_page_the_newest_first(database: Database, client: httpx2.Client) -> None:
    runs = Runs(database)
    made = [str(runs.start("lastfm_top", sandbox=True, parameters={"max": each})) for each in range(5)]
    seen, page = [], client.get("/runs?limit=2").json()
    seen += [run["id"] for run in page["runs"]]
    while page["next"]:
        page = client.get(f"/runs?limit=2&before={page['next']}").json()
        seen += [run["id"] for run in page["runs"]]
    assert seen == made[::-1]


def test_a_run_is_told_whole_and_an_unknown_one_is_not_found(database: Database, client: httpx2.Client) -> None:
    runs = Runs(database)
    run_id = runs.start("lastfm_top", sandbox=True)
    runs.tell_alive(run_id, {"songs": {"stored": 7}})
    assert client.get(f"/runs/{run_id}").json()["progress"] == {"songs": {"stored": 7}}
    runs.finish(run_id, "finished", {"plan": "whole"})
    told = client.get(f"/runs/{run_id}").json()
    assert (told["summary"], told["progress"]) == ({"plan": "whole"}, None)
    assert client.get(f"/runs/{uuid4()}").status_code == 404
    assert client.get("/runs/x").status_code == 422


def test_a_log_is_read_from_its_folder_alone_and_without_secrets(
    database: Database, client_of: Callable[..., httpx2.Client], tmp_path: Path
) -> None:
    client = client_of(lastfm_api_key="secret-of-lastfm")
    inside, outside = tmp_path / "logs" / "a.log", tmp_path / "b.log"
    inside.parent.mkdir()
    for path in (inside, outside):
        path.write_text("".join(f"line {number} secret-of-lastfm\n" for number in range(30)))
    link = inside.with_name("link.log")
    link.symlink_to(outside)
    runs = Runs(database)
    logs = {}
    for path in (inside, outside, inside.parent / ".." / "b.log", link, inside.parent, Path("/etc/passwd")):
        run_id = runs.start("lastfm_top", sandbox=True)
        runs.tell_alive(run_id, {"log": str(path)})
        logs[path] = client.get(f"/runs/{run_id}/log?lines=2")
    assert logs.pop(inside).text == "line 28 ***\nline 29 ***\n"
    assert {answer.status_code for answer in logs.values()} == {404}


def test_health_tells_what_is_well(database: Database, client_of: Callable[..., httpx2.Client], tmp_path: Path) -> None:
    client = client_of()
    told = client.get("/health")
    assert (told.status_code, told.json()["status"]) == (200, "good")
    spool = tmp_path / "data" / "spool"
    spool.mkdir()
    (spool / "1.jsonl").write_text("{}\n")
    told = client.get("/health")
    assert (told.status_code, told.json()["status"], told.json()["spool"]["state"]) == (200, "degraded", "bad")


def test_health_tells_when_spotify_is_locked_and_when_a_run_last_went_well(
    database: Database, client: httpx2.Client
) -> None:
    assert client.get("/health").json()["last_good_run"] is None
    database.call(
        "timbre_lock_spotify_calls",
        {"bucket": "search", "at": "2026-01-01T00:00:00Z", "until": "2999-01-01T00:00:00Z"},
    )
    database.call(
        "timbre_lock_spotify_calls", {"bucket": "album", "at": "2026-01-01T00:00:00Z", "until": "2026-01-01T12:00:00Z"}
    )
    runs = Runs(database)
    runs.finish(runs.start("lastfm_top", sandbox=True), "finished", {"error": None})
    good = client.get("/health").json()["last_good_run"]
    runs.finish(runs.start("lastfm_top", sandbox=True), "finished", {"error": "x"})
    runs.finish(runs.start("lastfm_top", sandbox=True), "shutdown", {})
    told = client.get("/health").json()
    assert good is not None
    assert told["last_good_run"] == good
    assert list(told["locks"]) == ["search"]


def test_without_a_database_the_service_says_so(client_of: Callable[..., httpx2.Client], database: Database) -> None:
    database.hang_up()
    database._conninfo = "host=/nowhere dbname=x connect_timeout=1"
    database.connect = lambda: Database.connect(database)  # type: ignore[method-assign]  # not started again
    client = client_of()
    told = client.get("/health")
    assert (told.status_code, told.json()["status"]) == (503, "down")
    assert client.get("/runs").status_code == 503
    assert "cannot be reached" in client.get("/runs").json()["detail"]
