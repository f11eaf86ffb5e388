"""Who changes who is who holds a lock until the transaction ends, so that nobody else does meanwhile."""

from uuid import UUID

import pytest
from psycopg.types.json import Jsonb

from tests.storage.making import song, store
from timbre_spider.storage.database import Database

pytestmark = pytest.mark.integration

SONGS, RUNS = (7306081, 1), (7306081, 3)
IDS = {name: UUID(int=number) for number, name in enumerate("abc", 1)}
SEEN = {"n": 0, "number": 1, "kind": "album", "seen_at": "2026-03-01", "place": "x", "key": "a|b", "url": "/album/1",
    "artist": "A", "title": "B"}  # fmt: skip
RUN = {"id": str(UUID(int=9)), "spider": "x", "sandbox": True, "parameters": {}}
HELD = "SELECT classid::int, objid::int FROM pg_locks WHERE locktype = 'advisory' AND pid = pg_backend_pid()"
# What is called, and the lock it takes; None: it changes no song.
CALLS = [
    ("SELECT timbre_absorb(%(a)s, %(b)s, 'name', NULL, NULL)", SONGS),
    ("SELECT timbre_absorb(%(a)s, %(a)s, 'name', NULL, NULL)", SONGS),
    ("SELECT timbre_part_merge((SELECT id FROM merges), NULL)", SONGS),
    ("SELECT timbre_part_aliases(%(a)s, '{}', 'x', 1)", SONGS),
    ("SELECT timbre_forget('nobody')", SONGS),
    ("SELECT timbre_load('{\"songs\": []}')", SONGS),
    ("SELECT timbre_load(%(seen)s)", SONGS),
    ("SELECT timbre_load('{\"albums\": []}')", None),
    ('SELECT timbre_load(\'{"answers": [], "rejects": [], "questions": []}\')', None),
    ("SELECT timbre_judge_due('9')", None),
    ("WITH d AS (DELETE FROM song_quality) SELECT 1; SELECT timbre_judge_due('9')", SONGS),
    ("SELECT timbre_start_run(%(run)s)", RUNS),
]


def test_which_lock_is_held(database: Database) -> None:
    store(database, *(song("A", name, song_id=each) for name, each in IDS.items()))
    arguments = IDS | {"seen": Jsonb({"albums": [SEEN]}), "run": Jsonb(RUN)}
    held = []
    with database.connect() as connection:
        connection.execute("SELECT timbre_absorb(%(c)s, %(b)s, 'name', NULL, NULL)", IDS)
        connection.execute("SELECT timbre_judge_due('9')")
        for calls, _ in CALLS:
            with connection.transaction(force_rollback=True):
                for call in calls.split("; "):
                    connection.execute(call.encode(), arguments)
                held.append(connection.execute(HELD).fetchone())
    assert held == [lock for _, lock in CALLS]
