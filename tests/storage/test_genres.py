"""A song's genres: one name for all spellings, what is no genre told apart, each with its weight and who tells it."""

from typing import Any, get_args

import psycopg
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from psycopg.types.json import Jsonb

from tests.storage.making import album, look, song, store
from timbre_spider.items import AotyAlbum
from timbre_spider.storage.database import Database
from timbre_spider.storage.songs import Order, Wanted, list_songs
from timbre_spider.storage.songs_of_genre import of_genre

pytestmark = pytest.mark.integration

Listed = dict[str, dict[str, Any]]


def styles(
    connection: psycopg.Connection,
    genres: list[str] | None = None,
    tags: list[str] | None = None,
    lastfm: dict[str, int] | None = None,
    secondary: list[str] | None = None,
) -> Listed:
    told = [Jsonb(each) if each is not None else None for each in (genres, secondary, tags, lastfm)]
    row = connection.execute("SELECT timbre_styles(%s::jsonb, %s::jsonb, %s::jsonb, %s::jsonb)", told).fetchone()
    assert row is not None
    names = [each["name"] for each in row[0]]
    assert len(set(names)) == len(names)
    return {each.pop("name"): each for each in row[0]}


# Spellings, the name they go by (None: not told here), its kind.
SPELLINGS: list[tuple[list[str], str | None, str]] = [
    (["hip hop", "hip-hop", "Hip Hop", "HipHop", "Hip-Hop/Rap", "hip hop music"], "hip hop", "genre"),
    (["R&B", "rnb", "RnB", "r and b", "Rhythm & Blues", "rhythm and blues"], "r&b", "genre"),
    (["drum and bass", "Drum & Bass", "drum n bass", "DnB", "d&b"], "drum and bass", "genre"),
    (["Post-Punk", "postpunk", "post punk"], "post-punk", "genre"),
    (["Tropicália", "tropicalia", "Tropicalismo"], "tropicália", "genre"),
    (["K-Pop", "kpop", "Korean Pop"], "k-pop", "genre"),
    (["chillout", "Chill-Out", "chill", "relaxing"], "chill", "mood"),
    (["sad", "Sad Songs"], "sad", "mood"),
    (["UK", "British", "united kingdom"], "british", "place"),
    (["japan", "Japanese"], "japanese", "place"),
    (["80s", "80's", "1980s", "Eighties"], "1980s", "period"),
    (["1994"], "1994", "period"),
    (["female vocalists", "Female Vocalist", "female vocals"], "female vocalists", "sound"),
    (["seen live", "Seen-Live"], "seen live", "noise"),
    (["favourites", "Favorites", "favorite songs"], "favourites", "noise"),
    (["i want to dance to this"], "i want to dance to this", "noise"),
    (["Albums I own", "my cds I own"], None, "noise"),
    (["swedish death metal"], "swedish death metal", "genre"),
    (["egg punk"], "egg punk", "genre"),
    (["mincecore"], "mincecore", "genre"),
    (["Frank Zappa"], "frank zappa", "other"),
    (["ロック", "<3", "♥"], None, "other"),
]


def test_spellings_are_one_name_of_one_kind(database: Database) -> None:
    with database.connect() as connection:
        for spellings, name, kind in SPELLINGS:
            for spelling in spellings:
                told = styles(connection, lastfm={spelling: 50})
                assert [each["kind"] for each in told.values()] == [kind], spelling
                assert name is None or list(told) == [name]
            if name is not None:
                [whole] = styles(connection, lastfm=dict.fromkeys(spellings, 50)).values()
                assert (whole["weight"], whole["sources"]) == (0.4, ["lastfm"])


def test_each_source_that_tells_a_name_adds_to_its_weight(database: Database) -> None:
    with database.connect() as connection:
        told = styles(
            connection,
            ["Shoegaze", "Dream Pop", "Zeuhl Noir"],
            ["shoegaze", "Ethereal"],
            {"Shoegaze": 100, "dream-pop": 50, "seen live": 300, "ethereal": 0},
            secondary=["Dream Pop"],
        )
    assert list(told) == ["shoegaze", "zeuhl noir", "seen live", "dream pop", "ethereal"]
    assert told["shoegaze"] == {"kind": "genre", "weight": 0.988, "sources": ["aoty", "aoty_tags", "lastfm"]}
    assert told["dream pop"] == {"kind": "genre", "weight": 0.7, "sources": ["aoty", "lastfm"]}
    assert told["zeuhl noir"] == {"kind": "genre", "weight": 0.9, "sources": ["aoty"]}
    assert told["ethereal"] == {"kind": "mood", "weight": 0.4, "sources": ["aoty_tags", "lastfm"]}
    assert told["seen live"]["weight"] == 0.8


