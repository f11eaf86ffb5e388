"""Choosing among candidates."""

import random

import pytest

from timbre_spider.matching.comparing.choose import choose, is_certain
from timbre_spider.matching.comparing.record import Record
from timbre_spider.matching.comparing.tier import Tier

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


KNOWN = {"year": 2000, "isrc": "GBAYE9200070", "spotify_id": "m", "album": "M"}


@pytest.mark.parametrize(
    ("better", "worse"),
    [
        ({"year": 1999, "isrc": None}, {}),
        ({}, {"year": None}),
        ({"year": 9998}, {"year": None}),
        ({"spotify_id": "z"}, {"isrc": None}),
        ({"spotify_id": "a", "title": "song"}, {}),
        ({}, {"spotify_id": None}),
        ({"title": "SONG", "artist": "a"}, {}),
        ({"artist": "A", "album": "Z"}, {"artist": "a"}),
        ({"album": "L"}, {}),
        ({"album": None}, {}),
    ],
)
def test_of_equals_the_first_by_a_rule_that_knows_no_order(better, worse):
    pair = [Record(**{"artist": "A", "title": "Song", **KNOWN, **values}) for values in (better, worse)]
    for at, candidates in ((0, pair), (1, pair[::-1])):
        choice = choose(Record("A", "Song"), candidates)
        assert choice is not None
        assert choice.index == at


def test_of_the_same_twice_the_first_is_chosen():
    choice = choose(Record("A", "Song"), [Record("A", "Song", **KNOWN)] * 3)
    assert choice is not None
    assert choice.index == 0


@pytest.mark.parametrize(
    ("wanted", "titles", "best", "certain"),
    [
        ("Solaris", ["Solaris (Reprise)", "Solaris"], "Solaris", True),
        ("Solaris", ["Solaris (Reprise)"], "Solaris (Reprise)", False),
        ("04 - Money", ["05 - Money", "Money"], "Money", True),
        ("Dying Athiest Song", ["13 - Dying Athiest Song", "Dying Atheist Song"], "Dying Atheist Song", True),
        ("Citzen Erased", ["Citizen Erased"], "Citizen Erased", True),
        ("Song (Foo Dub)", ["Song (Foo Mix)", "Song (Foo Dub)"], "Song (Foo Dub)", True),
    ],
)
def test_a_look_alike_is_no_certain_choice(wanted, titles, best, certain):
    choice = choose(Record("A", wanted), [Record("A", title) for title in titles])
    assert choice is not None
    assert titles[choice.index] == best
    assert is_certain(choice) is certain


def test_nothing_is_no_certain_choice():
    assert not is_certain(None)


@pytest.mark.parametrize(
    ("title", "agreeing"), [("Stay (With Foxes)", "Zedd, Foxes"), ("Stay (con Shakira)", "Zedd, Shakira")]
)
def test_company_that_the_answer_names_is_explained(title, agreeing):
    assert is_certain(choose(Record("Zedd", title), [Record(agreeing, "Stay")]))
