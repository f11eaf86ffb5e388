"""The sections of the report: which rows, in which order, how many, and how they are counted."""

from collections.abc import Sequence
from typing import Any

import pytest

from tests.storage.making import isrc, look, name_key, song, spotify_id, store
from timbre_spider.items import ChartRow
from timbre_spider.storage.database import Database
from timbre_spider.storage.override_store import add_override
from timbre_spider.storage.report import Section, report, section_of

pytestmark = pytest.mark.integration


def by_names(rows: Sequence[ChartRow]) -> list[str | None]:
    return [None, *["by names"] * (len(rows) - 1)]


def answered(database: Database, *answers: tuple[Any, ...]) -> None:
    """Rows of (source, key, outcome, day of March, score, tier, reason)."""
    query = (
        "INSERT INTO answers (source, key, outcome, asked_at, score, tier, reason) VALUES (%s, %s, %s, %s, %s, %s, %s)"
    )
    with database.connect() as connection:
        for source, key, outcome, day, *told in answers:
            connection.execute(query, [source, key, outcome, f"2026-03-{day:02}Z", *told])


def rows_of(section: Section, *names: str) -> list[tuple[Any, ...]]:
    return [tuple(row[name] for name in names) for row in section.rows]


def test_all_sections_or_the_one_asked_for(database: Database) -> None:
    assert [each.name for each in report(database, by_names)] == ["unmatched", "weak", "merged", "rejected"]
    for name in ("unmatched", "weak", "merged", "rejected"):
        assert report(database, by_names, only=name) == [Section(name, 0, {}, [])]


def test_unless_told_otherwise_fifty_rows_are_shown_and_all_are_counted(database: Database) -> None:
    rows = [ChartRow("A", f"T{n:02}", 100 - n, n) for n in range(56)]
    store(database, song("A", "T00", rows=rows), *(song("B", str(n), n) for n in range(55)))
    told = {each.name: (each.count, len(each.rows)) for each in report(database, by_names)}
    assert told == {"unmatched": (56, 50), "weak": (0, 0), "merged": (55, 50), "rejected": (0, 0)}
    for section in report(database, by_names, limit=None):
        assert len(section.rows) == section.count


def test_of_the_unmatched_the_last_answer_counts_and_the_most_played_come_first(database: Database) -> None:
    store(database, *(song("A", title, plays) for title, plays in (("asked", 5), ("never", 9), ("failed", 7))))
    store(database, song("A", "found", 99, number=1))
    with database.connect() as connection:
        connection.execute("DELETE FROM lastfm_stats WHERE playcount = 9")
    key, other = name_key("A", "asked"), name_key("A", "failed")
    answered(
        database,
        ("spotify", key, "failed", 1, None, None, "HTTP 500"), ("open", key, "absent", 9, None, None, "of another"),
        ("spotify", other, "failed", 3, None, None, "HTTP 502"),
    )  # fmt: skip
    with database.connect() as connection:  # a second name key of the song, about which was asked later
        connection.execute(
            "INSERT INTO song_keys SELECT %s, id FROM songs WHERE title = 'asked'", [name_key("A", "as ked")]
        )
    answered(database, ("spotify", name_key("A", "as ked"), "absent", 2, None, None, "no candidate"))
    section = section_of(database, "unmatched", None)
    assert rows_of(section, "title", "playcount", "outcome", "reason") == [
        ("failed", 7, "failed", "HTTP 502"), ("asked", 5, "absent", "no candidate"), ("never", None, "not asked", None),
    ]  # fmt: skip
    assert section.by == {"absent": 1, "failed": 1, "not asked": 1}
    assert section_of(database, "unmatched", 1).rows == section.rows[:1]


