"""Every column that a merge writes, each by itself: what only one of them tells is told, kept and goes along."""

from itertools import chain
from typing import Any
from uuid import UUID

import pytest
from psycopg import sql

from tests.storage.making import album, isrc, look, name_key, song, store, told_openly, track
from timbre_spider.items import Identity, Song
from timbre_spider.storage.database import Database

pytestmark = pytest.mark.integration

ONE, OTHER = UUID(int=1), UUID(int=2)
LONG_AGO = "2020-01-01"
TABLES = ("spotify_attrs", "open_attrs", "lastfm_stats", "aoty_attrs")


def rows(database: Database, table: str) -> dict[UUID, dict[str, Any]]:
    """What is told of each song there, and when: whether since `long_ago`."""
    number = "id" if table == "songs" else "song_id"
    told = look(
        database,
        f"SELECT {number}, to_jsonb(t) - %s::text[] || jsonb_build_object('late', updated_at > %s) FROM {table} t",  # noqa: S608
        ["id", "song_id", "created_at", "updated_at"],
        LONG_AGO,
    )
    return dict(told)


def long_ago(database: Database) -> None:
    """As if all had been written then."""
    with database.connect() as connection:
        for table in ("songs", *TABLES):
            connection.execute(sql.SQL("UPDATE {} SET updated_at = %s").format(sql.Identifier(table)), [LONG_AGO])
        connection.execute("UPDATE songs SET updated_at = %s", [LONG_AGO])  # the others' triggers have dated it


def absorb(database: Database, goes: UUID, stays: UUID) -> None:
    with database.connect() as connection:
        connection.execute("SELECT timbre_absorb(%s, %s, 'name', NULL, NULL)", [goes, stays])


# Two songs of which no column is alike; the second is played more.
def low(**parts: Any) -> Song:
    known = {
        "spotify": track(1, isrc=None, popularity=None), "open": told_openly(1, "deezer"), "tags": {"low": 1},
        "aoty": album(1), **parts,
    }  # fmt: skip
    return song("A", "T", 10, song_id=ONE, **known)


def high(**parts: Any) -> Song:
    other = track(
        2, "Tee", isrc=None, duration_ms=210_000, popularity=60, album_id="al2", artist_id="ar2", album_name="Album 2",
        album_type="single", release_date="2001", explicit=True, track_number=4,
    )  # fmt: skip
    page = album(2, 70.0, 200)._replace(
        title="Album 2", critic_score=60.0, critic_count=5, release_date="2001", genres=("Pop",), tags=("piano",)
    )
    told = told_openly(3, "musicbrainz", release_date="2003-05")
    known = {"spotify": other, "open": told, "tags": {"high": 1}, "aoty": page, **parts}
    return song("A", "Tee", 20, song_id=OTHER, **known)


def beside() -> Song:
    """A song that has nothing to do with either, and all of its own."""
    return song("B", "U", 15, number=7, open=told_openly(7, "listenbrainz"), tags={"u": 1}, aoty=album(7, 50.0))


BARE: dict[str, Any] = {"spotify": None, "open": None, "tags": {}, "aoty": None}


@pytest.mark.parametrize("stays", [ONE, OTHER])
@pytest.mark.parametrize("bare", [None, ONE, OTHER])
def test_of_two_rows_that_become_one_one_row_of_each_kind_is_whole(
    database: Database, bare: UUID | None, stays: UUID
) -> None:
    store(database, low(**BARE if bare == ONE else {}), high(**BARE if bare == OTHER else {}), beside())
    teller, goes = (ONE if bare == OTHER else OTHER), (OTHER if stays == ONE else ONE)
    before = {table: rows(database, table)[teller] for table in TABLES}
    before["lastfm_stats"]["playcount"] = 30
    long_ago(database)
    others = {table: rows(database, table) for table in ("songs", *TABLES)}
    absorb(database, goes, stays)
    after = {table: rows(database, table) for table in ("songs", *TABLES)}
    assert after.pop("songs").pop(stays)["late"]
    for table, told in after.items():
        for gone in (ONE, OTHER):
            others[table].pop(gone, None)
        assert {number: told.pop(number) for number in others[table]} == others[table]
    assert after == {
        # What the row that stays told alone is not written again.
        table: {
            stays: {**values, "late": teller == goes or (table == "open_attrs" and not bare) or "playcount" in values}
        }
        for table, values in before.items()
    }


@pytest.mark.parametrize("goes", [ONE, OTHER])
def test_two_rows_that_became_one_are_two_again_with_all_they_had(database: Database, goes: UUID) -> None:
    store(database, low(isrc=isrc(1), isrc_source="deezer"), high(isrc=isrc(2), isrc_source="spotify"), beside())
    before = {table: rows(database, table) for table in ("songs", *TABLES)}
    absorb(database, goes, OTHER if goes == ONE else ONE)
    long_ago(database)
    look(database, "SELECT timbre_part_merge((SELECT max(id) FROM merges), NULL)")
    after = {table: rows(database, table) for table in ("songs", *TABLES)}
    assert {each["title"] for each in after["songs"].values() if each["late"]} == {"T", "Tee"}
    for each in chain.from_iterable(told.values() for told in after.values()):
        each["late"] = True  # as all were when they were stored
    assert after == before


def openly(source: str = "deezer", **values: Any) -> Song:
    return song(open=told_openly(1, source, **values))


