"""Comparing: scores, tiers, reasons, and names that contradict."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from timbre_spider.matching.comparing.agreement import titles_contradict
from timbre_spider.matching.comparing.compare import compare, contradicts
from timbre_spider.matching.comparing.features import features_of
from timbre_spider.matching.comparing.record import Record
from timbre_spider.matching.comparing.tier import Tier
from timbre_spider.matching.comparing.weights import WEIGHTS, Weight

pytestmark = pytest.mark.unit

CREEP = Record("Radiohead", "Creep", album="Pablo Honey", duration_ms=238_000, year=1993)


@pytest.mark.parametrize(
    ("wanted", "candidate", "tier"),
    [
        (Record("Radiohead", "Creep"), CREEP, Tier.EXACT),
        (Record("radiohead", "CREEP"), CREEP, Tier.EXACT),
        (Record("Radiohead", "Creep"), Record("Radiohead", "Creep - Remastered"), Tier.EXACT),
        (Record("Radiohead", "Creep (feat. Nobody)"), Record("Radiohead", "Creep"), Tier.EXACT),
        (Record("A feat. B", "Song"), Record("A, B", "Song (feat. B)"), Tier.HIGH),
        (Record("Diplo", "Where Are You Now"), Record("Skrillex & Diplo", "Where Are You Now"), Tier.HIGH),
        (Record("Radiohead", "Karma Polce"), Record("Radiohead", "Karma Police"), Tier.HIGH),
        (Record("Radiohead", "Creep (Live)"), Record("Radiohead", "Creep"), Tier.MEDIUM),
        (Record("Radiohead", "Creep"), Record("Radiohead", "Creep (Foo Remix)"), Tier.LOW),
        (Record("Radiohead", "Creep"), Record("Radiohead", "Just"), Tier.NONE),
        (Record("Radiohead", "Creep"), Record("Stone Temple Pilots", "Creep"), Tier.NONE),
        (Record("", ""), Record("", ""), Tier.NONE),
    ],
)
def test_tiers(wanted, candidate, tier):
    outcome = compare(wanted, candidate).tier
    assert outcome <= tier if tier is Tier.LOW else outcome == tier


def test_tiers_are_in_order():
    assert Tier.NONE < Tier.LOW < Tier.MEDIUM < Tier.HIGH < Tier.EXACT
    assert max(Tier) is Tier.EXACT
    assert [tier.value for tier in Tier] == ["none", "low", "medium", "high", "exact"]


@pytest.mark.parametrize(
    ("one", "other"),
    [("Song", "Song 2"), ("Song Pt. 1", "Song Pt. 2"), ("Song II", "Song III"), ("Suite No. 1", "Suite No. 2")],
)
def test_numbers_part_songs_whatever_else_agrees(one, other):
    a = replace(CREEP, title=one)
    assert compare(a, replace(CREEP, title=other)).tier <= Tier.LOW


def test_names_that_contradict_are_not_made_good_by_numbers():
    outcome = compare(CREEP, replace(CREEP, title="Anyone Can Play Guitar"))
    assert outcome.score > 0.6
    assert outcome.tier is Tier.LOW


@pytest.mark.parametrize(
    ("better", "worse"),
    [
        ({"duration_ms": 238_500}, {"duration_ms": 300_000}),
        ({"album": "Pablo Honey (Deluxe)"}, {"album": "The Best Of"}),
        ({"year": 1993}, {"year": 2008}),
        ({"title": "Creep"}, {"title": "Creep (Live)"}),
        ({"title": "Creep"}, {"title": "Crepe"}),
        ({"artist": "Radiohead"}, {"artist": "Radioheads"}),
        ({"isrc": "GBAYE9200070"}, {"isrc": "GBAYE9200071"}),
        ({"spotify_id": "a" * 22}, {}),
        ({"track_number": 2}, {"track_number": 3}),
    ],
)
def test_each_field_counts(better, worse):
    known = replace(CREEP, isrc="GBAYE9200070", spotify_id="a" * 22, track_number=2)
    assert compare(known, replace(CREEP, **better)).score > compare(known, replace(CREEP, **worse)).score


def test_what_is_unknown_says_nothing():
    fields = compare(Record("Radiohead", "Creep"), CREEP).fields
    assert set(fields) == {"title", "artist", "variants"}


def test_the_reason_can_be_read():
    assert compare(CREEP, CREEP).reason == (
        "1.00: title 1.00, artist 1.00, album 1.00, duration 1.00, year 1.00, variants 1.00"
    )


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        (Record("Radiohead", "Creep"), Record("Radiohead", "Creep - Remastered", duration_ms=1), False),
        (Record("Radiohead", "Karma Polce"), Record("Radiohead", "Karma Police"), False),
        (Record("A", "Song"), Record("A & B", "Song"), False),
        (Record("A", "Song"), Record("A", "Song (Foo Remix)"), True),
        (Record("A", "Song"), Record("A", "Song (Instrumental)"), True),
        (Record("A", "Song"), Record("A", "Other Title"), True),
        (Record("Radiohead", "Creep"), Record("Stone Temple Pilots", "Creep"), True),
        (Record("A", "Karma Polce", duration_ms=200_000), Record("A", "Karma Police", duration_ms=400_000), True),
        (Record("Кино", "Звезда", duration_ms=226_000), Record("Kino", "Zvezda", duration_ms=226_400), False),
        (Record("Кино", "Звезда", duration_ms=226_000), Record("Kino", "Zvezda", duration_ms=290_000), True),
        (Record("Кино", "Звезда"), Record("Kino", "Zvezda"), True),
        (Record("Кино", "Звезда"), Record("Кино", "Zvezda"), False),
        (Record("坂本龍一", "Rain"), Record("Ryuichi Sakamoto", "Rain"), False),
        (Record("A", "Falling"), Record("A", "Failing"), True),
        (Record("A", "Concerto: I. Allegro"), Record("A", "Concerto: III. Allegro"), True),
        (Record("A", "Rock &amp; Roll"), Record("A", "Rock & Roll"), False),
        (Record("A", "F**k It"), Record("A", "Fuck It"), False),
        (Record("A", "Etude in A♭"), Record("A", "Etude in A"), True),
        (Record("A", "❤️"), Record("A", "☀️"), True),
    ],
)
def test_contradicts(one, other, expected):
    assert contradicts(one, other) is expected
    assert contradicts(other, one) is expected


def test_a_weight_is_even_in_the_middle_and_full_at_the_ends():
    weight = Weight(4.0, 6.0, even=0.8, floor=0.4)
    assert [weight.evidence(at) for at in (1.0, 0.8, 0.4, 0.0)] == pytest.approx([4.0, 0.0, -6.0, -6.0])


def test_weights_can_be_exchanged():
    trusting = replace(WEIGHTS, variants=Weight(0.0, 0.0))
    pair = Record("A", "Song"), Record("A", "Song (Foo Remix)")
    assert compare(*pair, trusting).score > compare(*pair).score


RECORDS = st.builds(
    Record,
    artist=st.one_of(st.sampled_from(["A", "The A & B", "C feat. D", ""]), st.text(max_size=12)),
    title=st.one_of(st.sampled_from(["Song", "Song (Live)", "Song - Foo Remix", "Song Pt. 2"]), st.text(max_size=16)),
    album=st.none() | st.sampled_from(["Album", "Album (Deluxe)", "Best Of"]),
    duration_ms=st.none() | st.integers(0, 400_000),
    year=st.none() | st.integers(1950, 2026),
    track_number=st.none() | st.integers(0, 20),
    isrc=st.none() | st.sampled_from(["GBAYE9200070", "GBAYE9200071"]),
)


@given(RECORDS, RECORDS)
def test_comparing_is_symmetric(one, other):
    there, back = compare(one, other), compare(other, one)
    assert there.score == pytest.approx(back.score)
    assert (there.tier, there.fields) == (back.tier, back.fields)
    assert contradicts(one, other) == contradicts(other, one)
    assert 0 <= there.score <= 1


@given(RECORDS, RECORDS)
def test_what_titles_rule_out_matches_no_better_than_low(one, other):
    if titles_contradict(features_of(one), features_of(other)):
        assert compare(one, other).tier <= Tier.LOW


@given(RECORDS)
def test_nothing_contradicts_itself(record):
    assert not contradicts(record, record)


@given(st.text(st.characters(codec=None, categories=None)), st.text(st.characters(codec=None, categories=None)))
def test_any_names_can_be_compared(artist, title):
    compare(Record(artist, title), Record(title, artist))
