"""Merges and their undoing: whatever was merged comes apart again exactly, and nothing is ever lost on the way."""

import random
from collections.abc import Callable
from contextlib import suppress
from typing import Any
from uuid import UUID

import pytest
from psycopg.rows import namedtuple_row

from tests.storage.identified import load
from tests.storage.making import album, dump, isrc, look, name_key, song, spotify_id, store, track
from timbre_spider.errors import UsageError
from timbre_spider.extensions.identity_rules import overrides_of
from timbre_spider.items import ChartRow, Song
from timbre_spider.storage.database import Database
from timbre_spider.storage.merges import part_aliases, part_merge
from timbre_spider.storage.override_store import add_override, list_overrides, undo_override

pytestmark = pytest.mark.integration


def everything(database: Database) -> dict[str, list[Any]]:
    """All tables, with what `dump` leaves out and a merge touches."""
    return dump(database) | {
        "redirects": sorted(look(database, "SELECT old_id::text, song_id::text FROM song_redirects")),
        "created": sorted(look(database, "SELECT id::text, created_at FROM songs")),
        "spotify": sorted(look(database, "SELECT (to_jsonb(t) - 'updated_at')::text FROM spotify_attrs t")),
        "open": sorted(look(database, "SELECT (to_jsonb(t) - 'updated_at')::text FROM open_attrs t")),
        "aoty": sorted(look(database, "SELECT (to_jsonb(t) - 'updated_at')::text FROM aoty_attrs t")),
        "merges": look(database, "SELECT gone_id, song_id, rule, evidence FROM merges ORDER BY merged_at, id"),
        "overrides": look(database, "SELECT kind, subject FROM overrides WHERE replaced_by IS NULL ORDER BY 1, 2"),
    }  # fmt: skip


MERGES = """
    SELECT id, gone_id, song_id, rule, evidence, override_id,
        gone #>> '{song,artist}' AS gone_artist, gone #>> '{song,title}' AS gone_title,
        stays #>> '{song,artist}' AS artist, stays #>> '{song,title}' AS title
    FROM merges WHERE parted_by IS NULL ORDER BY id
"""


def merges(database: Database) -> list[Any]:
    """Every merge that stands, oldest first; names are those before it."""
    with database.connect() as connection, connection.cursor(row_factory=namedtuple_row) as cursor:
        return cursor.execute(MERGES).fetchall()


def part(database: Database, merge_id: int) -> None:
    with database.connect() as connection, connection.transaction():
        part_merge(connection, merge_id)


def full(title: str, number: int, plays: int = 10, **values: Any) -> Song:
    return song("A", title, plays, number=number, tags={title.lower(): 9}, aoty=album(number), **values)


PAIRS: dict[str, tuple[Song, Song]] = {
    "both full": (full("T", 1), full("Tee", 2, 3)),
    "the one that goes is the better version": (song("A", "T", number=1), full("Tee", 2, 90)),
    "one is bare": (song("A", "T", 1), full("Tee", 2)),
    "both are bare": (song("A", "T", 1), song("A", "Tee", 2)),
    "the one that stays has no album": (song("A", "T", number=1), full("Tee", 2, 3)),
    "the same track's values": (
        song("A", "T", spotify=track(1, "T", popularity=None), keys=[f"spotify:{spotify_id(1)}", name_key("A", "T")]),
        full("Tee", 2),
    ),
}


@pytest.mark.parametrize("turned", [False, True], ids=["in order", "turned"])
@pytest.mark.parametrize("pair", PAIRS.values(), ids=PAIRS.keys())
def test_same_and_undo_leave_everything_as_it_was(database: Database, pair: tuple[Song, Song], turned: bool) -> None:
    store(database, *pair, song("B", "U", number=7))
    before = everything(database)
    names = [f"A - {each.title}" for each in (reversed(pair) if turned else pair)]
    made = add_override(database, "same", *names)
    assert everything(database) != before
    [merge] = merges(database)
    assert (merge.rule, merge.override_id, {merge.gone_title, merge.title}) == ("override", made.id, {"T", "Tee"})
    undo_override(database, made.id)
    assert everything(database) == before
    with pytest.raises(UsageError, match="no override"):
        undo_override(database, made.id)