def test_of_spellings_the_heaviest_counts_and_the_first_names_what_nobody_named(database: Database) -> None:
    with database.connect() as connection:
        told = styles(connection, lastfm={"zeuhlnoir": 10, "Zeuhl Noir": 100, "ZEUHL-NOIR": 20})
    assert told == {"zeuhl noir": {"kind": told["zeuhl noir"]["kind"], "weight": 0.8, "sources": ["lastfm"]}}


NAMES = st.lists(
    st.sampled_from(
        ["Hip-Hop", "hip hop", "Shoegaze", "nu gaze", "seen live", "80s", "1980s", "Köln", "koln", "rnb", "R&B", "♥"]
    )
    | st.text(st.characters(codec="utf-8", exclude_characters="\0"), min_size=1, max_size=8),
    max_size=6,
)
TAGS = st.dictionaries(NAMES.filter(bool).map(lambda names: names[0]), st.integers(-5, 150), max_size=6)


@settings(
    max_examples=60,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.filter_too_much],
)
@given(genres=NAMES, tags=NAMES, lastfm=TAGS)
def test_whatever_is_told_the_order_does_not_matter_and_a_name_told_again_stays(
    database: Database, genres: list[str], tags: list[str], lastfm: dict[str, int]
) -> None:
    with database.connect() as connection:
        told = styles(connection, genres, tags, lastfm)
        assert told == styles(connection, genres[::-1], tags[::-1] * 2, dict(reversed(lastfm.items())))
        assert all(0 <= each["weight"] <= 1 and each["sources"] for each in told.values())
        assert bool(told) == bool(genres or tags or lastfm)
        # The name of a name is itself, and what it tells apart stays apart.
        again = styles(connection, lastfm=dict.fromkeys(told, 100))
        assert list(again) == sorted(told)
        for name, each in told.items():
            assert again[name]["kind"] == each["kind"] or each["sources"][0] == "aoty"


def test_a_song_has_the_list_with_what_its_album_s_page_holds_secondary(database: Database) -> None:
    page = AotyAlbum(album(1).url, "A", "Al", genres=("Shoegaze", "Dream Pop"), tags=("Hazy",))
    store(database, song("A", "T", number=1, aoty=page, tags={"shoegaze": 100, "90s": 50}), song("B", "U", number=2))
    with database.connect() as connection:
        connection.execute(
            "INSERT INTO aoty_sightings (number, kind, seen_at, key, url, artist, title, place, secondary_genres)"
            " SELECT timbre_album_number(url), 'album', now(), 'a|al', url, 'A', 'Al', url, '[\"Dream Pop\"]'"
            " FROM aoty_attrs"
        )
    [told] = look(database, "SELECT styles FROM song_features WHERE title = 'T'")
    assert [(each["name"], each["kind"], each["weight"]) for each in told] == [
        ("shoegaze", "genre", 0.98), ("dream pop", "genre", 0.5), ("1990s", "period", 0.4), ("hazy", "other", 0.4),
    ]  # fmt: skip
    assert look(database, "SELECT styles FROM song_features WHERE title = 'U'") == [[]]


SECONDARY = (
    "INSERT INTO aoty_sightings (number, kind, seen_at, key, url, artist, title, place, secondary_genres)"
    " SELECT timbre_album_number(url), %s, %s, 'a|al', url, 'A', 'Al', url, %s FROM aoty_attrs"
)


# Sightings (kind, day, its secondary genres) → the song's genre that is secondary.
@pytest.mark.parametrize(
    ("sightings", "secondary"),
    [
        ([("card", 3, ["Pop"]), ("album", 1, ["Rock"]), ("data", 2, ["Pop"])], "rock"),
        ([("card", 3, ["Pop"]), ("album", 1, None), ("chart", 2, None)], "pop"),
        ([("card", 3, ["Pop"]), ("data", 4, ["Rock"])], "rock"),
        ([("card", 4, ["Pop"]), ("data", 3, ["Rock"])], "pop"),
    ],
)
def test_of_several_sightings_the_strongest_that_tells_says_what_is_secondary_then_the_newest(
    database: Database, sightings: list[tuple[str, int, list[str] | None]], secondary: str
) -> None:
    store(database, song("A", "T", number=1, aoty=AotyAlbum(album(1).url, "A", "Al", genres=("Rock", "Pop"))))
    with database.connect() as connection:
        for kind, day, told in sightings:
            connection.execute(SECONDARY, [kind, f"2026-01-0{day}", told and Jsonb(told)])
    [styles] = look(database, "SELECT styles FROM song_features")
    assert styles[-1]["name"] == secondary
    assert styles[-1]["weight"] < styles[0]["weight"]


