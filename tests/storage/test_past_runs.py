"""The rows of runs, as those who look at them ask for them."""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from psycopg.types.json import Jsonb

from timbre_spider.storage.database import Database
from timbre_spider.storage.past_runs import (
    last_run,
    list_runs,
    open_runs,
    run_before,
    run_called,
    run_of,
    tiers_of,
)
from timbre_spider.storage.process import ProcessIdentity

pytestmark = pytest.mark.integration

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)
SUMMARY = {"songs": {"stored": 7}, "error": None, "rows": {"chart": 9}}


def keep(database: Database, number: int, hours: int, **given: Any) -> UUID:
    """A run of that number, which began so many hours after noon; ended well, unless it says otherwise."""
    row = {
        "id": UUID(int=number), "spider": "lastfm_top", "listener": "ann", "sandbox": False,
        "parameters": {"max": 5}, "started_at": NOON + hours * HOUR, "finished_at": NOON + (hours + 1) * HOUR,
        "finish_reason": "finished", "summary": SUMMARY, **given,
    }  # fmt: skip
    values = [Jsonb(each) if isinstance(each, dict) else each for each in row.values()]
    query = f"INSERT INTO runs ({', '.join(row)}) VALUES ({', '.join(['%s'] * len(row))})"  # noqa: S608
    with database.connect() as connection:
        connection.execute(query, values)
    return UUID(int=number)


GOES_ON: dict[str, Any] = {"finished_at": None, "finish_reason": None, "summary": None}


def numbers(runs: Any) -> list[int]:
    return [each.id.int for each in runs]


def test_the_newest_come_first_and_those_before_one_follow(database: Database) -> None:
    for number, hours in ((1, 0), (3, 1), (2, 1), (4, 2)):
        keep(database, number, hours)
    assert numbers(list_runs(database, limit=9)) == [4, 3, 2, 1]
    assert numbers(list_runs(database, limit=2)) == [4, 3]
    assert numbers(list_runs(database, limit=2, before=UUID(int=3))) == [2, 1]
    # A list has of a summary what tells runs apart, a run's own row has all.
    assert list_runs(database, limit=1)[0].summary == {"songs": {"stored": 7}, "error": None}
    told = run_of(database, UUID(int=4))
    assert told is not None
    assert (told.summary, told.parameters, told.started_at) == (SUMMARY, {"max": 5}, NOON + 2 * HOUR)
    assert run_of(database, UUID(int=9)) is None


def test_those_that_go_on_come_the_oldest_first(database: Database) -> None:
    for number, hours in ((1, 2), (2, 1)):
        keep(database, number, hours, **GOES_ON)
    keep(database, 3, 0)
    assert numbers(open_runs(database)) == [2, 1]


def test_a_scheduler_s_job_is_its_last_run(database: Database) -> None:
    for number, hours, job in ((1, 1, "job 7"), (2, 2, "job 7"), (3, 0, "job 7"), (4, 3, "job 8")):
        keep(database, number, hours, job_id=job)
    told = run_called(database, "job 7")
    assert (told and told.id.int, told and told.summary, run_called(database, "job 9")) == (2, SUMMARY, None)


def test_the_last_run_is_the_last_that_ended_and_a_good_one_did_what_it_was_asked(database: Database) -> None:
    assert last_run(database) is None
    keep(database, 1, 0)
    keep(database, 2, 1)
    keep(database, 3, 2, summary=SUMMARY | {"error": "gone"})
    keep(database, 4, 3, finish_reason="shutdown")
    keep(database, 5, 4, **GOES_ON)
    told = [last_run(database), last_run(database, good=True)]
    assert [each and each.id.int for each in told] == [4, 2]


@pytest.mark.parametrize(
    ("given", "found"),
    [
        ({}, 1),
        ({"spider": "history"}, None),
        ({"listener": "bob"}, None),
        ({"listener": None}, None),
        ({"parameters": {"max": 6}}, None),
        ({"summary": None}, None),
        ({"started_at": NOON + HOUR}, None),
        ({"finish_reason": "shutdown"}, 1),
    ],
)
def test_the_run_before_was_asked_the_same_and_told_how_it_went(
    database: Database, given: dict[str, Any], found: int | None
) -> None:
    keep(database, 1, 0, **given)
    now = run_of(database, keep(database, 2, 1))
    assert now is not None
    before = run_before(database, now)
    assert (before and before.id.int) == found


def test_of_several_runs_before_it_is_the_last_and_none_is_a_listener_too(database: Database) -> None:
    for number, hours in ((1, 1), (2, 0), (3, 3), (4, 2)):
        keep(database, number, hours, listener=None)
    now = run_of(database, UUID(int=4))
    assert now is not None
    before = run_before(database, now)
    assert (before and before.id.int, before and before.summary) == (1, SUMMARY)


def test_how_sure_the_answers_of_a_run_are(database: Database) -> None:
    told = [
        (-1, "open", "found", "high"),
        (0, "spotify", "found", "exact"),
        (1, "spotify", "found", "exact"),
        (1, "open", "absent", "high"),
        (1, "labs", "found", None),
        (1, "aoty", "found", "low"),
        (3, "open", "found", "low"),
    ]
    with database.connect() as connection:
        connection.cursor().executemany(
            "INSERT INTO answers (source, key, outcome, asked_at, tier) VALUES (%s, %s, %s, %s, %s)",
            [
                (source, f"hash:{n}", way, NOON + hours * HOUR, tier)
                for n, (hours, source, way, tier) in enumerate(told)
            ],
        )
    ended, goes_on = keep(database, 1, 0), keep(database, 2, 2, **GOES_ON)
    tiers = [tiers_of(database, run) for run in (run_of(database, each) for each in (ended, goes_on)) if run]
    assert tiers == [{"aoty low": 1, "spotify exact": 2}, {"open low": 1}]
    assert list(tiers[0]) == ["aoty low", "spotify exact"]


@pytest.mark.parametrize("lacking", ["host", "process_id", "process_started"])
def test_a_row_tells_its_process_where_all_of_it_is_kept(database: Database, lacking: str) -> None:
    known = {"host": "here", "process_id": 7, "process_started": 5.5}
    runs = [run_of(database, keep(database, n, n, **each)) for n, each in enumerate((known, known | {lacking: None}))]
    assert [run and run.process for run in runs] == [ProcessIdentity("here", 7, 5.5), None]
