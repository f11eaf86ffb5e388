"""What each field says for and against one song, and where the tiers begin."""

from dataclasses import fields, replace
from math import log

import pytest

from timbre_spider.matching.comparing.compare import compare, evidence_of
from timbre_spider.matching.comparing.record import Record
from timbre_spider.matching.comparing.tier import Tier
from timbre_spider.matching.comparing.weights import WEIGHTS, Weight

pytestmark = pytest.mark.unit

# Agreement, the likeness that says nothing, the likeness from which on it is another song as far as this tells, and how
# much that says.
SAID = {
    "title": (5.0, 0.8, 0.45, -6.0),
    "artist": (3.0, 0.7, 0.4, -5.0),
    "album": (4.0, 0.6, 0.3, -1.0),
    "duration": (4.0, 0.5, 0.0, -3.5),
    "year": (1.0, 0.6, 0.0, -0.7),
    "track_number": (2.5, 0.5, 0.0, -0.8),
    "variants": (0.3, 0.9, 0.0, -6.0),
    "numbers": (0.3, 0.9, 0.0, -5.0),
    "names": (0.0, 0.5, 0.0, -4.0),
    "isrc": (5.0, 0.5, 0.0, -1.0),
    "spotify_id": (6.0, 0.5, 0.0, 0.0),
}


def test_each_field_has_its_weight() -> None:
    assert {each.name for each in fields(WEIGHTS) if isinstance(getattr(WEIGHTS, each.name), Weight)} == set(SAID)
    assert evidence_of({}) == -4.0


@pytest.mark.parametrize("name", SAID)
def test_what_a_field_says(name: str) -> None:
    agree, even, floor, disagree = SAID[name]

    def said(similarity: float) -> float:
        return evidence_of({name: similarity}) - evidence_of({})

    assert [said(1.0), said(even), said(floor), said(0.0)] == pytest.approx([agree, 0.0, disagree, disagree])
    # In proportion between these.
    assert said((1 + even) / 2) == pytest.approx(agree / 2)
    assert said((even + floor) / 2) == pytest.approx(disagree / 2)


@pytest.mark.parametrize(
    ("score", "tier"),
    [
        (0.901, Tier.EXACT), (0.899, Tier.MEDIUM), (0.601, Tier.MEDIUM), (0.599, Tier.LOW), (0.201, Tier.LOW),
        (0.199, Tier.NONE),
    ],
)  # fmt: skip
def test_the_tiers_begin_at_nine_six_and_two_tenths(score: float, tier: Tier) -> None:
    nothing = dict.fromkeys(SAID, Weight(0.0, 0.0))
    weights = replace(WEIGHTS, start=log(score / (1 - score)), **nothing)
    song = Record("Ann", "Lantern")
    compared = compare(song, song, weights)
    assert (compared.tier, compared.score) == (tier, pytest.approx(score))


def test_two_clusters_are_one_though_half_a_point_speaks_against_it_and_no_pair_counts_for_more_than_six() -> None:
    assert (WEIGHTS.join, WEIGHTS.doubt) == (-0.5, 6.0)
