"""The record of runs: how each is told, and how one that cannot tell its end is closed."""

import subprocess
import sys
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any
from uuid import uuid4

import psutil
import psycopg
import pytest
from psycopg.types.json import Jsonb

from tests.storage.making import look, song, store
from timbre_spider import __version__
from timbre_spider.errors import WrongWorld
from timbre_spider.storage.database import Database
from timbre_spider.storage.process import ProcessIdentity
from timbre_spider.storage.runs import Runs, check_world

pytestmark = pytest.mark.integration

ENDS = "SELECT id, finish_reason FROM runs ORDER BY started_at"


@pytest.fixture
def runs(database: Database) -> Runs:
    return Runs(database)


def test_a_run_says_who_asked_for_what_with_which_program(database: Database, runs: Runs) -> None:
    run_id = runs.start("lastfm_top", sandbox=True, listener="me", parameters={"max": 5}, job_id="job 1")
    query = "SELECT id, spider, listener, parameters, job_id, version, process_id, finished_at FROM runs"
    asked = (run_id, "lastfm_top", "me", {"max": 5}, "job 1", __version__, psutil.Process().pid, None)
    assert look(database, query) == [asked]


@pytest.mark.parametrize("sandbox", [True, False])
def test_made_up_and_real_songs_never_mix(database: Database, runs: Runs, sandbox: bool) -> None:
    runs.finish(runs.start("lastfm_top", sandbox=sandbox), "finished", {})
    check_world(database, sandbox=not sandbox)  # nothing is stored yet
    runs.finish(runs.start("lastfm_top", sandbox=not sandbox), "finished", {})
    store(database, song())
    here, wanted = ("live services", "the sandbox") if sandbox else ("the sandbox", "live services")
    told = rf"taken by songs of {here}, this run is against {wanted}; .* DATABASE_URL or DATA_DIR"
    with pytest.raises(WrongWorld, match=told):
        runs.start("lastfm_top", sandbox=sandbox)
    with pytest.raises(WrongWorld, match=told):
        check_world(database, sandbox=sandbox)
    runs.start("lastfm_top", sandbox=not sandbox)  # a run of the other world that stored nothing locks nobody out


def test_songs_that_no_run_stored_are_of_either_world(database: Database) -> None:
    store(database, song())
    assert [database.call("timbre_other_world", {"sandbox": sandbox}) for sandbox in (True, False)] == [False, False]


def test_while_a_run_goes_on_none_of_the_other_world_starts(database: Database, runs: Runs) -> None:
    first = runs.start("lastfm_top", sandbox=True)
    with pytest.raises(WrongWorld):
        runs.start("lastfm_top", sandbox=False)
    runs.start("lastfm_top", sandbox=True)
    move_to(database, process_started=0.0)  # killed
    last = runs.start("lastfm_top", sandbox=False)
    assert look(database, "SELECT id, sandbox FROM runs WHERE id = ANY (%s) ORDER BY started_at", [first, last]) == [
        (first, True),
        (last, False),
    ]


def test_of_two_worlds_at_one_moment_one_is_refused(database: Database, runs: Runs) -> None:
    other = {"id": str(uuid4()), "spider": "lastfm_top", "sandbox": False, "parameters": {}}
    with ThreadPoolExecutor(1) as pool:
        with database.connect() as connection, connection.transaction():
            connection.execute("SELECT timbre_start_run(%s)", [Jsonb(other)])
            started = pool.submit(runs.start, "lastfm_top", sandbox=True)
            wait_for_lock(connection, started)
        with pytest.raises(WrongWorld):
            started.result()


def wait_for_lock(connection: psycopg.Connection, started: "Future[Any]") -> None:
    """Until somebody waits for what the connection's transaction holds, or has not waited."""
    while not started.done():
        if connection.execute("SELECT 1 FROM pg_locks WHERE locktype = 'advisory' AND NOT granted").fetchone():
            return


def move_to(database: Database, **columns: object) -> None:
    """Pretends that the open runs are of another process."""
    with database.connect() as connection:
        for name, value in columns.items():
            connection.execute(f"UPDATE runs SET {name} = %s WHERE finished_at IS NULL", [value])  # noqa: S608


