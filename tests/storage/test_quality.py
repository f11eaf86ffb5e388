"""How far a song's row may be relied upon: its parts, when it is judged, and what it says would help."""

import io
import json
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Any

import pytest

from tests.storage.making import (
    NOW,
    album,
    answer,
    isrc,
    look,
    name_key,
    rows_as_written,
    song,
    store,
    told_openly,
    track,
)
from tests.storage.test_features import asking, record
from timbre_spider.items import Outcome
from timbre_spider.matching.calibration import KNOTS, probability
from timbre_spider.storage.database import Database
from timbre_spider.storage.export import export
from timbre_spider.storage.quality import judge_due

pytestmark = pytest.mark.integration

KEY = name_key("A", "T")
DAY = timedelta(days=1)
FULL: dict[str, Any] = {
    "number": 1, "tags": {"rock": 100}, "aoty": album(1, 80.0),
    "open": told_openly(1, duration_ms=200_500, album_name="Album", release_date="1999"),
}  # fmt: skip
PARTS = "completeness, certainty, agreement, freshness"


def parts(database: Database, title: str = "T", at: datetime = NOW) -> dict[str, Any]:
    """All that is told of the song of a title."""
    query = "SELECT to_jsonb(q) FROM timbre_quality(ARRAY(SELECT id FROM songs WHERE title = %s), %s) q"
    [told] = look(database, query, title, at)
    return dict(told)


def test_a_score_is_the_same_chance_in_the_database_and_out_of_it(database: Database) -> None:
    scores = [step / 50 for step in range(51)] + [score for score, _ in KNOTS]
    told = look(database, "SELECT timbre_probability(s) FROM unnest(%s::float8[]) s", scores)
    assert told == pytest.approx([probability(score) for score in scores])
    assert look(database, "SELECT timbre_probability(NULL)") == [None]


def test_a_song_nobody_knows_and_one_of_which_all_is_known(database: Database) -> None:
    store(database, song("A", "T"))
    told = parts(database)
    assert [told[name] for name in PARTS.split(", ")] == [0, 0, 0.5, 0]
    assert told["lacking"] == [
        "ISRC", "Spotify id", "album", "genres of the album", "length", "release date", "tags",
        "user score of the album", "MusicBrainz id",
    ]  # fmt: skip
    store(database, song("A", "T", **FULL, keys=(KEY,)))
    told = parts(database)
    assert (told["completeness"], told["certainty"], told["lacking"]) == (1, 1, None)
    assert told["agreement"] == pytest.approx(5.5 / 6)


# What is left out → what is lacking then.
LESS = {
    "tags": ["tags"],
    "aoty": ["genres of the album", "user score of the album"],
    "open": ["MusicBrainz id"],
}


def test_what_is_lacking_is_told_and_makes_it_less_complete(database: Database) -> None:
    store(database, song("A", "T", **FULL))
    for at, (without, lacking) in enumerate(LESS.items(), 2):
        known = {name: each for name, each in FULL.items() if name != without} | {"number": at}
        store(database, song("A", without, **known))
        told = parts(database, without)
        assert told["lacking"] == lacking
        assert told["completeness"] < parts(database)["completeness"] == 1


# Scores by source → the certainty, of 20 parts: 12 Spotify's (album's 4 with it), 2 of tags, 1 of the open sources.
CERTAIN: list[tuple[dict[str, float | None], float]] = [
    ({"spotify": None, "open": None, "aoty": None}, 1.0),
    ({"spotify": 0.75}, (13 * probability(0.75) + 4 * probability(0.75) + 3) / 20),
    ({"open": 0.75}, (19 + probability(0.75)) / 20),
    ({"aoty": 0.75}, (16 + 4 * probability(0.75)) / 20),
    ({"spotify": 0.987, "aoty": 0.75}, (13 * probability(0.987) + 4 * probability(0.75) * probability(0.987) + 3) / 20),
]


def test_a_value_is_as_sure_as_the_match_it_came_by(database: Database) -> None:
    for at, (scores, certainty) in enumerate(CERTAIN):
        for turned in (False, True):
            title = f"T{at} {turned}"
            key = name_key("A", title)
            full = FULL | {"number": 10 * at + turned + 1}
            store(database, asking(song("A", title, **full), **dict.fromkeys(scores, key)))
            answers = [replace(answer(key, source), score=score) for source, score in scores.items()]
            record(database, *(reversed(answers) if turned else answers))
            assert parts(database, title)["certainty"] == pytest.approx(certainty, abs=1e-4), scores