def only(name: str, source: str) -> Song:
    """One fact by that source and no other."""
    facts = ("mbid", "isrcs", "album_name", "release_date", "duration_ms")
    return openly(source, **{each: () if each == "isrcs" else None for each in facts if each != name})


def rated(**values: Any) -> Song:
    return song(aoty=album(1)._replace(**values))


def spotted(**values: Any) -> Song:
    return song(spotify=track(1, **{"isrc": None, **values}))


# What was told first, what then; the table, and its columns that differ by it.
ALONE: list[tuple[Song, Song, str, set[str]]] = [
    (song("A"), song("a"), "songs", {"artist"}),
    (song("A", "T"), song("A", "t"), "songs", {"title"}),
    (song(), song(keys=[f"isrc:{isrc(1)}", "hash:…"]), "songs", {"canonical_id"}),
    (song(isrc=isrc(1)), song(isrc=isrc(2)), "songs", {"isrc"}),
    (song(isrc=isrc(1), isrc_source="deezer"), song(isrc=isrc(1), isrc_source="spotify"), "songs", {"isrc_source"}),
    (spotted(popularity=None), spotted(), "songs", {"completeness"}),
    (song(), song(plays=11), "songs", {"version_plays"}),
    (spotted(), spotted(duration_ms=1), "spotify_attrs", {"duration_ms"}),
    (spotted(), spotted(popularity=1), "spotify_attrs", {"popularity"}),
    (spotted(), spotted(album_id="x"), "spotify_attrs", {"album_id"}),
    (spotted(), spotted(artist_id="x"), "spotify_attrs", {"artist_id"}),
    (spotted(), spotted(album_name="x"), "spotify_attrs", {"album_name"}),
    (spotted(), spotted(album_type="x"), "spotify_attrs", {"album_type"}),
    (spotted(), spotted(release_date="1999-05-05"), "spotify_attrs", {"release_date"}),
    (spotted(release_date="1999"), spotted(release_date="1999-01"), "spotify_attrs", {"release_precision"}),
    (spotted(), spotted(explicit=True), "spotify_attrs", {"explicit"}),
    (spotted(), spotted(track_number=9), "spotify_attrs", {"track_number"}),
    (openly(), openly(mbid=str(UUID(int=9))), "open_attrs", {"mbid"}),
    (openly(), openly(release_mbid=str(UUID(int=9))), "open_attrs", {"release_mbid"}),
    (openly(), openly(duration_ms=9), "open_attrs", {"duration_ms"}),
    (openly(release_date="1991-01-02"), openly(release_date="1991-01-03"), "open_attrs", {"release_date"}),
    (openly(release_date="1991"), openly(release_date="1991-01"), "open_attrs", {"release_precision"}),
    (openly(), openly(album_name="x"), "open_attrs", {"album_name"}),
    (openly(), openly(isrcs=(isrc(9),)), "open_attrs", {"isrcs"}),
    (only("mbid", "deezer"), only("mbid", "spotify"), "open_attrs", {"mbid_source"}),
    (only("isrcs", "deezer"), only("isrcs", "spotify"), "open_attrs", {"isrcs_source"}),
    (only("album_name", "deezer"), only("album_name", "spotify"), "open_attrs", {"album_source"}),
    (only("release_date", "deezer"), only("release_date", "spotify"), "open_attrs", {"release_date_source"}),
    (only("duration_ms", "deezer"), only("duration_ms", "spotify"), "open_attrs", {"duration_source"}),
    (rated(), rated(user_score=1.0), "aoty_attrs", {"user_score"}),
    (rated(), rated(rating_count=1), "aoty_attrs", {"rating_count"}),
    (rated(), rated(critic_score=1.0), "aoty_attrs", {"critic_score"}),
    (rated(), rated(critic_count=1), "aoty_attrs", {"critic_count"}),
    (rated(), rated(url=album(2).url), "aoty_attrs", {"url"}),
    (rated(), rated(title="x"), "aoty_attrs", {"album_title"}),
    (rated(), rated(release_date="2000"), "aoty_attrs", {"release_date"}),
    (rated(), rated(genres=("x",)), "aoty_attrs", {"genres"}),
    (rated(), rated(tags=("x",)), "aoty_attrs", {"tags"}),
    (song(tags={"x": 1}), song(tags={"y": 1}), "lastfm_stats", {"tags"}),
    (song(), song(plays=12), "lastfm_stats", {"playcount"}),
]


def test_one_thing_told_otherwise_is_written_and_dated(database: Database) -> None:
    def told(turn: int) -> list[dict[str, Any]]:
        for number, each in enumerate(case[turn] for case in ALONE):
            each.listener = f"listener {number}"
            keys = (*each.identity.keys[:-1], name_key("A", str(number)))
            each.identity = Identity(UUID(int=number), keys[0], keys)
        store(database, *(case[turn] for case in ALONE))
        tables = {table: rows(database, table) for table in ("songs", *TABLES)}
        return [tables[table][UUID(int=number)] for number, (*_, table, _) in enumerate(ALONE)]

    before = told(0)
    long_ago(database)
    after = told(1)
    differing = [{name for name in one if one[name] != other[name]} for one, other in zip(before, after, strict=True)]
    assert differing == [columns for *_, columns in ALONE]
    assert all(each["late"] for each in after)
    assert all(each["late"] for each in rows(database, "songs").values())
    long_ago(database)
    assert not any(each["late"] for each in told(1))