def test_the_next_run_closes_one_whose_process_is_gone_at_the_time_it_was_last_heard_of(
    database: Database, runs: Runs
) -> None:
    killed = runs.start("lastfm_top", sandbox=True)
    process = subprocess.Popen([sys.executable, "-c", ""])
    process.wait()
    move_to(database, process_id=process.pid)
    runs.tell_alive(killed, {})
    going_on = runs.start("lastfm_top", sandbox=True)
    assert look(database, ENDS) == [(killed, "killed"), (going_on, None)]
    query = "SELECT finished_at = alive_at AND finished_at > started_at FROM runs WHERE finish_reason = 'killed'"
    assert look(database, query) == [True]


def test_a_number_that_another_process_has_now_is_a_process_gone(database: Database, runs: Runs) -> None:
    killed = runs.start("lastfm_top", sandbox=True)
    move_to(database, process_started=psutil.Process().create_time() - 10)
    assert runs.close_lost() == {killed: "killed"}


@pytest.mark.parametrize(("silent", "closed"), [(15 * 60 - 60, None), (15 * 60 + 60, "lost")])
def test_a_run_on_another_machine_is_lost_when_it_is_silent_for_long(
    database: Database, runs: Runs, silent: int, closed: str | None
) -> None:
    run_id = runs.start("lastfm_top", sandbox=True)
    move_to(database, host="elsewhere.example", process_id=1)
    with database.connect() as connection:
        connection.execute("UPDATE runs SET alive_at = now() - make_interval(secs => %s)", [silent])
    assert runs.close_lost() == ({run_id: closed} if closed else {})


@pytest.mark.parametrize(("silent", "closed"), [(15 * 60 - 60, None), (15 * 60 + 60, "lost")])
def test_a_run_of_a_program_that_told_no_process_too(
    database: Database, runs: Runs, silent: int, closed: str | None
) -> None:
    run_id = runs.start("lastfm_top", sandbox=True)
    move_to(database, process_id=None, process_started=None)
    with database.connect() as connection:
        connection.execute("UPDATE runs SET alive_at = now() - make_interval(secs => %s)", [silent])
    assert runs.close_lost() == ({run_id: closed} if closed else {})


def test_a_run_that_goes_on_here_is_not_closed_however_silent(database: Database, runs: Runs) -> None:
    runs.start("lastfm_top", sandbox=True)
    with database.connect() as connection:
        connection.execute("UPDATE runs SET alive_at = now() - interval '1 day'")
    assert runs.close_lost() == {}


def test_a_run_taken_for_lost_still_says_how_it_ended(database: Database, runs: Runs) -> None:
    run_id = runs.start("lastfm_top", sandbox=True)
    move_to(database, process_started=0.0)
    runs.close_lost()
    runs.finish(run_id, "finished", {"songs": 1})
    assert look(database, ENDS) == [(run_id, "finished")]


def ended(runs: Runs, coverage: float, **asked: Any) -> None:
    """A run that ended; as the one whose account is looked at was asked, save for what `asked` says."""
    reason = asked.pop("reason", "finished")
    spider = asked.pop("spider", "lastfm_top")
    run_id = runs.start(spider, sandbox=True, **{"listener": "me", "parameters": {"max": 5}, **asked})
    runs.finish(run_id, reason, {"coverage_percent": {"isrc": coverage}})


def test_the_account_of_a_run_is_held_against_the_last_run_that_was_asked_the_same(
    database: Database, runs: Runs
) -> None:
    ended(runs, 1)
    ended(runs, 2)
    ended(runs, 3, reason="shutdown")
    ended(runs, 4, parameters={"max": 6})
    ended(runs, 5, listener="you")
    ended(runs, 6, spider="backfill")
    this = runs.start("lastfm_top", sandbox=True, listener="me", parameters={"max": 5})
    assert runs.facts(this, []).last_coverage == {"isrc": 2.0}
    runs.finish(this, "finished", {"coverage_percent": {"isrc": 7.0}})
    assert runs.facts(this, []).last_coverage == {"isrc": 2.0}  # not against itself
    assert runs.facts(runs.start("aoty_charts", sandbox=True, listener="me"), []).last_coverage is None


