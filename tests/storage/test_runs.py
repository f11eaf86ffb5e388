"""The record of runs: how each is told, and how one that cannot tell its end is closed."""

import subprocess
import sys

import psutil
import pytest

from tests.storage.making import look, song, store
from timbre_spider import __version__
from timbre_spider.storage.database import Database
from timbre_spider.storage.process import ProcessIdentity
from timbre_spider.storage.runs import LOST_AFTER_SECONDS, Runs

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
    runs.tell_alive(killed)
    going_on = runs.start("lastfm_top", sandbox=True)
    assert look(database, ENDS) == [(killed, "killed"), (going_on, None)]
    query = "SELECT finished_at = alive_at AND finished_at > started_at FROM runs WHERE finish_reason = 'killed'"
    assert look(database, query) == [True]


def test_a_number_that_another_process_has_now_is_a_process_gone(database: Database, runs: Runs) -> None:
    killed = runs.start("lastfm_top", sandbox=True)
    move_to(database, process_started=psutil.Process().create_time() - 10)
    assert runs.close_lost() == {killed: "killed"}


@pytest.mark.parametrize(("silent", "closed"), [(LOST_AFTER_SECONDS - 60, None), (LOST_AFTER_SECONDS + 60, "lost")])
def test_a_run_on_another_machine_is_lost_when_it_is_silent_for_long(
    database: Database, runs: Runs, silent: int, closed: str | None
) -> None:
    run_id = runs.start("lastfm_top", sandbox=True)
    move_to(database, host="elsewhere.example", process_id=1)
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


def test_the_account_of_a_run_is_held_against_the_listeners_rows_and_the_last_run_that_was_asked_the_same(
    database: Database, runs: Runs
) -> None:
    store(database, song())
    for number, (parameters, listener, reason) in enumerate(
        [({"max": 5}, "me", "finished"), ({"max": 5}, "me", "shutdown"), ({"max": 6}, "me", "finished")]
    ):
        run_id = runs.start("lastfm_top", sandbox=True, listener=listener, parameters=parameters)
        runs.finish(run_id, reason, {"coverage_percent": {"isrc": float(number)}})
    facts = runs.facts(runs.start("lastfm_top", sandbox=True, listener="me", parameters={"max": 5}))
    aliases, plays = look(database, "SELECT count(*), sum(playcount) FROM aliases WHERE listener = 'me'")[0]
    assert (facts.aliases, facts.plays) == (aliases, plays)
    assert facts.songs_without_key == 0
    assert facts.last_coverage == {"isrc": 0.0}


def test_a_song_without_a_key_is_seen(database: Database, runs: Runs) -> None:
    store(database, song())
    with database.connect() as connection:
        connection.execute("DELETE FROM song_keys")
    assert runs.facts(runs.start("backfill", sandbox=True)).songs_without_key == 1


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
