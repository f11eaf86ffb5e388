"""What a recommender reads: the view song_features, the answers behind it, and how they are found."""

import asyncio
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from tests.storage.making import NOW, album, answer, isrc, look, name_key, song, spotify_id, store, track
from timbre_spider.items import Answer, ChartRow, Outcome, Song
from timbre_spider.storage.database import Database
from timbre_spider.storage.writer import Writer

pytestmark = pytest.mark.integration

LATER = NOW + timedelta(days=1)


def record(database: Database, *answers: Answer) -> None:
    async def run() -> None:
        writer = Writer(database, spool_dir=Path("/nonexistent"))
        await writer.open()
        await writer.record(list(answers))
        await writer.close()

    asyncio.run(run())


def asking(made: Song, **keys: str) -> Song:
    """`made`, for whose sake each source is asked about a key."""
    made.asked = {(source, 0): key for source, key in keys.items()}
    return made


def test_a_song_has_the_answers_to_what_is_asked_for_its_sake(database: Database) -> None:
    one, two = name_key("A", "T"), name_key("B", "U")
    store(
        database,
        asking(song("A", "T", number=1), spotify=f"track:{spotify_id(1)}", open=one, aoty="album:a", lastfm="artist:a"),
        asking(song("B", "U", number=2), spotify=two, aoty="album:b", open=two),
    )
    answers = {"spotify": [one, two, f"track:{spotify_id(1)}"], "open": [one], "aoty": ["album:a", "album:b"]}
    record(database, *(answer(key, source) for source, keys in answers.items() for key in keys))
    record(database, answer("artist:a", "lastfm"))
    told = "SELECT source, key FROM song_answers JOIN songs ON id = song_id WHERE artist = %s ORDER BY 1, 2"
    assert look(database, told, "A") == [
        ("aoty", "album:a"), ("lastfm", "artist:a"), ("open", one), ("spotify", f"track:{spotify_id(1)}"),
    ]  # fmt: skip
    assert look(database, told, "B") == [("aoty", "album:b"), ("spotify", two)]
    assert look(database, "SELECT lastfm_checked_at FROM song_features ORDER BY artist") == [NOW, None]


NEWER = {"score": 0.6, "tier": "low", "asked_at": LATER}
NEWER_BUT_ABSENT: dict[str, Any] = {"score": None, "tier": None, "asked_at": LATER, "outcome": Outcome.ABSENT}


@pytest.mark.parametrize("turned", [False, True])
@pytest.mark.parametrize("source", ["spotify", "open", "lastfm", "aoty", "labs"])
@pytest.mark.parametrize(
    ("other", "stands"), [(NEWER, (0.6, "low", LATER)), (NEWER_BUT_ABSENT, (0.9, "high", NOW))], ids=["newer", "absent"]
)
def test_of_a_source_s_answers_the_newest_that_found_something_stands(
    database: Database, source: str, other: dict[str, Any], stands: tuple[Any, ...], turned: bool
) -> None:
    keys = (name_key("A", "T"), name_key("A", "T2"))
    once, again = song("A", "T"), song("A", "T2", keys=(keys[1],))
    # Asked of another source about another thing, later still: not this one's.
    elsewhere = "aoty" if source == "open" else "open"
    asked = [{source: keys[0], elsewhere: "elsewhere"}, {source: keys[1]}]
    store(database, *(asking(each, **about) for each, about in zip((once, again), asked, strict=True)))
    record(database, replace(answer("elsewhere", elsewhere), score=0.1, asked_at=LATER + timedelta(days=1)))
    first, second = (other, {}) if turned else ({}, other)
    assert once.identity is not None
    assert again.identity is not None
    store(database, song("A", "T", keys=keys, absorbs=[again.identity.song_id]))
    record(database, *(replace(answer(key, source), **how) for key, how in zip(keys, (first, second), strict=True)))
    shown = {  # about tags there is nothing to match, and labs have no score
        "lastfm": {"lastfm_checked_at": stands[2]},
        "labs": {"spotify_match_tier": stands[1]},
    }.get(
        source,
        dict(zip((f"{source}_match_score", f"{source}_match_tier", f"{source}_checked_at"), stands, strict=True)),
    )
    [told] = look(database, "SELECT to_jsonb(f) FROM song_features f")
    for name, value in shown.items():
        assert (datetime.fromisoformat(told[name]) if name.endswith("_at") else told[name]) == value


