"""Two rows that become one, column by column: which of two values stays, and why."""

from dataclasses import replace
from typing import Any
from uuid import UUID

import pytest

from tests.storage.making import album, isrc, look, name_key, song, spotify_id, store, track
from tests.storage.test_merge_rules import NAME, VALUES, only, with_track
from timbre_spider.items import Identity, Song
from timbre_spider.storage.database import Database

pytestmark = pytest.mark.integration

# A track of which nothing but its id is known.
NOTHING: dict[str, Any] = dict.fromkeys(VALUES) | {"isrc": None}
ABSORBED = {
    "the fuller": (with_track(1, 9, "full"), song("A", "bare", 90, tags={"b": 1}), ("full", spotify_id(1), {"b": 1})),
    "the more played": (
        song("A", "less", 1, keys=[NAME], song_id=UUID(int=1), tags={"l": 1}),
        song("A", "more", 2, tags={"m": 1}),
        ("more", None, {"m": 1}),
    ),
    "the only one with tags": (
        song("A", "less", 1, keys=[NAME], song_id=UUID(int=1), tags={"l": 1}),
        song("A", "more", 2),
        ("more", None, {"l": 1}),
    ),
}


@pytest.mark.parametrize("turned", [False, True])
@pytest.mark.parametrize("case", ABSORBED.values(), ids=ABSORBED.keys())
def test_which_of_two_merged_rows_is_shown(database: Database, case: tuple[Song, Song, Any], turned: bool) -> None:
    one, other, shown = case
    store(database, one)
    store(database, other)
    assert one.identity is not None
    assert other.identity is not None
    gone, stays = (one, other) if turned else (other, one)
    with database.connect() as connection:
        connection.execute("UPDATE songs SET created_at = '2020-01-01' WHERE id = %s", [gone.identity.song_id])
        connection.execute(
            "SELECT timbre_absorb(%s, %s, 'name', NULL, NULL)", [gone.identity.song_id, stays.identity.song_id]
        )
    assert only(database, "title, spotify_id, lastfm_tags", "song_features") == shown
    plays, completeness = only(database, "version_plays, completeness")
    assert plays == {"full": 9, "more": 2}[shown[0]]
    assert completeness == (10 if shown[1] else 0)
    assert only(database, "created_at::date::text") == "2020-01-01"
    assert only(database, "playcount", "lastfm_stats") == one.playcount + other.playcount


def test_of_two_merged_rows_of_a_kind_the_staying_canonical_id_stays(database: Database) -> None:
    store(database, song("A", "T", number=1), song("A", "Tee", 90, number=2))
    ids = dict(look(database, "SELECT title, id FROM songs"))
    with database.connect() as connection:
        connection.execute("SELECT timbre_absorb(%s, %s, 'name', NULL, NULL)", [ids["Tee"], ids["T"]])
    assert only(database, "title, canonical_id, isrc, spotify_id") == ("Tee", f"isrc:{isrc(1)}", isrc(2), spotify_id(2))


def test_a_bare_row_gains_what_the_absorbed_one_knew(database: Database) -> None:
    full = song("A", "less", 1, keys=[name_key("A", "less")])
    full.isrc, full.isrc_source = isrc(5), "deezer"
    store(database, with_track(1, 9, isrc=None), full)
    assert full.identity is not None
    with database.connect() as connection:
        connection.execute("SELECT timbre_absorb(%s, %s, 'name', NULL, NULL)", [full.identity.song_id, UUID(int=1)])
    assert only(database, "title, isrc, isrc_source, spotify_id") == ("T", isrc(5), "deezer", spotify_id(1))