def test_what_came_in_since_goes_to_whom_it_belongs(database: Database) -> None:
    store(database, full("T", 1, 10), full("Tee", 2, 4))
    word = add_override(database, "same", "A - T", "A - Tee")
    # The version the song bears is refreshed, both spellings are played more, one gains a spelling.
    newer = full("T", 1, 30)
    newer.spotify = track(1, "T", popularity=77)
    newer.rows = [
        ChartRow("A", spelling, plays, 1, name_id=name_key("A", "T" if spelling == "T" else "Tee"))
        for spelling, plays in (("T", 30), ("Tee", 5), ("TEE", 2))
    ]
    store(database, newer)
    undo_override(database, word.id)
    rows = look(database, "SELECT title, playcount, popularity, isrc, lastfm_tags FROM song_features ORDER BY title")
    assert rows == [("T", 30, 77, isrc(1), {"t": 9}), ("Tee", 7, 50, isrc(2), {"tee": 9})]
    assert look(database, "SELECT s.title, k.key FROM song_keys k JOIN songs s ON s.id = k.song_id ORDER BY 1, 2") == [
        ("T", name_key("A", "T")), ("T", f"isrc:{isrc(1)}"), ("T", f"spotify:{spotify_id(1)}"),
        ("Tee", name_key("A", "Tee")), ("Tee", f"isrc:{isrc(2)}"), ("Tee", f"spotify:{spotify_id(2)}"),
    ]  # fmt: skip


def test_a_refreshed_value_of_the_version_that_went_goes_back_with_it(database: Database) -> None:
    store(database, song("A", "T", number=1), full("Tee", 2, 90))
    word = add_override(database, "same", "A - T", "A - Tee")
    [kept] = look(database, "SELECT id FROM songs")
    newer = full("Tee", 2, 95, song_id=kept)
    newer.spotify = track(2, "Tee", popularity=88)
    newer.aoty = album(2, score=61.0)
    store(database, newer)
    undo_override(database, word.id)
    assert look(database, "SELECT title, popularity, user_score, playcount FROM song_features ORDER BY title") == [
        ("T", 50, None, 10), ("Tee", 88, 61, 95),
    ]  # fmt: skip


def test_a_further_run_does_not_merge_what_was_undone(database: Database) -> None:
    songs = [full("T", 1), full("Tide", 2, 3)]
    for each in songs:
        load(database, each)
    before = everything(database)
    word = add_override(database, "same", "A - T", "A - Tide")
    for each in songs:
        load(database, each)
    undo_override(database, word.id)
    for each in songs:
        load(database, each)
    after = everything(database)
    del after["ratings_history"], before["ratings_history"]
    assert after == before


def resolve(database: Database, song_id: UUID) -> list[Any]:
    return look(
        database,
        "SELECT title FROM songs WHERE id = %s OR id = (SELECT song_id FROM song_redirects WHERE old_id = %s)",
        song_id,
        song_id,
    )


@pytest.mark.parametrize("undone", [0, 1])
def test_a_chain_comes_apart_at_either_link(database: Database, undone: int) -> None:
    a, b, c = (full(title, number, 10 - number) for number, title in enumerate(("Ay", "Bee", "Sea"), 1))
    store(database, a, b, c)
    before = everything(database)
    words = [add_override(database, "same", "A - Bee", "A - Ay"), add_override(database, "same", "A - Sea", "A - Bee")]
    assert look(database, "SELECT count(*) FROM songs") == [1]
    undo_override(database, words[undone].id)
    left = {0: ["Ay", "Bee"], 1: ["Ay", "Sea"]}[undone]  # who shares with Bee: Sea, or Ay
    assert sorted(look(database, "SELECT title FROM songs")) == left
    playcounts = look(database, "SELECT title, playcount FROM song_features ORDER BY title")
    assert playcounts == ([("Ay", 9), ("Bee", 15)] if undone == 0 else [("Ay", 17), ("Sea", 7)])
    for each in (a, b, c):
        assert each.identity is not None
        assert len(resolve(database, each.identity.song_id)) == 1
    undo_override(database, words[1 - undone].id)
    assert everything(database) == before