def test_weak_are_the_lower_tiers_but_for_tracks_that_a_person_named(database: Database) -> None:
    store(database, song("A", "T"), song("A", "U"))
    key, other = name_key("A", "T"), name_key("A", "U")
    answered(
        database,
        ("spotify", key, "found", 1, 0.7, "medium", "title 0.7"), ("spotify", other, "found", 1, 0.6, "low", ""),
        ("labs", key, "found", 1, 0.5, "low", ""), ("open", key, "found", 1, 0.65, "low", ""),
        ("aoty", "album:x", "found", 1, 0.6, "medium", ""), ("aoty", "album:y", "found", 1, 0.9, "high", ""),
        ("aoty", "album:z", "absent", 1, 0.1, "low", ""), ("lastfm", key, "found", 1, None, None, ""),
    )  # fmt: skip
    section = section_of(database, "weak", None)
    assert rows_of(section, "score", "source", "title") == [
        (0.5, "labs", "T"), (0.6, "aoty", None), (0.6, "spotify", "U"), (0.65, "open", "T"), (0.7, "spotify", "T"),
    ]  # fmt: skip
    assert list(section.by.items()) == [
        ("aoty medium", 1), ("labs low", 1), ("open low", 1), ("spotify low", 1), ("spotify medium", 1),
    ]  # fmt: skip
    with database.connect() as connection:
        connection.execute("INSERT INTO overrides (kind, subject, object) VALUES ('aoty', %s, 'u')", [other])
        connection.execute(
            "INSERT INTO overrides (kind, subject, object) VALUES ('spotify', %s, %s)", [key, spotify_id(1)]
        )
    told = rows_of(section_of(database, "weak", None), "source", "title")
    assert told == [("aoty", None), ("spotify", "U"), ("open", "T")]
    look(database, "UPDATE overrides SET replaced_by = 1 WHERE kind = 'spotify' RETURNING 1")
    assert section_of(database, "weak", None).rows == section.rows


def test_rejected_rows_stand_by_reason_the_most_played_first(database: Database) -> None:
    with database.connect() as connection:
        connection.execute(
            "INSERT INTO rejects (id, listener, artist, title, playcount, reason)"
            " SELECT gen_random_uuid(), * FROM (VALUES ('me', 'B', '', 5, 'empty title'),"
            " ('me', 'A', '', 5, 'empty title'), ('me', 'C', '', 9, 'empty title'),"
            " ('me', '', 'T', 50, 'no artist')) told"
        )
    section = section_of(database, "rejected", 3)
    assert rows_of(section, "reason", "artist") == [("empty title", "C"), ("empty title", "A"), ("empty title", "B")]
    assert (section.count, list(section.by.items())) == (4, [("empty title", 3), ("no artist", 1)])


@pytest.mark.parametrize("stays", ["T", "Tea"])
def test_a_join_is_told_by_the_merge_that_made_it_else_by_its_rule_else_by_the_names(
    database: Database, stays: str
) -> None:
    """Whichever of the two songs became part of the other."""
    keys = {title: name_key("A", title) for title in ("T", "Tee", "Tea", "Te")}
    rows = [
        ChartRow("A", "T", 9, 1, name_id=keys["T"]), ChartRow("A", "t", 8, 1, name_id=keys["T"], rule="slip"),
        ChartRow("A", "Tee", 5, 1, name_id=keys["Tee"], rule="slip"),
        ChartRow("A", "Te", 4, 1, name_id=keys["Te"], rule="spotify"),
    ]  # fmt: skip
    several = song("A", "T", rows=rows, keys=[keys["T"], keys["Tee"], keys["Te"]])
    other = song("A", "Tea", 3)
    stronger = several if stays == "T" else other
    assert stronger.identity
    stronger.identity.keys = (f"isrc:{isrc(1)}", *stronger.identity.keys)
    stronger.identity.canonical_id = f"isrc:{isrc(1)}"
    store(database, several, other)
    add_override(database, "same", "A - T", "A - Tea")
    [stored] = look(database, "SELECT id FROM songs")
    assert stored == stronger.identity.song_id
    [section] = report(database, by_names, only="merged")
    assert rows_of(section, "title", "joined_title", "playcount", "rule") == [
        ("T", "t", 8, "by names"), ("T", "Tee", 5, "slip"), ("T", "Te", 4, "spotify id"), ("T", "Tea", 3, "override"),
    ]  # fmt: skip
    assert section.by == {"by names": 1, "slip": 1, "spotify id": 1, "override": 1}
    assert {row["id"] for row in section.rows} == {stored}
