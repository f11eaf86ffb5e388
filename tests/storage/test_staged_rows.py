"""Which value goes into which column of the staging tables."""

from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest

from tests.storage.making import NOW, album, song, spotify_id, told_openly, track
from tests.storage.test_albums import FULL, seen
from timbre_spider.items import Answer, AotyTrack, ChartRow, Listens, OpenFacts, Outcome, Reject
from timbre_spider.storage.staging import (
    COLUMNS,
    Row,
    album_row,
    answer_row,
    question_rows,
    reject_row,
    song_rows,
)

pytestmark = pytest.mark.unit


def told(kind: str, row: Row) -> dict[str, Any]:
    """What is not null in it, by column."""
    return {name: value for name, value in zip(COLUMNS[kind], row, strict=True) if value is not None}


def test_a_song_of_which_all_is_known() -> None:
    full = song(
        "A", "T", number=3, song_id=UUID(int=7), absorbs=[UUID(int=8)], keys=["isrc:x", "hash:y"],
        tags={"rock": 9}, aoty=album(5), open=told_openly(2), labs_id="not asked for",
    )  # fmt: skip
    assert full.identity is not None
    full.identity.canonical_id, full.identity.takes = "spotify:z", ("isrc:x",)
    row, _ = song_rows(full)
    values = told("songs", row)
    assert values.pop("open") == {
        "mbid": str(UUID(int=2)), "mbid_source": "listenbrainz", "isrcs": full.open and full.open.isrcs,
        "isrcs_source": "listenbrainz", "album_name": "Album 2", "release_mbid": str(UUID(int=3)),
        "album_source": "listenbrainz", "duration_ms": 2000, "duration_source": "listenbrainz",
        "release_date": "1992-01-01", "release_precision": "year", "release_date_source": "listenbrainz",
    }  # fmt: skip
    assert values == {
        "song_id": str(UUID(int=7)), "canonical_id": "spotify:z", "keys": ["isrc:x", "hash:y", "spotify:z"],
        "absorbs": [str(UUID(int=8))], "taken_keys": ["isrc:x"], "artist": "A", "title": "T",
        "isrc": "USABC0000003", "isrc_source": "spotify", "spotify_id": spotify_id(3), "completeness": 11,
        "plays": 10, "duration_ms": 200_000, "popularity": 50, "album_id": "al", "artist_id": "ar",
        "album_name": "Album", "album_type": "album", "release_date": "1999-05-04", "release_precision": "day",
        "explicit": False, "track_number": 3, "lastfm_tags": {"rock": 9}, "aoty_url": album(5).url,
        "aoty_title": "Album", "user_score": 80.0, "rating_count": 100, "critic_score": 75.0, "critic_count": 9,
        "aoty_release_date": "1999", "genres": ["Rock"], "aoty_tags": ["guitar"],
    }  # fmt: skip


def test_a_song_of_which_nobody_knows_anything() -> None:
    bare = song("A", "T", 10, labs_id=spotify_id(9), open=OpenFacts())
    assert bare.identity is not None
    [key] = bare.identity.keys
    row, _ = song_rows(bare)
    assert told("songs", row) == {
        "song_id": str(bare.identity.song_id), "canonical_id": key, "keys": [key], "absorbs": [], "taken_keys": [],
        "artist": "A", "title": "T", "spotify_id": spotify_id(9), "completeness": 0, "plays": 10, "lastfm_tags": {},
    }  # fmt: skip


def test_a_song_s_chart_rows() -> None:
    listens = Listens("spotify", "history", 7, 100, 200, "LP", spotify_id(1), "USABC0000001", "an mbid")
    rows = [
        ChartRow("A", "T", 10, 1, name_id="hash:other", rule="slip", listens=(listens,)),
        ChartRow("a", "t", 2, 5),
    ]
    one = song("A", "T", listener="Me", rows=rows)
    _, (first, second) = song_rows(one)
    assert told("aliases", first) == {
        "listener": "Me", "artist": "A", "title": "T", "name_key": "hash:other", "playcount": 10, "rank": 1,
        "listens": [("spotify", "history", 7, 100, 200, "LP", spotify_id(1), "USABC0000001", "an mbid")],
        "rule": "slip",
    }  # fmt: skip
    assert told("aliases", second) == {
        "listener": "Me", "artist": "a", "title": "t", "name_key": one.name_id, "playcount": 2, "rank": 5,
        "listens": [],
    }  # fmt: skip