CONTRADICTIONS = {
    "said to be one by way of another": [("same", "Ay", "Bee"), ("same", "Bee", "Sea"), ("different", "Ay", "Sea")],
    "said to differ by way of another": [("same", "Ay", "Bee"), ("different", "Ay", "Sea"), ("same", "Sea", "Bee")],
}


@pytest.mark.parametrize("words", CONTRADICTIONS.values(), ids=CONTRADICTIONS.keys())
def test_a_word_against_what_others_say_together_is_refused(database: Database, words: list[Any]) -> None:
    store(database, *(full(title, number) for number, title in enumerate(("Ay", "Bee", "Sea"), 1)))
    *fine, wrong = words
    for kind, one, other in fine:
        add_override(database, kind, f"A - {one}", f"A - {other}")
    before = everything(database)
    kind, one, other = wrong
    with pytest.raises(UsageError, match="contradict"):
        add_override(database, kind, f"A - {one}", f"A - {other}")
    assert everything(database) == before


def test_undoing_different_makes_one_of_them_again(database: Database) -> None:
    store(database, full("T", 1), full("Tee", 2, 3))
    add_override(database, "same", "A - T", "A - Tee")
    merged = everything(database)
    word = add_override(database, "different", "A - Tee", "A - T")
    assert [each.kind for each in list_overrides(database)] == ["different"]
    assert len(look(database, "SELECT id FROM songs")) == 2
    undo_override(database, word.id)
    assert [each.kind for each in list_overrides(database)] == ["same"]
    assert everything(database) == merged


def test_a_merge_by_evidence_tells_its_reason_and_comes_apart(database: Database) -> None:
    load(database, song("Ann", "Tide", 5))
    load(database, song("Ann", "Tidee", 3))
    load(database, song("Ann", "Tide", 5, number=1))
    before = everything(database)
    load(database, song("Ann", "Tidee", 3, number=1))
    [merge] = merges(database)
    assert (merge.rule, merge.evidence) == ("spotify", f"spotify:{spotify_id(1)}")
    part(database, merge.id)
    assert everything(database) == before
    with pytest.raises(UsageError, match="there is no merge"):
        part(database, merge.id)


def test_a_merge_by_one_name_says_so(database: Database) -> None:
    load(database, song("Ann", "Tide", 5))
    load(database, song("Ann", "Ebb", 3))
    both = song("Ann", "Tide", 5, rows=[ChartRow("Ann", "Tide", 5, 1), ChartRow("Ann", "Ebb", 3, 2)])
    load(database, both)
    [merge] = merges(database)
    assert merge.rule == "name"
    assert merge.evidence in (name_key("Ann", "Tide"), name_key("Ann", "Ebb"))


def test_a_run_that_merges_by_a_word_is_undone_with_it(database: Database) -> None:
    load(database, song("Ann", "Tide", 5))
    load(database, song("Ann", "Ebb", 3))
    word = add_override(database, "same", "Ann - Tide", "Ann - Ebb")
    [merge] = merges(database)
    part(database, merge.id)
    before = everything(database)
    load(database, song("Ann", "Tide", 5))
    [merge] = merges(database)
    assert (merge.rule, merge.override_id) == ("override", word.id)
    undo_override(database, word.id)
    assert {**everything(database), "overrides": []} == {**before, "overrides": []}


def test_rows_read_as_one_name_can_be_parted(database: Database) -> None:
    rows = [ChartRow("A", "T", 5, 1), ChartRow("A", "T - Live", 3, 2)]
    store(database, song("A", "T", rows=rows))
    [(live, song_id)] = look(database, "SELECT id, song_id FROM aliases WHERE title = 'T - Live'")
    with database.connect() as connection:
        row = connection.execute(
            "INSERT INTO overrides (kind, subject, object) VALUES ('different', 'a', 'b') RETURNING id"
        ).fetchone()
        assert row is not None
        own = part_aliases(connection, song_id, [live], name_key("A", "T (live)"), word=row[0])
    assert own is not None
    assert look(database, "SELECT title, playcount FROM song_features ORDER BY title") == [("T", 5), ("T - Live", 3)]
    owners = dict(look(database, "SELECT key, song_id FROM song_keys"))
    assert owners == {name_key("A", "T"): song_id, name_key("A", "T (live)"): own}
    undo_override(database, row[0])
    assert look(database, "SELECT title, playcount FROM song_features") == [("T", 8)]