def test_of_two_answers_of_a_source_the_one_that_found_something_counts(database: Database) -> None:
    keys = (KEY, name_key("A", "Tee"))
    store(database, asking(song("A", "T", **FULL, keys=keys), open=KEY))
    with database.connect() as connection:
        connection.execute("INSERT INTO questions (song_key, source, key) VALUES (%s, 'open', %s)", [keys[1], keys[1]])
    later = replace(answer(keys[1], "open"), outcome=Outcome.ABSENT, values={}, score=None, tier=None)
    record(database, replace(answer(KEY, "open"), score=0.75), replace(later, asked_at=NOW + DAY))
    assert parts(database)["certainty"] == pytest.approx((19 + probability(0.75)) / 20)


def test_what_labs_told_is_the_least_sure(database: Database) -> None:
    store(database, asking(song("A", "T", labs_id="1" * 22), labs=KEY, spotify=KEY))
    absent = replace(answer(KEY), outcome=Outcome.ABSENT, values={}, score=None, tier=None)
    record(database, absent, replace(answer(KEY, "labs"), score=None, tier="medium"))
    assert parts(database)["certainty"] == pytest.approx(KNOTS[0][1])


# What the open sources say otherwise than Spotify → the facts in which they differ.
DIFFER: list[tuple[dict[str, Any], list[str] | None]] = [
    ({}, None),
    ({"duration_ms": 203_000}, None),
    ({"duration_ms": 203_001}, ["length"]),
    ({"album_name": "album (Deluxe Edition)"}, None),
    ({"album_name": "Another Album"}, ["album"]),
    ({"isrcs": (isrc(99),)}, ["ISRC"]),
    ({"release_date": "2000-01-01"}, None),
    ({"release_date": "2001"}, ["year"]),
]


def test_sources_agree_or_differ(database: Database) -> None:
    known = {"duration_ms": 200_500, "album_name": "Album", "release_date": "1999"}
    for at, (otherwise, differing) in enumerate(DIFFER, 1):
        told = {"isrcs": (isrc(at),), **known, **otherwise}
        store(database, song("A", f"T{at}", number=at, open=told_openly(1, **told)))
        judged = parts(database, f"T{at}")
        assert judged["differing"] == differing, otherwise
        assert judged["agreement"] == pytest.approx((4.5 - len(differing or [])) / 5)


def test_an_album_of_another_year_at_album_of_the_year_differs(database: Database) -> None:
    store(database, song("A", "T", number=1, aoty=album()._replace(release_date="2005-01-01")))
    assert parts(database)["differing"] == ["year at Album of the Year"]


# Days since it was asked → what is left of an answer good for seven, and the day it falls next.
HALVED = [(0, 1, 7), (6.9, 1, 7), (7, 0.5, 14), (13.9, 0.5, 14), (14, 0.25, 28), (27.9, 0.25, 28), (100, 0.0625, 112)]


def test_an_answer_past_its_time_halves_and_halves(database: Database) -> None:
    store(database, asking(song("A", "T"), aoty=KEY, spotify=KEY, labs=KEY))
    record(database, replace(answer(KEY, "aoty"), next_check=NOW + 7 * DAY), answer(KEY, "spotify"))
    record(database, replace(answer(KEY, "labs"), next_check=NOW + DAY))
    for days, freshness, next_day in HALVED:
        told = parts(database, at=NOW + days * DAY)
        assert told["freshness"] == pytest.approx((freshness + 1) / 2)
        assert datetime.fromisoformat(told["changes_at"]) == NOW + next_day * DAY
        assert told["stale"] == (["aoty"] if freshness < 1 else None)


def test_who_gave_no_answer_says_nothing_of_freshness(database: Database) -> None:
    store(database, asking(song("A", "T"), aoty=KEY, spotify=KEY))
    failed = replace(answer(KEY, "aoty"), outcome=Outcome.FAILED, values={}, score=None, tier=None)
    record(database, failed, answer(KEY, "spotify"))
    told = parts(database, at=NOW + 100 * DAY)
    assert (told["freshness"], told["stale"], told["changes_at"]) == (1, None, None)


