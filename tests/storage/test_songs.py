"""Songs looked up: by words, by filters, page by page, and one in full."""

from typing import Any
from uuid import UUID

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.storage.making import album, isrc, look, name_key, song, store
from timbre_spider.errors import UsageError
from timbre_spider.storage.database import Database
from timbre_spider.storage.override_store import add_override
from timbre_spider.storage.songs import Wanted, find_id, list_songs, song_in_full
from timbre_spider.storage.songs_by_words import by_words

pytestmark = pytest.mark.integration


def titles(database: Database, limit: int = 50, **wanted: Any) -> list[str]:
    order = wanted.pop("order", "plays")
    return [row.title for row in list_songs(database, Wanted(**wanted), order=order, limit=limit)]


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("bjork", ["Jóga"]),
        ("JOG bjö", ["Jóga"]),
        ("ac/dc", ["T.N.T."]),
        ("ac dc t n t", ["T.N.T."]),
        ("дай", ["Дай мне"]),
        ("椎名", ["丸の内サディスティック"]),
        ("oga", []),  # words are known by how they begin
        ("jóga nothing", []),
        ("nothing jóga", []),
        ("jóga jóga b", ["Jóga"]),
        ("jóga - !", ["Jóga"]),
        ("", ["Jóga", "T.N.T.", "Дай мне", "丸の内サディスティック"]),
        ("' & ! :* |", []),
        ("bj'ork", []),
    ],
)
def test_words_are_found_by_how_they_begin_in_any_script(database: Database, typed: str, found: list[str]) -> None:
    store(
        database,
        song("Björk", "Jóga", 9),
        song("AC/DC", "T.N.T.", 8),
        song("Земфира", "Дай мне", 7),
        song("椎名林檎", "丸の内サディスティック", 6),
    )
    assert titles(database, words=typed or None) == found