BROKEN = {
    "a song without its canonical id among its keys": """
        SELECT id FROM songs s
        WHERE NOT EXISTS (SELECT FROM song_keys k WHERE k.song_id = s.id AND k.key = s.canonical_id)""",
    "plays that are not those of the aliases": """
        SELECT s.id FROM songs s LEFT JOIN lastfm_stats l ON l.song_id = s.id LEFT JOIN aliases a ON a.song_id = s.id
        GROUP BY s.id, l.playcount HAVING coalesce(l.playcount, 0) <> coalesce(sum(a.playcount), 0)""",
    "an id that leads to two": "SELECT old_id FROM song_redirects r JOIN songs s ON s.id = r.old_id",
    "a song without aliases": "SELECT id FROM songs s WHERE NOT EXISTS (SELECT FROM aliases a WHERE a.song_id = s.id)",
}


@pytest.mark.parametrize("seed", range(5))
def test_any_sequence_loses_nothing(database: Database, seed: int) -> None:
    dice = random.Random(seed)
    ids: set[UUID] = set()
    rows: dict[tuple[str, str, str], int] = {}
    titles = ("Ay", "Bee", "Sea", "Dee", "Eff")

    def a_load() -> None:
        title = dice.choice(titles)
        spellings = [title, *dice.sample(titles, dice.random() < 0.3)]
        if overrides_of(database).parted([name_key("A", title)], [name_key("A", each) for each in spellings]):
            spellings = [title]  # as the fold leaves them apart
        number = dice.choice([None, *range(4)])
        chart = [ChartRow("A", each, dice.randrange(1, 50), 1) for each in dict.fromkeys(spellings)]
        made = song("A", title, rows=chart, number=number, listener=dice.choice(("ann", "bob")))
        if dice.random() < 0.5:
            made.aoty = album(dice.randrange(3))
        load(database, made)
        for row in chart:
            at = (made.listener, row.artist, row.title)
            rows[at] = max(row.playcount, rows.get(at, 0))

    def a_word() -> None:
        one, other = dice.sample(titles, 2)
        with suppress(UsageError):  # not heard yet
            add_override(database, dice.choice(("same", "different")), name_key("A", one), name_key("A", other))  # type: ignore[arg-type]

    def an_undo() -> None:
        words = list_overrides(database)
        if words:
            undo_override(database, dice.choice(words).id)

    def a_parting() -> None:
        made = merges(database)
        if made:
            part(database, dice.choice(made).id)

    def same_and_undo() -> None:
        one, other = dice.sample(titles, 2)
        before = everything(database)
        with suppress(UsageError):
            word = add_override(database, "same", name_key("A", one), name_key("A", other))
            if len(before["overrides"]) < len(list_overrides(database)):  # a new word
                undo_override(database, word.id)
                after = everything(database)
                if "different" not in {kind for kind, _ in before["overrides"]}:
                    assert after == before

    steps: list[Callable[[], None]] = [a_load, a_load, a_load, a_word, an_undo, a_parting, same_and_undo]
    for _ in range(40):
        step = dice.choice(steps)
        step()
        ids.update(look(database, "SELECT id FROM songs"))
        broken = {what: look(database, query) for what, query in BROKEN.items()}  # type: ignore[arg-type]
        assert not any(broken.values()), (step.__name__, broken)
        led = look(database, "SELECT id FROM songs UNION SELECT old_id FROM song_redirects")
        assert ids <= set(led), step.__name__
        kept = {(who, artist, title): plays for who, artist, title, plays in look(
            database, "SELECT listener, artist, title, playcount FROM aliases")}  # fmt: skip
        assert kept == rows, step.__name__
