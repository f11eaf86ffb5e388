"""Why rows are one song, in words a person can judge."""

import pytest

from timbre_spider.items import ChartRow
from timbre_spider.matching.folding.joined import why_joined
from timbre_spider.matching.folding.rule import Rule

pytestmark = pytest.mark.unit


@pytest.mark.parametrize(
    ("one", "other", "rule"),
    [
        (("A", "Song"), ("a", "SONG!"), None),
        (("A", "Song"), ("A", "Song (Live)"), Rule.VARIANT),
        (("A", "Song"), ("A", "Song (feat. B)"), Rule.NAME_KEY),
        (("A", "Flood 1"), ("A", "Flood I"), Rule.NAME_KEY),
        (("A", "Climbing"), ("A", "Climbin'"), Rule.NAME_KEY),
        (("A", "Fuck It"), ("A", "F**k It"), Rule.NAME_KEY),
        (("A", "东风破"), ("A", "東風破"), Rule.NAME_KEY),
        (("A", "ひまわり"), ("A", "ヒマワリ"), Rule.NAME_KEY),
        (("Mø", "Gül & Ağ"), ("MO", "gul and ag"), None),
        (("A", "Citizen Erased"), ("A", "Citzen Erased"), Rule.SLIP),
        (("A & B", "Song"), ("B, A", "Song"), Rule.ARTIST_LIST),
        (("A", "Song"), ("A", "05 - Song"), Rule.TRACK_NUMBER),
        (("A", "紅蓮華"), ("A", "Gurenge (紅蓮華)"), Rule.TRANSLATION),
        (("A", "Half Step Down"), ("A", "A Half Step Down"), Rule.ARTICLE),
        (("Poe", "Wild"), ("Poe - Haunted", "Wild"), Rule.ARTIST_NAME),
        (("Kino", "Star"), ("Кино", "Star"), Rule.SCRIPT),
        (("A", "Song"), ("A", "Quite Another"), Rule.ISRC),
    ],
)
def test_the_rule_that_joined_two_rows(one, other, rule):
    assert why_joined([ChartRow(*one, 9, 1), ChartRow(*other, 5, 2)]) == [None, rule]


def test_a_row_is_reached_over_another():
    rows = [
        ChartRow("A", title, 9 - at, at)
        for at, title in enumerate(["Karma Police", "04 - Karma Police", "Karma Polcie"])
    ]
    assert why_joined(rows) == [None, Rule.TRACK_NUMBER, Rule.SLIP]
