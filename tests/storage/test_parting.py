"""Songs that come apart, column by column: which row has which keys, names and values afterwards."""

from typing import Any
from uuid import UUID

import pytest

from tests.storage.making import isrc, look, name_key, song, spotify_id, store, told_openly
from tests.storage.test_merges import everything, full, merges, part
from timbre_spider.errors import UsageError
from timbre_spider.items import ChartRow, Song
from timbre_spider.storage.database import Database
from timbre_spider.storage.merges import part_aliases
from timbre_spider.storage.override_store import add_override, undo_override

pytestmark = pytest.mark.integration

OWN = "hash:" + "0" * 40
TITLES = ("Plain", "Loud", "Soft")


def test_a_song_that_went_on_into_another_comes_apart_below(database: Database) -> None:
    store(database, song("A", "Ay", 9), song("A", "Bee", 8), full("Sea", 3, 7))
    before = everything(database)
    words = [add_override(database, "same", *pair) for pair in (("A - Ay", "A - Bee"), ("A - Bee", "A - Sea"))]
    into = [each.song_id for each in merges(database)]
    assert into[0] != into[1], "the first two went into the third"
    undo_override(database, words[0].id)
    assert look(database, "SELECT title, playcount FROM song_features ORDER BY title") == [("Ay", 9), ("Sea", 15)]
    undo_override(database, words[1].id)
    assert everything(database) == before


def test_of_what_a_song_does_not_have_the_list_that_is_kept_is_empty(database: Database) -> None:
    store(database, song("A", "T"))
    look(database, "DELETE FROM song_keys RETURNING 1")
    look(database, "DELETE FROM aliases RETURNING 1")
    [kept] = look(database, "SELECT timbre_snapshot(id) FROM songs")
    assert [kept[part] for part in ("keys", "aliases", "redirects")] == [[], [], []]


def test_what_a_word_parted_is_no_merge_that_could_be_parted_again(database: Database) -> None:
    store(database, full("T", 1), full("Tee", 2, 3))
    add_override(database, "same", "A - T", "A - Tee")
    [merge] = merges(database)
    add_override(database, "different", "A - T", "A - Tee")
    before = everything(database)
    with pytest.raises(UsageError, match="there is no merge"):
        part(database, merge.id)
    assert everything(database) == before


@pytest.mark.parametrize(
    ("pair", "heir"),
    [((full("T", 1, 10), full("Tee", 2, 4)), "T"), ((song("A", "T", number=1), full("Tee", 2, 90)), "Tee")],
)
def test_a_key_learned_since_goes_with_the_version_the_song_bears(
    database: Database, pair: tuple[Song, Song], heir: str
) -> None:
    store(database, *pair)
    word = add_override(database, "same", "A - T", "A - Tee")
    assert look(database, "SELECT title FROM songs") == [heir]
    with database.connect() as connection:
        for key in (f"isrc:{isrc(9)}", OWN):
            connection.execute("INSERT INTO song_keys SELECT %s, id FROM songs", [key])
    undo_override(database, word.id)
    owner = "SELECT s.title FROM song_keys k JOIN songs s ON s.id = k.song_id WHERE k.key = %s"
    assert look(database, owner, f"isrc:{isrc(9)}") == [heir]
    assert look(database, owner, OWN) == ["T"]  # a name is that of the song it was joined to


@pytest.mark.parametrize("lost", ["T", "Tee"])
def test_songs_of_which_one_has_no_key_left_stay_merged(database: Database, lost: str) -> None:
    store(database, song("A", "T", 9), song("A", "Tee"))
    add_override(database, "same", "A - T", "A - Tee")
    look(database, "DELETE FROM song_keys WHERE key = %s RETURNING 1", name_key("A", lost))
    before = everything(database)
    [merge] = merges(database)
    with pytest.raises(UsageError, match="no key is left of one of the two songs"):
        part(database, merge.id)
    assert everything(database) == before