def test_a_song_that_nobody_counted_or_judged_is_shown_too(database: Database) -> None:
    store(database, song("A", "T"), song("B", "U", number=1, aoty=album(1)))
    with database.connect() as connection:
        connection.execute("DELETE FROM song_quality; DELETE FROM lastfm_stats; DELETE FROM spotify_attrs")
    assert look(database, "SELECT title, quality, playcount FROM song_features ORDER BY 1") == [
        ("T", None, None), ("U", None, None),
    ]  # fmt: skip


def test_a_page_looked_through_on_the_way_is_no_answer_of_the_song_s(database: Database) -> None:
    made = song("A", "T")
    made.asked = {("spotify", 0): "hash:x", ("spotify", 1): "artist:a#0"}
    store(database, made)
    record(database, answer("hash:x"), replace(answer("artist:a#0"), asked_at=LATER))
    assert look(database, "SELECT key FROM song_answers") == ["hash:x"]


def test_spellings_come_most_played_first_then_as_the_chart_ranks_them(database: Database) -> None:
    rows = [ChartRow("A", "a", 3, 9), ChartRow("A", "b", 3, 2), ChartRow("A", "c", 8, 1), ChartRow("A", "d", 3, 9)]
    store(database, song("A", "c", rows=rows), song("B", "U"))
    [told] = look(database, "SELECT aliases FROM song_features WHERE artist = 'A'")
    assert [each["title"] for each in told] == ["c", "b", "a", "d"]


def test_times_are_told_in_utc(database: Database) -> None:
    store(database, song("A", "T", song_id=UUID(int=1)))
    [told] = database.call("timbre_features", {"ids": [str(UUID(int=1))]})
    assert told["created_at"].endswith("+00:00")


def test_an_album_s_answer_is_told_of_all_its_songs(database: Database) -> None:
    store(database, asking(song("A", "T"), aoty="album:a"), asking(song("A", "U"), aoty="album:a"), song("B", "V"))
    record(database, answer("album:a", "aoty"))
    told = "SELECT aoty_match_score, aoty_match_tier, aoty_checked_at FROM song_features ORDER BY title"
    assert look(database, told) == [(pytest.approx(0.9), "high", NOW)] * 2 + [(None, None, None)]


def test_sources_are_named_where_there_is_a_value(database: Database) -> None:
    store(database, song("A", "T", number=1), song("B", "U", number=2, spotify=track(2, album_name=None)))
    told = "SELECT isrc_source, album_source FROM song_features ORDER BY title"
    assert look(database, told) == [("spotify", "spotify"), ("spotify", None)]


CHANGES = [
    "UPDATE lastfm_stats SET playcount = 99",
    "UPDATE spotify_attrs SET popularity = 1",
    "UPDATE aoty_attrs SET user_score = 1",
    "DELETE FROM lastfm_stats",
    "DELETE FROM spotify_attrs",
    "DELETE FROM aoty_attrs",
]


@pytest.mark.parametrize("change", CHANGES)
def test_whatever_changes_an_attribute_changes_the_song(database: Database, change: str) -> None:
    store(database, song("A", "T", number=1, aoty=album(1)), song("B", "U", number=2, aoty=album(2)))
    before = look(database, "SELECT clock_timestamp()")[0]
    look(database, f"{change} WHERE song_id = (SELECT id FROM songs WHERE artist = 'A') RETURNING 1")  # noqa: S608
    assert look(database, "SELECT artist FROM song_features WHERE updated_at >= %s", before) == ["A"]


@pytest.mark.parametrize("more", [{"spotify": track(1)}, {"aoty": album(1)}])
def test_an_attribute_that_comes_later_changes_the_song(database: Database, more: dict[str, Any]) -> None:
    key = name_key("A", "T")
    store(database, song("A", "T"))
    before = look(database, "SELECT clock_timestamp()")[0]
    store(database, song("A", "T", keys=(key,), **more))
    assert look(database, "SELECT artist FROM song_features WHERE updated_at >= %s", before) == ["A"]


def test_a_song_stored_again_unchanged_has_not_changed(database: Database) -> None:
    full = song("A", "T", number=1, tags={"rock": 1}, aoty=album(1))
    store(database, full)
    before = look(database, "SELECT updated_at FROM songs")
    store(database, full)
    assert look(database, "SELECT updated_at FROM songs") == before