@pytest.mark.parametrize("bare_is_played_more", [True, False])
@pytest.mark.parametrize("bare_goes", [True, False])
def test_no_track_is_lost_to_a_row_without_one(database: Database, bare_goes: bool, bare_is_played_more: bool) -> None:
    bare = song("A", "bare", 90 if bare_is_played_more else 1, song_id=UUID(int=2), isrc=isrc(5), isrc_source="deezer")
    full = with_track(1, 9, **NOTHING)
    full.aoty = album(1)
    store(database, full, bare)
    assert look(database, "SELECT DISTINCT completeness FROM songs") == [1]
    ids = [UUID(int=1), UUID(int=2)]
    absorb(database, *(reversed(ids) if bare_goes else ids))
    assert only(database, "title, spotify_id, isrc") == ("bare" if bare_is_played_more else "T", spotify_id(1), isrc(5))
    assert [only(database, "song_id", table) for table in ("spotify_attrs", "aoty_attrs")] == [only(database, "id")] * 2


def absorb(database: Database, gone: UUID, stays: UUID) -> None:
    with database.connect() as connection:
        connection.execute("SELECT timbre_absorb(%s, %s, 'name', NULL, NULL)", [gone, stays])


def test_the_stronger_canonical_id_stays_whoever_has_it(database: Database) -> None:
    store(database, song("A", "T", song_id=UUID(int=1)), song("A", "Tee", number=1, song_id=UUID(int=2)))
    absorb(database, UUID(int=2), UUID(int=1))
    assert only(database, "id, canonical_id") == (UUID(int=1), f"isrc:{isrc(1)}")


def test_ids_that_led_to_the_one_that_goes_lead_on_and_back(database: Database) -> None:
    ids = [UUID(int=number) for number in (1, 2, 3)]
    store(database, *(song("A", title, song_id=each) for title, each in zip("TUV", ids, strict=True)))
    absorb(database, ids[0], ids[1])
    absorb(database, ids[1], ids[2])
    absorb(database, ids[2], ids[2])  # into itself: nothing
    redirects = "SELECT old_id, song_id FROM song_redirects ORDER BY 1"
    assert look(database, redirects) == [(ids[0], ids[2]), (ids[1], ids[2])]
    with database.connect() as connection:
        connection.execute("SELECT timbre_part_merge((SELECT max(id) FROM merges), NULL)")
    assert look(database, redirects) == [(ids[0], ids[1])]


@pytest.mark.parametrize("led_there", [False, True])
def test_a_row_is_taken_over_by_an_id_that_has_none(database: Database, led_there: bool) -> None:
    goes, stays = UUID(int=1), UUID(int=2)
    store(database, song("A", "T", 7, number=1, song_id=goes, tags={"t": 1}))
    with database.connect() as connection:
        if led_there:
            connection.execute("INSERT INTO song_redirects (old_id, song_id) VALUES (%s, %s)", [stays, goes])
        connection.execute("UPDATE songs SET updated_at = '2020-01-01'")
    absorb(database, goes, stays)
    assert only(database, "id, title, spotify_id, playcount, lastfm_tags", "song_features") == (
        stays, "T", spotify_id(1), 7, {"t": 1},
    )  # fmt: skip
    assert look(database, "SELECT old_id, song_id FROM song_redirects") == [(goes, stays)]
    assert only(database, "updated_at > '2020-01-02'") is True
    absorb(database, goes, stays)  # it is gone by now
    assert look(database, "SELECT count(*) FROM merges") == [0]


def test_parted_again_each_has_the_canonical_id_it_had(database: Database) -> None:
    # Of two ISRCs the one that came first, not the lesser one.
    for title, first, second in (("T", 5, 3), ("Tee", 6, 4)):
        for number in (first, second):
            store(database, song("A", title, keys=[f"isrc:{isrc(number)}", name_key("A", title)]))
    canonical = "SELECT id, canonical_id FROM songs ORDER BY title"
    before = look(database, canonical)
    absorb(database, before[1][0], before[0][0])
    with database.connect() as connection:
        connection.execute("SELECT timbre_part_merge((SELECT max(id) FROM merges), NULL)")
    assert look(database, canonical) == before


EVIDENCE = {
    "isrc": [f"isrc:{isrc(1)}", NAME],
    "spotify": [f"spotify:{spotify_id(1)}", NAME],
    "name": [name_key("A", "Tee"), f"isrc:{isrc(1)}", NAME],
}