@pytest.mark.parametrize(
    ("evidence", "goes_into"),
    [
        (name_key("A", "Bee"), "Bee"),
        (name_key("A", "Sea"), "Ay"),
        (name_key("A", "Ay"), "Ay"),
        ("hash:" + "f" * 40, "Ay"),
    ],
)
def test_what_was_merged_by_a_key_goes_to_whom_the_key_belongs_again(
    database: Database, evidence: str, goes_into: str
) -> None:
    """The first merge is taken apart below the second; a key that nobody else has leads where it led."""
    titles = ("Ay", "Bee", "Sea", "Dee")
    ids = {title: UUID(int=number) for number, title in enumerate(titles, 1)}
    store(database, *(song("A", title, 9 - at, song_id=ids[title]) for at, title in enumerate(titles)))
    with database.connect() as connection:
        for goes, rule, key in (("Bee", "name", None), ("Sea", "name", evidence)):
            connection.execute("SELECT timbre_absorb(%s, %s, %s, %s, NULL)", [ids[goes], ids["Ay"], rule, key])
    first, _ = merges(database)
    part(database, first.id)
    assert sorted(look(database, "SELECT title FROM songs")) == ["Ay", "Bee", "Dee"]
    [later] = merges(database)
    assert (later.gone_id, later.song_id, later.evidence) == (ids["Sea"], ids[goes_into], evidence)


def test_a_song_whose_best_key_another_took_since_goes_by_what_is_left(database: Database) -> None:
    store(database, song("A", "T", number=1), song("A", "Tee", number=2, plays=3))
    word = add_override(database, "same", "A - T", "A - Tee")
    key = f"isrc:{isrc(2)}"
    taker = song("B", "U", keys=[key, name_key("B", "U")])
    assert taker.identity is not None
    taker.identity.takes = (key,)
    store(database, taker)
    undo_override(database, word.id)
    assert dict(look(database, "SELECT title, canonical_id FROM songs")) == {
        "T": f"isrc:{isrc(1)}", "Tee": f"spotify:{spotify_id(2)}", "U": key,
    }  # fmt: skip


def test_facts_that_only_one_of_them_had_and_the_other_learned_more_of_are_both_s(database: Database) -> None:
    store(database, song("A", "T", 90), song("A", "Tee", 3, open=told_openly(1, "deezer")))
    word = add_override(database, "same", "A - T", "A - Tee")
    unknown = dict.fromkeys(("mbid", "release_mbid", "release_date", "duration_ms")) | {"isrcs": ()}
    store(database, song("A", "T", 90, open=told_openly(2, "spotify", **unknown)))
    undo_override(database, word.id)
    facts = "SELECT s.title, o.mbid, o.album_name FROM open_attrs o JOIN songs s ON s.id = o.song_id ORDER BY 1"
    assert look(database, facts) == [("T", UUID(int=1), "Album 2"), ("Tee", UUID(int=1), "Album 1")]


def test_a_merge_that_was_kept_without_one_kind_of_facts_comes_apart(database: Database) -> None:
    store(database, full("T", 1), full("Tee", 2, 3), full("Dee", 3))
    before = everything(database)
    word = add_override(database, "same", "A - T", "A - Tee")
    with database.connect() as connection:
        connection.execute("UPDATE merges SET gone = gone - 'open', stays = stays - 'open', became = became - 'open'")
    undo_override(database, word.id)
    assert everything(database) == before


@pytest.fixture
def spelled(database: Database) -> UUID:
    """A song of three spellings with 9, 5 and 3 plays, each of a name of its own, complete and with an album."""
    rows = [
        ChartRow("A", title, plays, 1, name_id=name_key("A", title))
        for title, plays in zip(TITLES, (9, 5, 3), strict=True)
    ]
    store(database, song("A", "Plain", number=1, rows=rows))
    [song_id] = look(database, "SELECT id FROM songs")
    assert isinstance(song_id, UUID)
    return song_id


def leave(database: Database, song_id: UUID, *titles: str, own: str = OWN) -> UUID | None:
    """The rows of these titles leave the song; the id of their own one."""
    with database.connect() as connection:
        word = connection.execute(
            "INSERT INTO overrides (kind, subject, object) VALUES ('different', 'a', 'b') RETURNING id"
        ).fetchone()
        assert word is not None
        ids = connection.execute("SELECT id FROM aliases WHERE title = ANY (%s)", [list(titles)]).fetchall()
        return part_aliases(connection, song_id, [row[0] for row in ids], own, word=word[0])