def test_songs_are_told_in_the_order_asked_for_and_merged_ids_lead_on(database: Database) -> None:
    store(database, *(song(name, name, song_id=UUID(int=n)) for n, name in enumerate("ABC", start=1)))
    store(database, song("B", "B", song_id=UUID(int=2), absorbs=[UUID(int=1)]))
    asked = [str(UUID(int=n)) for n in (1, 3, 2, 9)]
    told = database.call("timbre_features", {"ids": asked})
    assert [each["title"] for each in told] == ["B", "C"]
    assert told[0]["playcount"] == 20
    assert database.call("timbre_features", {"ids": []}) == []


@pytest.mark.parametrize(
    ("query", "index"),
    [
        (f"SELECT * FROM song_features WHERE isrc = '{isrc(1)}'", "songs_isrc"),  # noqa: S608
        (f"SELECT * FROM song_features WHERE spotify_id = '{spotify_id(1)}'", "songs_spotify"),  # noqa: S608
        ("SELECT id FROM song_features WHERE genres ? 'Rock'", "aoty_attrs_genres"),
        ("""SELECT id FROM song_features WHERE genres @> '["Rock"]'""", "aoty_attrs_genres"),
        ("SELECT id FROM song_features WHERE lastfm_tags ? 'rock'", "lastfm_stats_tags"),
        ("SELECT id FROM song_features WHERE updated_at >= now() - interval '1 day'", "songs_changed_at"),
    ],
)
def test_a_recommender_s_question_is_answered_from_an_index(new_database: Database, query: str, index: str) -> None:
    with new_database.connect() as connection:
        connection.execute("SET enable_seqscan = off")
        plan = "\n".join(line for (line,) in connection.execute(f"EXPLAIN {query}"))
    assert f" on {index}" in plan or f"using {index}" in plan, plan


def test_what_a_query_does_not_show_is_not_looked_up(database: Database) -> None:
    plan = "\n".join(look(database, "EXPLAIN SELECT id, user_score FROM song_features"))
    assert "aoty_attrs" in plan
    assert not [table for table in ("answers", "song_keys", "spotify_attrs", "aliases") if table in plan]


TOLD = {"spotify_id": spotify_id(1)}


@pytest.mark.parametrize(
    ("parts", "answers", "told"),
    [
        ({"labs_id": spotify_id(1)}, {"labs": TOLD}, (spotify_id(1), "labs", "medium")),
        ({"number": 1}, {"spotify": TOLD}, (spotify_id(1), "spotify", "high")),
        ({"number": 1}, {"spotify": TOLD, "labs": TOLD}, (spotify_id(1), "spotify", "high")),
        ({"number": 1}, {"spotify": TOLD, "labs": {"spotify_id": spotify_id(2)}}, (spotify_id(1), "spotify", "high")),
        ({"number": 1}, {}, (spotify_id(1), "history", None)),
        ({}, {}, (None, None, None)),
    ],
)
def test_an_id_of_spotify_s_names_who_told_it(
    database: Database, parts: dict[str, Any], answers: dict[str, Any], told: tuple[Any, ...]
) -> None:
    key = name_key("A", "T")
    store(database, asking(song("A", "T", **parts), **dict.fromkeys(answers, key)))
    tiers = {"spotify": "high", "labs": "medium"}
    record(
        database, *(replace(answer(key, source, **values), tier=tiers[source]) for source, values in answers.items())
    )
    assert look(database, "SELECT spotify_id, spotify_id_source, spotify_match_tier FROM song_features") == [told]


def test_an_id_of_labs_gives_way_to_spotify_s_own_and_never_takes_its_place(database: Database) -> None:
    key = name_key("A", "T")
    store(database, song("A", "T", labs_id=spotify_id(2)))
    assert look(database, "SELECT canonical_id FROM songs") == [key]
    store(database, song("A", "T", spotify=track(1), keys=(key,)))
    assert look(database, "SELECT spotify_id, popularity FROM song_features") == [(spotify_id(1), 50)]
    store(database, song("A", "T", 99, labs_id=spotify_id(2)))
    assert look(database, "SELECT spotify_id, popularity FROM song_features") == [(spotify_id(1), 50)]