def test_the_parts_weigh_by_what_is_told_of_them(database: Database) -> None:
    store(database, song("A", "T", **FULL))
    [row] = look(database, f"SELECT quality, {PARTS} FROM song_features")  # noqa: S608
    assert row[0] == pytest.approx(
        sum(w * part for w, part in zip((0.4, 0.3, 0.2, 0.1), row[1:], strict=True)), abs=1e-4
    )
    assert all(0 <= each <= 1 for each in row)


def test_a_song_is_judged_when_it_is_written_and_not_written_again_for_it(database: Database) -> None:
    full = song("A", "T", **FULL)
    store(database, full)
    assert look(database, "SELECT count(*) FROM song_quality") == [1]
    before = rows_as_written(database)
    store(database, full)
    assert rows_as_written(database) == before


JUDGED = "SELECT quality, judged_at FROM song_quality"


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE aoty_attrs SET user_score = NULL",
        "DELETE FROM song_quality",
        "UPDATE song_quality SET completeness = 0, changes_at = now() - interval '1 s'",
    ],
)
def test_what_has_changed_otherwise_or_by_time_is_judged_when_it_is_due(database: Database, change: str) -> None:
    store(database, song("A", "T", **FULL), song("B", "U"))
    assert database.call("timbre_judge_due", {"most": "10"}) == 0
    before = look(database, f"{JUDGED} ORDER BY quality")
    with database.connect() as connection:
        connection.execute(change.encode())
    due = database.call("timbre_judge_due", {"most": "1"})
    assert due == 1
    while database.call("timbre_judge_due", {"most": "1"}):
        pass
    after = look(database, f"{JUDGED} ORDER BY quality")
    assert len(after) == 2
    assert after != before
    assert after[-1][0] == pytest.approx(before[-1][0] - (0.04 if "score" in change else 0), abs=0.001)


@pytest.mark.parametrize(("hours", "due"), [(0, 1), (0.9, 1), (1.1, 0)])
def test_what_was_judged_an_hour_before_the_last_look_is_not_looked_at_again(
    database: Database, hours: float, due: int
) -> None:
    store(database, song("A", "T"))
    for _ in range(2):
        assert database.call("timbre_judge_due", {"most": "10"}) == 0
    later = "UPDATE quality_judged SET until = until + %s RETURNING until > now() - interval '1 min'"
    assert look(database, later, timedelta(hours=hours)) == [True]
    look(database, "DELETE FROM song_quality RETURNING 1")
    assert database.call("timbre_judge_due", {"most": "10"}) == due


def test_a_file_holds_no_song_that_was_not_judged(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("timbre_spider.storage.quality.AT_ONCE", 1)
    store(database, song("A", "T", **FULL), song("B", "U"))
    look(database, "DELETE FROM song_quality RETURNING 1")
    calls = iter((False, True))
    assert judge_due(database, lambda: next(calls)) == 1
    assert judge_due(database) == 1
    look(database, "DELETE FROM song_quality RETURNING 1")
    out = io.BytesIO()
    export(database, "jsonl", out)
    assert [json.loads(line)["quality"] > 0 for line in out.getvalue().splitlines()] == [True, True]


def test_a_thousand_are_judged_at_once_until_none_is_due(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    """More at once would keep a crawl waiting that writes songs."""
    asked, judged = [], iter((1000, 7, 0))

    def call(_: Database, function: str, arguments: Any) -> int:
        asked.append((function, arguments))
        return next(judged)

    monkeypatch.setattr(Database, "call", call)
    assert judge_due(database) == 1007
    assert asked == [("timbre_judge_due", {"most": "1000"})] * 3


def test_songs_go_with_their_quality(database: Database) -> None:
    one, other = song("A", "T", **FULL), song("B", "U")
    store(database, one, other)
    assert other.identity is not None
    store(database, song("A", "T", **FULL, absorbs=[other.identity.song_id]))
    assert look(database, "SELECT count(*) FROM song_quality") == [1]


def test_knowing_more_and_more_is_ever_more_complete(database: Database) -> None:
    steps: list[dict[str, Any]] = [
        {}, {"tags": {"rock": 1}}, {"open": told_openly(1, isrcs=(), album_name=None)}, {"aoty": album(1, None)},
        {"aoty": album(1, 80.0)}, {"spotify": track(1), "number": 1},
    ]  # fmt: skip
    known: dict[str, Any] = {}
    reached = []
    for step in steps:
        known |= step
        store(database, song("A", "T", **known))
        reached.append(parts(database)["completeness"])
    assert all(one < other for one, other in pairwise(reached))
