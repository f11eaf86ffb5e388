"""A song's quality in words."""

from datetime import UTC, datetime
from typing import Any

import pytest

from timbre_spider.service.pages.quality import advice_for, parts_of

pytestmark = pytest.mark.unit

NOW = datetime(2026, 3, 1, tzinfo=UTC)
SURE: dict[str, Any] = {
    "quality": 0.9, "completeness": 1.0, "certainty": 1.0, "agreement": 0.75, "freshness": 0.5,
    "spotify_match_score": 0.999, "spotify_match_tier": "exact", "open_match_score": 0.999, "open_match_tier": "exact",
    "aoty_match_score": None, "aoty_match_tier": None,
    **{f"{source}_checked_at": NOW for source in ("spotify", "open", "lastfm", "aoty")},
}  # fmt: skip
NOTHING: dict[str, list[str] | None] = {"lacking": None, "differing": None, "stale": None}


def test_the_parts_with_what_they_mean() -> None:
    assert [(name, share) for name, share, _ in parts_of(SURE)] == [
        ("quality", 0.9), ("completeness", 1.0), ("certainty", 1.0), ("agreement", 0.75), ("freshness", 0.5),
    ]  # fmt: skip
    assert parts_of(dict.fromkeys(SURE)) == []


# What of a sure song is otherwise, what is told of it → the lines.
CASES: list[tuple[dict[str, Any], dict[str, list[str]], list[str]]] = [
    ({}, {}, []),
    ({}, {"lacking": ["ISRC"]}, ["Not known: ISRC."]),
    (
        {"spotify_checked_at": None, "lastfm_checked_at": None},
        {"lacking": ["ISRC", "tags", "MusicBrainz id"]},
        [
            "Not known: ISRC, tags and MusicBrainz id.",
            "Never asked about it: Spotify and Last.fm. A run asks; `timbre validate` tells whose key is missing.",
        ],
    ),
    (
        {"open_match_score": 0.75},
        {},
        [
            "What the open sources answered is of this song in 962 of 1,000 cases like it: look at the answers,"
            " and settle it by your word."
        ],
    ),
    (
        {"spotify_match_score": None, "spotify_match_tier": "medium"},
        {},
        [
            "What Spotify answered is of this song in 956 of 1,000 cases like it: look at the answers,"
            " and settle it by your word."
        ],
    ),
    (
        {},
        {"differing": ["length", "year"], "stale": ["aoty"]},
        [
            "The sources differ in: length and year. One of them may mean another version: your word settles it.",
            "Past their time: the answers of Album of the Year. The next run asks again.",
        ],
    ),
]


@pytest.mark.parametrize(("otherwise", "told", "lines"), CASES)
def test_what_would_raise_it(otherwise: dict[str, Any], told: dict[str, list[str]], lines: list[str]) -> None:
    assert advice_for(SURE | otherwise, NOTHING | told) == lines
