"""Choosing among candidates."""

import random

import pytest

from timbre_spider.matching.choose import choose
from timbre_spider.matching.record import Record
from timbre_spider.matching.tier import Tier

pytestmark = pytest.mark.unit

CANDIDATES = [
    Record("Radiohead", "Creep (Foo Remix)", album="Remixes", year=1994, spotify_id="r"),
    Record("Radiohead", "Creep - Live", album="Live", year=1995, spotify_id="l"),
    Record("Radiohead", "Creep", album="The Best Of", year=2008, spotify_id="b"),
    Record("Radiohead", "Creep", album="Pablo Honey", year=1993, spotify_id="a"),
    Record("Stone Temple Pilots", "Creep", album="Core", year=1992, spotify_id="s"),
    Record("Radiohead", "Just", album="The Bends", year=1995, spotify_id="j"),
]


@pytest.mark.parametrize(
    ("wanted", "spotify_id", "tier"),
    [
        (Record("Radiohead", "Creep"), "a", Tier.EXACT),
        (Record("Radiohead", "Creep", album="The Best Of"), "b", Tier.EXACT),
        (Record("Radiohead", "Creep (Live at Wembley)"), "l", Tier.EXACT),
        (Record("Radiohead", "Creep (Foo Remix)"), "r", Tier.EXACT),
        (Record("Radiohaed", "Crep"), "a", Tier.MEDIUM),
        (Record("Stone Temple Pilots", "Creep"), "s", Tier.EXACT),
    ],
)
def test_the_best_candidate_is_chosen_in_any_order(wanted, spotify_id, tier):
    for seed in range(5):
        candidates = random.Random(seed).sample(CANDIDATES, len(CANDIDATES))
        choice = choose(wanted, candidates)
        assert choice is not None
        assert candidates[choice.index].spotify_id == spotify_id
        assert choice.comparison.tier >= tier


@pytest.mark.parametrize(
    "wanted",
    [
        Record("Radiohead", "Creep (Bar Remix)"),
        Record("Radiohead", "Creep (Instrumental)"),
        Record("Radiohead", "No Surprises"),
        Record("Weezer", "Creep"),
    ],
)
def test_nothing_is_chosen_where_nothing_fits(wanted):
    assert choose(wanted, CANDIDATES) is None


def test_no_candidates():
    assert choose(Record("A", "B"), []) is None


def test_equals_go_to_the_one_with_an_isrc_then_to_the_smaller_id():
    candidates = [
        Record("A", "Song", spotify_id="a"),
        Record("A", "Song", spotify_id="c", isrc="GBAYE9200070"),
        Record("A", "Song", spotify_id="b", isrc="GBAYE9200071"),
    ]
    choice = choose(Record("A", "Song"), candidates)
    assert choice is not None
    assert choice.index == 2