# They are gathered where statistics do not list the genre; else met where that is cheaper, or sifted.
@pytest.mark.parametrize(
    ("dearer", "listed", "way"), [(0.1, True, "met"), (100, True, "sifted"), (1, False, "gathered")]
)
def test_songs_are_found_by_a_genre_however_spelt_and_whoever_tells_it(
    database: Database, dearer: float, listed: bool, way: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("timbre_spider.storage.songs_of_genre._DEARER", dearer)
    pages = [
        AotyAlbum(album(n).url, "A", "Al", genres=genres, user_score=80.0)
        for n, genres in enumerate([("Hip Hop",), ("Pop",)], 1)
    ]
    store(database, song("D", "another", number=4, tags={"trip hop": 10}))
    with database.connect() as connection:
        connection.execute("ANALYZE")
    store(
        database,
        song("A", "both", number=1, aoty=pages[0], tags={"hip-hop": 10}),
        song("B", "listeners", number=2, tags={"hiphop": 10}, aoty=pages[1]),
        song("C", "listeners alone", number=3, tags={"Hip Hop Music": 10}),
        song("E", "tagged", number=5, aoty=AotyAlbum(album(5).url, "A", "Al", tags=("HipHop",), user_score=70.0)),
    )
    if listed:
        with database.connect() as connection:
            connection.execute("ANALYZE")
    orders: tuple[Order, ...] = get_args(Order)
    for order in orders:
        found = [row.title for row in list_songs(database, Wanted(genre="HIP HOP"), order=order, limit=9)]
        scored = ["both", "listeners", "tagged"]
        assert sorted(found) == (scored if order == "score" else sorted([*scored, "listeners alone"])), order
    with database.connect() as connection:
        table = of_genre(connection, "hip hop", 9, "l").table
    assert ("met" if table is None else "gathered" if "OFFSET 0" in table else "sifted") == way
    assert sorted(look(database, "SELECT timbre_songs_of_genre('hip hop')")) == sorted(
        look(database, "SELECT id FROM songs WHERE title <> 'another'")
    )


def test_the_planner_knows_which_spellings_are_asked_for(database: Database) -> None:
    plan = look(database, "EXPLAIN SELECT song FROM timbre_songs_of_genre(%s) song LIMIT 1", "Hip-Hop")
    told = [line for line in plan if "tag_keys" in line]
    assert told
    assert all("hiphoprap" in line for line in told)


def test_a_whole_library_s_names_are_those_of_each_song_s_list(database: Database) -> None:
    listed = ["Rock", "Some Style", "somestyle", "SOME-style", "80s", "i love it", "!!!", "!" * 501, "Ø" * 501]
    tags = ["rap", "hiphop", "Hip-Hop", "made up", "made-up", "a thing", "xyz core", "????", "É" * 501]
    told = Jsonb(dict.fromkeys(tags, False) | dict.fromkeys(listed, True))
    named = look(database, "SELECT spelling, style, name, kind FROM timbre_style_names(%s)", told)
    with database.connect() as connection:
        shown = styles(connection, listed, lastfm=dict.fromkeys(tags, 50))
    assert {spelling for spelling, *_ in named} == {*listed, *tags}
    assert {name: kind for _, _, name, kind in named} == {name: each["kind"] for name, each in shown.items()}
    # A number for each name, and a name for each number.
    assert len({(style, name) for _, style, name, _ in named}) == len(shown)
    assert {style for _, style, *_ in named} == set(range(1, len(shown) + 1))
    names = {spelling: name for spelling, _, name, _ in named}
    assert names["Some Style"] == names["somestyle"] == names["SOME-style"] == "some style"
    assert (names["!!!"], names["Ø" * 501], names["made-up"]) == ("!!!", "ø" * 500, "made up")
    assert names["!" * 501] == "!" * 500


# One style in three spellings, the last a word of its own for it.
@pytest.mark.parametrize("heaviest", ["Hip Hop", "hiphop", "hip-hop/rap"])
def test_of_the_spellings_of_a_name_the_heaviest_counts(database: Database, heaviest: str) -> None:
    names = ["Hip Hop", "hiphop", "hip-hop/rap"]
    others = [name for name in names if name != heaviest]
    with database.connect() as connection:
        listed = styles(connection, names, secondary=others)
        tagged = styles(connection, lastfm=dict.fromkeys(others, 10) | {heaviest: 50})
        told = [each["hip hop"]["weight"] for each in (listed, tagged)]
        nothing = styles(connection, lastfm={"rock": 0, "pop": -5})
    assert told == [0.9, 0.4]
    assert [each["weight"] for each in nothing.values()] == [0, 0]