@pytest.mark.parametrize("rule", EVIDENCE)
def test_the_key_that_told_more_than_a_name_is_the_evidence(database: Database, rule: str) -> None:
    store(database, song("A", "T", song_id=UUID(int=1)), song("A", "Tee", number=1, song_id=UUID(int=2)))
    with database.connect() as connection:
        connection.execute("SELECT timbre_absorb_by_keys(%s, %s, %s)", [UUID(int=2), UUID(int=1), EVIDENCE[rule]])
    told, evidence = only(database, "rule, evidence", "merges")
    assert told == rule
    assert evidence == (min(NAME, name_key("A", "Tee")) if rule == "name" else EVIDENCE[rule][0])


@pytest.mark.parametrize("turned", [False, True])
@pytest.mark.parametrize("replaced", [False, True])
def test_a_person_s_word_that_holds_is_the_reason(database: Database, turned: bool, replaced: bool) -> None:
    store(database, song("A", "T", song_id=UUID(int=1)), song("A", "Tee", song_id=UUID(int=2)))
    names = [NAME, name_key("A", "Tee")]
    with database.connect() as connection:
        said = "INSERT INTO overrides (kind, subject, object) VALUES (%s, %s, %s)"
        connection.execute(said, ["same", *(reversed(names) if turned else names)])
        connection.execute(said, ["different", *names])
        connection.execute(said, ["same", *(names if turned else reversed(names))])
        if replaced:
            connection.execute("UPDATE overrides SET replaced_by = 2 WHERE kind = 'same'")
        connection.execute("SELECT timbre_absorb_by_keys(%s, %s, %s)", [UUID(int=2), UUID(int=1), names])
    assert only(database, "rule, override_id", "merges") == (("name", None) if replaced else ("override", 1))


# The lesser version first: by what is known of it, its plays, its track, its artist, its title; each before the next.
VERSIONS: list[tuple[Song, Song]] = [
    (song("A", "T", 90), song("A", "U", 1, spotify=track(1))),
    (song("A", "T", 1, spotify=track(9)), song("A", "U", 2, spotify=track(1))),
    (song("A", "U", spotify=track(1)), song("A", "T", spotify=track(2))),
    (song("A", "U"), song("A", "T", spotify=track(1, **NOTHING))),
    (song("A", "U"), song("a", "T")),
    (song("A", "T"), song("A", "U")),
]


def test_which_version_represents_a_song_whoever_comes_first_or_goes(database: Database) -> None:
    # Told one after the other of one row; or of two rows that become one then.
    rounds: tuple[list[Song], list[Song]] = ([], [])
    for number, pair in enumerate(VERSIONS):
        for way in range(4):
            for at, each in enumerate(pair if way % 2 else reversed(pair)):
                row = at if way > 1 else 0
                key = name_key(f"{number} {way}", str(row))
                identity = Identity(UUID(int=100 * number + 10 * way + row), key, (key,))
                rounds[at].append(replace(each, listener=f"{number} {way}", identity=identity))
    for each in rounds:
        store(database, *each)
    for first, then in zip(*rounds, strict=True):
        absorb(database, then.identity.song_id, first.identity.song_id)
    shown = dict(
        look(
            database,
            "SELECT DISTINCT a.listener, concat_ws(' ', s.artist, s.title, s.spotify_id)"
            " FROM aliases a JOIN songs s ON s.id = a.song_id",
        )
    )
    assert shown == {
        f"{number} {way}": " ".join([best.artist, best.title, *([best.spotify.spotify_id] if best.spotify else [])])
        for number, (_, best) in enumerate(VERSIONS)
        for way in range(4)
    }


def test_of_two_rows_that_are_one_version_the_one_that_stays_is_believed(database: Database) -> None:
    for number in (1, 2):
        key = name_key("A", str(number))
        store(database, song(listener=str(number), song_id=UUID(int=number), keys=[key], tags={str(number): 1}))
    absorb(database, UUID(int=2), UUID(int=1))
    assert only(database, "tags", "lastfm_stats") == {"1": 1}