def test_runs_without_a_listener_are_held_against_each_other_and_not_against_one_without_an_account(
    database: Database, runs: Runs
) -> None:
    ended(runs, 1, listener=None)
    ended(runs, 2, listener=None)
    with database.connect() as connection:
        connection.execute("UPDATE runs SET summary = NULL WHERE started_at = (SELECT max(started_at) FROM runs)")
    ended(runs, 3)
    this = runs.start("lastfm_top", sandbox=True, parameters={"max": 5})
    assert runs.facts(this, []).last_coverage == {"isrc": 1.0}


@pytest.mark.parametrize(("silent", "closed"), [(15 * 60 - 60, None), (15 * 60 + 60, "lost")])
def test_a_run_never_heard_of_is_silent_since_it_began(
    database: Database, runs: Runs, silent: int, closed: str | None
) -> None:
    run_id = runs.start("lastfm_top", sandbox=True)
    move_to(database, host="elsewhere.example", process_id=1, alive_at=None)
    with database.connect() as connection:
        connection.execute("UPDATE runs SET started_at = now() - make_interval(secs => %s)", [silent])
    assert runs.close_lost() == ({run_id: closed} if closed else {})
    assert look(database, "SELECT finished_at = started_at FROM runs") == [True if closed else None]


@pytest.mark.parametrize(
    ("listeners", "rows"), [(["me"], 2), (["you"], 1), (["me", "you"], 3), (["nobody"], 0), ([], 0)]
)
def test_rows_are_those_of_the_listeners_whose_songs_were_stored(
    database: Database, runs: Runs, listeners: list[str], rows: int
) -> None:
    store(database, song("A", "T", 3), song("A", "U", 4), song("A", "T", 50, listener="you"))
    facts = runs.facts(runs.start("worker", sandbox=True), listeners)
    assert (facts.aliases, facts.songs_without_key) == (rows, 0)


def test_a_run_that_ended_is_neither_alive_nor_closed_again(database: Database, runs: Runs) -> None:
    over = runs.start("lastfm_top", sandbox=True)
    runs.finish(over, "finished", {})
    before = look(database, "SELECT alive_at, finished_at, finish_reason FROM runs")
    runs.tell_alive(over, {})
    database.call("timbre_close_run", {"id": str(over), "finish_reason": "lost"})
    assert look(database, "SELECT alive_at, finished_at, finish_reason FROM runs") == before
    with database.connect() as connection:
        connection.execute("UPDATE runs SET process_started = 0")
    assert runs.close_lost() == {}


def test_a_run_that_lasts_is_lost_only_by_its_silence(database: Database, runs: Runs) -> None:
    run_id = runs.start("lastfm_top", sandbox=True)
    move_to(database, host="elsewhere.example", started_at="2020-01-01")
    runs.tell_alive(run_id, {})
    assert runs.close_lost() == {}


def test_only_the_lost_run_is_closed(database: Database, runs: Runs) -> None:
    lost, here = (runs.start("lastfm_top", sandbox=True) for _ in range(2))
    with database.connect() as connection:
        connection.execute("UPDATE runs SET process_started = 0 WHERE id = %s", [lost])
    assert runs.close_lost() == {lost: "killed"}
    assert look(database, "SELECT id FROM runs WHERE finished_at IS NULL") == [here]


def test_a_song_without_a_key_is_seen(database: Database, runs: Runs) -> None:
    store(database, song())
    with database.connect() as connection:
        connection.execute("DELETE FROM song_keys")
    assert runs.facts(runs.start("backfill", sandbox=True), []).songs_without_key == 1


def test_this_process_is_here_and_not_gone() -> None:
    process = ProcessIdentity.of_this_one()
    assert process.is_here
    assert not process.is_gone


def test_a_process_that_ended_is_gone() -> None:
    child = subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE)
    started = psutil.Process(child.pid).create_time()
    identity = ProcessIdentity(ProcessIdentity.of_this_one().host, child.pid, started)
    assert not identity.is_gone
    child.communicate(b"")
    assert identity.is_gone
