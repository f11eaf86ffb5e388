"""A listener forgotten: what is theirs alone goes, and nothing else."""

import pytest

from tests.storage.making import name_key, song, store
from tests.storage.test_listens import LASTFM, SPOTIFY, counted, heard, look, plays
from timbre_spider.items import Scrobbled
from timbre_spider.matching.identify import name_id
from timbre_spider.storage.forget import Forgotten, forget
from timbre_spider.storage.runs import Runs
from timbre_spider.storage.scrobbles import settle, settled

pytestmark = pytest.mark.integration

EVERYTHING = """SELECT t.name, jsonb_agg(t.told ORDER BY t.told::text) FROM (
    SELECT 'songs' AS name, to_jsonb(s) - '{created_at,updated_at}'::text[] AS told FROM songs s
    UNION ALL SELECT 'keys', to_jsonb(k) FROM song_keys k
    UNION ALL SELECT 'aliases', to_jsonb(a) FROM aliases a
    UNION ALL SELECT 'plays', to_jsonb(l) - 'updated_at' FROM lastfm_stats l
    UNION ALL SELECT 'listens', to_jsonb(l) FROM listens l
    UNION ALL SELECT 'rejects', to_jsonb(r) FROM rejects r
    UNION ALL SELECT 'questions', to_jsonb(q) FROM questions q
    UNION ALL SELECT 'answers', to_jsonb(a) FROM answers a
    UNION ALL SELECT 'merges', to_jsonb(m) FROM merges m
    UNION ALL SELECT 'scrobbled', to_jsonb(s) FROM scrobbled s
    UNION ALL SELECT 'read', to_jsonb(s) FROM scrobbles_read s
    UNION ALL SELECT 'runs', to_jsonb(r) FROM runs r
) t GROUP BY 1 ORDER BY 1"""


def live(database, listener, title, *users):
    """Songs alone and shared, two that became one, and all else that is kept of a listener."""
    kept = {"listener": listener, "plays": len(title), "number": len(title)}
    own = song("A", title, asked={("open", 0): name_key("A", title), ("aoty", 0): "album:x"}, **kept)
    spelled = song("A", f"{title}?", 2, listener=listener.upper())
    store(database, own, spelled, song("A", "shared", 7, listener=listener))
    with database.connect() as connection:
        absorb = "SELECT timbre_absorb(%s, %s, 'name', NULL, NULL)"
        connection.execute(absorb, [spelled.identity.song_id, own.identity.song_id])
        reject = "INSERT INTO rejects SELECT gen_random_uuid(), %s, 'A', 'x', 1, 'x'"
        connection.execute(reject, [listener])
        found = "INSERT INTO answers (source, key, outcome, asked_at) VALUES ('open', %s, 'found', now())"
        connection.execute(found, [name_key("A", title)])
        connection.execute("SELECT timbre_ledger_seal()")
    settle(database, listener, 0, 9, [Scrobbled("A", title, None, 1, 5, 5)])
    runs = Runs(database)
    runs.start("lastfm_top", sandbox=True, listener=listener)
    for each in users:
        runs.start("lastfm_top", sandbox=True, parameters={"users": each})
    return own.identity.song_id


@pytest.fixture
def forgotten(database):
    heard(database, counted("T", (*LASTFM, 10)))
    heard(database, counted("T", (*SPOTIFY, 7)), listener="bob")
    alone = song("A", "Alone", listener="Ann", rows=[counted("Alone", (*LASTFM, 3))], asked={("aoty", 0): "album:x"})
    store(database, alone)
    for listener in ("Ann", "bob"):
        settle(database, listener, 0, 9, [Scrobbled("A", "T", None, 1, 5, 5)])
    return forget(database, "ANN")


def test_what_is_the_listener_s_alone_goes(database, forgotten):
    assert forgotten == Forgotten(rows=2, songs=1, runs=0)
    assert look(database, "SELECT DISTINCT listener FROM aliases") == [("bob",)]
    assert plays(database) == {"T": 7}
    assert look(database, f"SELECT * FROM questions WHERE song_key = '{name_id('A', 'Alone')}'") == []  # noqa: S608
    assert look(database, "SELECT source FROM listens") == [("spotify",)]
    assert settled(database, "ann") == (0, [])
    assert settled(database, "BOB") == (9, [Scrobbled("A", "T", None, 1, 5, 5)])


def test_of_a_run_of_several_the_others_part_stays(database):
    runs = Runs(database)
    for users in (["Ann", "bob"], ["ann"]):
        run = runs.start("lastfm_top", sandbox=True, parameters={"users": users})
        listeners = {name: {"songs": 1} for name in users}
        runs.finish(run, "finished", {"parameters": {"users": users}, "listeners": listeners})
    assert forget(database, "ANN").runs == 1
    assert look(database, "SELECT parameters, summary FROM runs") == [
        ({"users": ["bob"]}, {"parameters": {"users": ["bob"]}, "listeners": {"bob": {"songs": 1}}})
    ]


def test_the_others_have_what_they_would_have_if_the_listener_had_never_been(database):
    bobs = live(database, "Bob", "Bob's", ["Bob"])
    store(database, song("A", "asked", listener="bob", asked={("aoty", 0): "album:x"}))
    with database.connect() as connection:
        connection.execute(
            "INSERT INTO answers (source, key, outcome, asked_at) VALUES ('aoty', 'album:x', 'found', now())"
        )
    before = look(database, EVERYTHING)
    ann_s = live(database, "Ann", "Her own", ["ann"], ["ANN"])
    with database.connect() as connection:
        # What a person parted is kept as a merge that does not hold.
        parted = "INSERT INTO merges (gone_id, song_id, rule) VALUES (%s, %s, 'name')"
        connection.execute(parted, [ann_s, bobs])
    assert look(database, EVERYTHING) != before
    assert forget(database, "aNN") == Forgotten(rows=3, songs=1, runs=3)
    assert look(database, EVERYTHING) == before
    assert look(database, "SELECT count(*) FROM ledger_seal") == [(0,)]


@pytest.mark.parametrize("summary", [None, {"parameters": {}}, {"parameters": {}, "listeners": {"ANN": {}}}])
def test_a_run_of_several_without_a_part_of_the_others_tells_no_listener(database, summary):
    runs = Runs(database)
    run = runs.start("lastfm_top", sandbox=True, parameters={"users": ["bob", "ann"]})
    if summary is not None:
        runs.finish(run, "finished", summary)
    assert forget(database, "Ann").runs == 0
    told = None if summary is None else {"parameters": {"users": ["bob"]}, "listeners": {}}
    assert look(database, "SELECT parameters, summary FROM runs") == [({"users": ["bob"]}, told)]


def test_a_second_time_there_is_nothing_left(database, forgotten):
    assert forget(database, "ann") == Forgotten(rows=0, songs=0, runs=0)