def test_the_index_is_asked_for_the_rarest_word_where_that_is_rare(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    store(database, *(song("Ann", f"Song {at}", at) for at in range(100, 250)))
    with database.connect() as connection:
        connection.execute("ANALYZE songs")
        for few, asked in ((100, ("120", "song s")), (0, ("song 120 s", ""))):
            monkeypatch.setattr("timbre_spider.storage.songs_by_words._FEW", few)
            named = by_words(connection, "song 120 s")
            assert (named.words, named.other_words) == asked
            assert titles(database, words="song 120 s") == ["Song 120"]
            assert titles(database, words="song 120 x") == []


def test_names_are_read_sooner_than_a_common_word_and_six_words_are_looked_at(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    def reckoned(connection: Any, query: str, given: dict[str, str]) -> int:
        looked_at.append(given["words"])
        return songs[given["words"]]

    monkeypatch.setattr("timbre_spider.storage.songs_by_words.rows_reckoned", reckoned)
    typed = "aa bb cc dd ee ff gg"
    for rarest, asked in ((5000, ("cc", "aa bb dd ee ff gg")), (5001, (typed, ""))):
        looked_at: list[str] = []
        songs = dict.fromkeys(typed.split(), 9000) | {"cc": rarest, "gg": 1}
        with database.connect() as connection:
            named = by_words(connection, typed)
            alone = by_words(connection, "cc")
        assert (named.words, named.other_words) == asked
        assert looked_at == typed.split()[:6]  # and of one word there is no other to look at
        assert (alone.words, alone.other_words) == ("cc", "")


PLAIN = st.text(st.sampled_from("abZ09 -."), max_size=12) | st.text(st.sampled_from("a -"), min_size=495, max_size=505)


@settings(max_examples=100, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(name=PLAIN)
def test_names_of_plain_letters_are_read_as_all_others(database: Database, name: str) -> None:
    with database.connect() as connection:  # a name with a sign is read the longer way, which takes the sign out
        read = "SELECT timbre_plain_words(%(n)s), timbre_plain_words('.' || %(n)s)"
        one, other = connection.execute(read, {"n": name}).fetchone() or ("", "!")
    assert one == other or (len(name) > 490 and one.startswith(other))


def test_words_are_without_case_signs_and_accents_and_no_longer_than_500(database: Database) -> None:
    wanted = {
        "A-b C": "a b c", "Łódź É": "łodz e", "a.b,c": "a b c", "x" * 500: "x" * 500, "x" * 501: "x" * 500,
        "é" * 501: "e" * 500, "A" * 501: "a" * 500, "!?": "", "": "",
    }  # fmt: skip
    with database.connect() as connection:
        for name, words in wanted.items():
            assert connection.execute("SELECT timbre_plain_words(%s)", [name]).fetchone() == (words,)


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(name=st.text(st.characters(codec="utf-8", exclude_characters="\x00"), min_size=1, max_size=1000))
def test_any_name_has_words_and_is_found_by_them(database: Database, name: str) -> None:
    query = "SELECT timbre_words(%(n)s) @@ coalesce(timbre_words_typed(%(n)s), ''::tsquery) OR timbre_words(%(n)s) = ''"
    with database.connect() as connection:
        assert connection.execute(query, {"n": name}).fetchone() == (True,)


def test_filters_are_all_to_be_so(database: Database) -> None:
    store(
        database,
        song("A", "known", 9, number=1, aoty=album(1, 90.0)),
        song("A", "rated low", 8, aoty=album(2, 50.0)),
        song("A", "bare", 7),
        song("B", "another's", 6, listener="You"),
    )
    assert titles(database, lacking="isrc") == ["rated low", "bare", "another's"]
    assert titles(database, lacking="spotify") == ["rated low", "bare", "another's"]
    assert titles(database, lacking="aoty") == titles(database, lacking="score") == ["bare", "another's"]
    assert titles(database, lacking="score", order="score") == titles(database, lacking="aoty", least_score=0) == []
    assert titles(database, listener="yOU") == ["another's"]
    assert titles(database, genre="Rock") == ["known", "rated low"]
    for least, found in ((60, ["known"]), (90, ["known"]), (90.5, [])):
        assert titles(database, genre="Rock", least_score=least) == found
    assert titles(database, genre="Rock", words="low", lacking="isrc") == ["rated low"]
    assert titles(database, order="score") == ["known", "rated low"]
    assert titles(database, order="quality")[:2] == ["known", "rated low"]
    assert titles(database, order="doubt")[2:] == ["rated low", "known"]


SOME: tuple[dict[str, int], ...] = ({}, {"rock": 1})


@pytest.mark.parametrize("order", ["plays", "score", "changed", "quality", "doubt"])
def test_pages_have_each_song_once_also_where_many_stand_at_one_place(database: Database, order: Any) -> None:
    store(
        database, *(song("A", f"T{n}", n // 3, aoty=album(n // 5, 70.0 + n // 5), tags=SOME[n % 2]) for n in range(17))
    )
    seen, after = [], None
    while page := list_songs(database, Wanted(), order=order, after=after, limit=4):
        seen += [row.title for row in page]
        after = page[-1].place(order)
    assert sorted(seen) == sorted(f"T{n}" for n in range(17))
    assert seen == titles(database, order=order)
    places = [row.place(order).partition("~")[0] for row in list_songs(database, Wanted(), order=order, limit=50)]
    ordered = places if order == "changed" else [float(place) for place in places]
    assert ordered == sorted(ordered, reverse=order != "doubt")


@pytest.mark.parametrize(
    "place",
    [
        "",
        "x",
        "5",
        "5~",
        "~",
        "5~x",
        f"nan~{UUID(int=1)}",
        f"1e999~{UUID(int=1)}",
        f"1000000000000000000~{UUID(int=1)}",
        f"-1000000000000000000~{UUID(int=1)}",
        f"2.5~{UUID(int=1)}",
        f"x~{UUID(int=1)}",
    ],
)
def test_a_place_that_is_none_is_told(database: Database, place: str) -> None:
    with pytest.raises(UsageError, match="after="):
        list_songs(database, Wanted(), order="plays", after=place, limit=5)


def test_a_song_in_full_has_what_it_was_made_of(database: Database) -> None:
    store(database, song("A", "T", 5, number=1), song("A", "Another", 3))
    gone, stays = find_id(database, name_key("A", "Another")), find_id(database, name_key("A", "T"))
    assert gone is not None
    add_override(database, "same", "A - T", "A - Another")
    assert stays is not None
    assert find_id(database, str(gone)) == find_id(database, f"isrc:{isrc(1)}") == stays
    assert find_id(database, "isrc:nothing") is None
    told = song_in_full(database, stays)
    assert told is not None
    assert told["song"]["playcount"] == 8
    assert [row["title"] for row in told["aliases"]] == ["T", "Another"]
    assert [row["old_id"] for row in told["redirects"]] == [gone]
    assert [(row["rule"], row["title"]) for row in told["merges"]] == [("override", "Another")]
    assert [(row["listener"], row["source"], row["plays"]) for row in told["plays"]] == [("me", "lastfm", 8)]
    assert told["quality"][0]["lacking"][0] == "genres of the album"
    assert {row["key"][:4] for row in told["keys"]} == {"isrc", "spot", "hash"}
    assert song_in_full(database, gone) is None
    assert look(database, "SELECT count(*) FROM songs") == [1]
    add_override(database, "different", "A - T", "A - Another")
    parted = song_in_full(database, stays)
    assert parted is not None
    assert (parted["merges"], parted["song"]["playcount"]) == ([], 5)
