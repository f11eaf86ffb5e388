"""A song's quality, source by source and bound by bound."""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest

from tests.storage.making import NOW, album, answer, look, name_key, song, store, told_openly
from tests.storage.test_features import asking, record
from tests.storage.test_quality import DAY, FULL, KEY, PARTS, parts
from timbre_spider.items import Answer, Outcome
from timbre_spider.matching.calibration import probability
from timbre_spider.storage.database import Database

pytestmark = pytest.mark.integration

HOUR = timedelta(hours=1)
OPEN: dict[str, Any] = {"open": told_openly(1), "tags": {"rock": 100}, "aoty": album(1)}


def absent(source: str, **more: Any) -> Answer:
    return replace(answer(KEY, source), outcome=Outcome.ABSENT, values={}, score=None, tier=None, **more)


@pytest.mark.parametrize(("score", "other"), [(0.75, 0.9), (None, 0.9), (0.75, None)])
def test_without_spotify_an_album_is_as_sure_as_the_open_sources(
    database: Database, score: float | None, other: float | None
) -> None:
    """Eight parts theirs, two of tags, four of the album's; who was not asked is believed."""
    scores = {source: each for source, each in (("open", score), ("aoty", other)) if each is not None}
    store(database, asking(song("A", "T", **OPEN), **dict.fromkeys(scores, KEY)))
    record(database, *(replace(answer(KEY, source), score=each) for source, each in scores.items()))
    told = parts(database)
    assert told["lacking"] == ["ISRC", "Spotify id"]
    open_, aoty = (1 if each is None else probability(each) for each in (score, other))
    assert told["certainty"] == pytest.approx((8 * open_ + 2 + 4 * aoty * open_) / 14, abs=1e-4)
    assert told["completeness"] == pytest.approx(14 / 20)


@pytest.mark.parametrize("newer", [0, 1])
def test_of_two_finds_of_a_source_the_newer_counts(database: Database, newer: int) -> None:
    keys = (KEY, name_key("A", "Tee"))
    store(database, asking(song("A", "T", **FULL, keys=keys), open=KEY))
    asked = "INSERT INTO questions (song_key, source, key) VALUES (%s, 'open', %s) RETURNING 1"
    look(database, asked, keys[1], keys[1])
    found = [replace(answer(key, "open"), score=0.99) for key in keys]
    found[newer] = replace(found[newer], score=0.75, asked_at=NOW + DAY)
    record(database, *found)
    assert parts(database)["certainty"] == pytest.approx((19 + probability(0.75)) / 20)


def test_of_several_sources_the_first_to_age_says_when(database: Database) -> None:
    store(database, asking(song("A", "T"), aoty=KEY, open=KEY, lastfm=KEY))
    record(
        database,
        *(replace(answer(KEY, source), next_check=NOW + days * DAY) for source, days in (("open", 9), ("aoty", 7))),
    )
    record(database, absent("lastfm"))  # that it is not there is known for a day
    for days, freshness, changes, stale in (
        (0.5, 1, 1, None),
        (1, 2.5 / 3, 2, ["lastfm"]),
        (10, (0.5 + 0.5 + 0.0625) / 3, 14, ["aoty", "lastfm", "open"]),
    ):
        told = parts(database, at=NOW + days * DAY)
        assert told["freshness"] == pytest.approx(freshness)
        assert datetime.fromisoformat(told["changes_at"]) == NOW + changes * DAY
        assert told["stale"] == stale


# Hours since it was asked → what is left of an answer that was good for a minute: as of one good for an hour.
@pytest.mark.parametrize(
    ("hours", "freshness", "changes"), [(0, 1, 1 / 60), (0.5, 0.5, 2), (1.9999, 0.5, 2), (2, 0.25, 4), (4, 0.125, 8)]
)
def test_an_answer_ages_by_the_hour_at_the_fastest(
    database: Database, hours: float, freshness: float, changes: float
) -> None:
    store(database, asking(song("A", "T"), aoty=KEY))
    record(database, replace(answer(KEY, "aoty"), next_check=NOW + HOUR / 60))
    told = parts(database, at=NOW + hours * HOUR)
    assert told["freshness"] == pytest.approx(freshness)
    assert datetime.fromisoformat(told["changes_at"]) == NOW + changes * HOUR


# The open sources' date and the album's (Spotify's is 1999) → what differs.
@pytest.mark.parametrize(
    ("spotify", "opened", "rated", "differing"),
    [
        (True, "1999", "1998", None),
        (True, "1999", "2000", None),
        (True, "1999", "2001", ["year at Album of the Year"]),
        (True, "2003", "1999", ["year"]),
        (True, "2003", "2003", ["year", "year at Album of the Year"]),
        (False, "1999", "2000", None),
        (False, "1999", "2001", ["year at Album of the Year"]),
    ],
)
def test_years_are_compared_with_spotify_s_before_the_open_ones(
    database: Database, spotify: bool, opened: str, rated: str, differing: list[str] | None
) -> None:
    told = told_openly(1, duration_ms=None, album_name=None, release_date=opened)
    page = album()._replace(release_date=rated)
    store(database, song("A", "T", number=1 if spotify else None, open=told, aoty=page))
    assert parts(database)["differing"] == differing


def test_a_song_nobody_counted_and_one_asked_about_twice_are_judged_once(database: Database) -> None:
    store(database, song("A", "T"))
    look(database, "DELETE FROM lastfm_stats RETURNING 1")
    assert parts(database)["completeness"] == 0
    assert look(
        database, "SELECT count(*) FROM timbre_quality((SELECT array_agg(id) || array_agg(id) FROM songs), now())"
    ) == [1]


def test_every_part_is_judged_anew_and_dated(database: Database) -> None:
    kept = f"SELECT {PARTS}, changes_at FROM song_quality"  # noqa: S608
    store(database, asking(song("A", "T", **FULL), aoty=KEY))
    record(database, replace(answer(KEY, "aoty"), next_check=NOW + 99_999 * DAY))
    store(database, asking(song("A", "T", **FULL), aoty=KEY))
    before = look(database, kept)
    changed = """UPDATE song_quality SET completeness = 0, certainty = 0, agreement = 0, freshness = 0,
        changes_at = now() - interval '1 s', judged_at = '2020-01-01' RETURNING 1"""
    look(database, changed)
    look(database, "UPDATE songs SET updated_at = now() RETURNING 1")
    assert database.call("timbre_judge_due", {"most": "9"}) == 1
    assert look(database, kept) == before
    assert look(database, "SELECT judged_at > '2020-01-02' FROM song_quality") == [True]