def test_a_song_s_questions() -> None:
    one = song(asked={("spotify", 0): "k" * 301, ("aoty", 2): ""})
    assert [told("questions", row) for row in question_rows(one)] == [
        {"song_key": one.name_id, "source": "spotify", "page": 0, "key": question_rows(one)[0][3]},
        {"song_key": one.name_id, "source": "aoty", "page": 2, "key": ""},
    ]
    assert len(question_rows(one)[0][3]) == 299


def test_an_answer() -> None:
    full = Answer("aoty", "album:x", Outcome.FOUND, NOW, NOW + timedelta(days=1), {"a": 1}, 0.9, "high", "why", 3)
    assert told("answers", answer_row(full)) == {
        "source": "aoty", "key": "album:x", "outcome": "found", "asked_at": "2026-03-01T12:00:00+00:00",
        "next_check": "2026-03-02T12:00:00+00:00", "values": {"a": 1}, "score": 0.9, "tier": "high", "reason": "why",
    }  # fmt: skip
    bare = Answer("aoty", "k" * 301, Outcome.ABSENT, NOW)
    values = told("answers", answer_row(bare))
    assert (len(values.pop("key")), values) == (299, {
        "source": "aoty", "outcome": "absent", "asked_at": "2026-03-01T12:00:00+00:00", "values": {}, "reason": "",
    })  # fmt: skip


def test_an_album() -> None:
    assert told("albums", album_row(seen(FULL, day=2, place="a file"))) == {
        "number": 7, "kind": "album", "seen_at": "2026-03-03T12:00:00+00:00", "place": "a file",
        "key": "ann|harbour", "url": FULL.url, "artist": "Ann", "title": "Harbour",
        "artist_url": FULL.artist_url, "user_score": 74.5, "rating_count": 20_489, "critic_score": 70.3794,
        "critic_count": 17, "release_date": "2004-03-08", "format": "LP", "must_hear": "both",
        "spotify_album_id": "4aB0000000000000000001", "genres": ("Dream Pop", "Shoegaze"),
        "secondary_genres": ("Slowcore",), "tags": ("hazy", "1990s"), "labels": ("Creation", "Sub Pop"),
        "tracks": [
            {"title": "Lantern", "number": 1, "disc": 1, "length_ms": 171_000, "score": 77.0,
             "rating_count": 4304},
            {"title": "Pier", "number": 2, "disc": 2},
        ],
    }  # fmt: skip


def test_of_an_album_what_was_not_told_is_null() -> None:
    bare = album_row(seen())
    assert set(told("albums", bare)) == {"number", "kind", "seen_at", "place", "key", "url", "artist", "title"}
    only_secondary = seen(FULL, genres=("Slowcore",), tracks=(AotyTrack("Pier"),))
    values = told("albums", album_row(only_secondary))
    assert "genres" not in values
    assert values["secondary_genres"] == ("Slowcore",)
    assert [track["title"] for track in values["tracks"]] == ["Pier"]
    assert told("albums", album_row(seen(FULL, secondary_genres=())))["genres"] == FULL.genres
    long = seen(FULL)._replace(key="k" * 301)
    assert len(told("albums", album_row(long))["key"]) == 299


def test_a_rejected_row() -> None:
    reject = Reject("me", "A", "", 5, "empty title")
    assert told("rejects", reject_row(reject)) == {
        "listener": "me", "artist": "A", "title": "", "playcount": 5, "reason": "empty title",
    }  # fmt: skip


def test_a_track_of_which_less_is_told_is_less_complete() -> None:
    known = song("A", "T", number=3)
    for lacking, completeness in ((), 11), (("popularity",), 10), (("popularity", "album_type", "explicit"), 8):
        known.spotify = track(3, **dict.fromkeys(lacking))
        assert song_rows(known)[0][COLUMNS["songs"].index("completeness")] == completeness
    known.isrc = None
    known.spotify = replace(track(3), isrc=None)
    assert song_rows(known)[0][COLUMNS["songs"].index("completeness")] == 10