@pytest.mark.parametrize(
    ("leaving", "stays", "goes"),
    [
        (("Loud", "Soft"), ("Plain", 9), ("Loud", 8)),
        (("Soft",), ("Plain", 14), ("Soft", 3)),
        (("Plain", "Soft"), ("Loud", 5), ("Plain", 12)),
    ],
)
def test_each_part_bears_its_most_played_spelling_and_has_its_own_plays(
    database: Database, spelled: UUID, leaving: tuple[str, ...], stays: Any, goes: Any
) -> None:
    own = leave(database, spelled, *leaving)
    query = "SELECT s.id, s.title, l.playcount FROM songs s JOIN lastfm_stats l ON l.song_id = s.id ORDER BY s.id = %s"
    assert look(database, query, own) == [(spelled, *stays), (own, *goes)]
    assert look(database, "SELECT completeness FROM songs") == [0, 0]
    plays = dict(zip(TITLES, (9, 5, 3), strict=True))
    versions = dict(look(database, "SELECT id, version_plays FROM songs"))
    assert versions == {spelled: plays[stays[0]], own: plays[goes[0]]}


def test_what_leaves_is_known_by_its_own_key_from_then_on(database: Database, spelled: UUID) -> None:
    own = leave(database, spelled, "Soft")
    assert look(database, "SELECT song_id, name_key FROM aliases WHERE title = 'Soft'") == [(own, OWN)]
    assert dict(look(database, "SELECT key, song_id FROM song_keys"))[OWN] == own
    assert dict(look(database, "SELECT id, canonical_id FROM songs")) == {spelled: f"isrc:{isrc(1)}", own: OWN}


@pytest.mark.parametrize("leaving", [TITLES, ()])
def test_a_song_of_which_all_rows_leave_or_none_stays_as_it_is(
    database: Database, spelled: UUID, leaving: tuple[str, ...]
) -> None:
    before = {**everything(database), "overrides": []}
    assert leave(database, spelled, *leaving) is None
    assert {**everything(database), "overrides": []} == before


def test_a_song_whose_canonical_id_leaves_is_called_by_what_stays(database: Database) -> None:
    rows = [ChartRow("A", title, 5, 1, name_id=name_key("A", title)) for title in ("T", "Tee")]
    store(database, song("A", "T", rows=rows, keys=[name_key("A", "T"), name_key("A", "Tee")]))
    [song_id] = look(database, "SELECT id FROM songs")
    own = leave(database, song_id, "T", own=name_key("A", "T"))
    canonical = dict(look(database, "SELECT id, canonical_id FROM songs"))
    assert canonical == {song_id: name_key("A", "Tee"), own: name_key("A", "T")}


@pytest.mark.parametrize("leaving", [("U", "V"), ("V",)])
def test_of_spellings_played_alike_the_first_by_name_stands_for_them(
    database: Database, leaving: tuple[str, ...]
) -> None:
    named = [("B", "S"), ("A", "V"), ("A", "U"), ("A", "T"), ("B", "R")]
    rows = [ChartRow(artist, title, 5, 1, name_id=name_key(artist, title)) for artist, title in named]
    store(database, song("B", "S", rows=rows))
    [song_id] = look(database, "SELECT id FROM songs")
    own = leave(database, song_id, *leaving)
    shown = dict(look(database, "SELECT id, artist || title FROM songs"))
    assert shown == {song_id: "AT", own: f"A{leaving[0]}"}


def test_the_key_of_what_leaves_is_its_own_whoever_had_it_and_the_merge_it_leaves_is_none(
    database: Database, spelled: UUID
) -> None:
    store(database, song("B", "holder", keys=[f"isrc:{isrc(7)}", OWN]))
    with database.connect() as connection:
        connection.execute("UPDATE songs SET updated_at = '2020-01-01'")
    own = leave(database, spelled, "Soft")
    assert look(database, "SELECT song_id FROM song_keys WHERE key = %s", OWN) == [own]
    late = "SELECT id FROM songs WHERE updated_at > '2020-01-02'"
    assert set(look(database, late)) == {spelled, own}
    assert look(database, "SELECT gone_id, song_id, rule, evidence FROM merges") == [(own, spelled, "name", OWN)]
    assert merges(database) == []
