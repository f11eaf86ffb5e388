"""Clusters of records."""

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from timbre_spider.matching.comparing.cluster import candidate_pairs, cluster
from timbre_spider.matching.comparing.compare import contradicts
from timbre_spider.matching.comparing.features import features_of
from timbre_spider.matching.comparing.record import Record

pytestmark = pytest.mark.unit

GROUPS = [
    [
        Record("Radiohead", "Creep", "Pablo Honey", 238_000, 1993, track_number=2),
        Record("Radiohaed", "Creep", "Pablo Honey", 238_600, 1993, track_number=2),
        Record("", "Radiohead - Creep", "Pablo Honey", 238_000, 1993, track_number=2),
        Record("Radiohead", "", "Pablo Honey", 238_000, 1993, track_number=2),
    ],
    [
        Record("Radiohead", "You", "Pablo Honey", 209_000, 1993, track_number=1),
        Record("Radiohead", "Yuo", "Pablo Honey", 208_900, 1993, track_number=1),
    ],
    [Record("Stone Temple Pilots", "Creep", "Core", 333_000, 1992, track_number=8)],
    [
        Record("Radiohead", "Creep (Foo Remix)", "Remixes", 402_000, 1994, track_number=1),
        Record("Radiohead", "Creep - Foo Remix", None, 402_400),
    ],
    [Record("Can", "Halleluhwah, Pt. 1", "Tago Mago", 500_000, 1971, track_number=4)],
    [Record("Can", "Halleluhwah, Pt. 2", "Tago Mago", 560_000, 1971, track_number=5)],
]
RECORDS = [record for group in GROUPS for record in group]


def grouping(records, labels):
    groups = {}
    for record, label in zip(records, labels, strict=True):
        groups.setdefault(label, set()).add(record)
    return {frozenset(group) for group in groups.values()}


def test_records_of_one_recording_are_one_cluster():
    assert grouping(RECORDS, cluster(RECORDS)) == {frozenset(group) for group in GROUPS}


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        (("A", "Falling"), ("A", "Failing"), False),
        (("A", "Concerto: I. Allegro"), ("A", "Concerto: III. Allegro"), False),
        (("A", "Home"), ("A", "Home (Ann Remix)"), False),
        (("Boris", "Gone"), ("Earth", "Gone"), False),
        (("A", "Rock &amp;amp; Roll"), ("A", "Rock & Roll"), True),
        (("A", "F**k the Rain"), ("A", "Fuck the Rain"), True),
        (("坂本龍一", "Rain"), ("Ryuichi Sakamoto", "Rain"), True),
    ],
)
@pytest.mark.parametrize("known", [{"isrc": "GBAYE9200070"}, {"spotify_id": "6b2oQwSGFkzsMtQruIWm2p"}])
def test_an_id_shared_is_no_proof_where_names_contradict_as_for_settling(one, other, same, known):
    records = [Record(*one, **known), Record(*other, **known)]
    assert (len(set(cluster(records))) == 1) is same
    assert contradicts(*records) is not same


def test_many_copies_are_one_cluster_still():
    copies = [Record("Radiohead", "Creep", duration_ms=238_000 + at) for at in range(150)]
    assert set(cluster(copies)) == {0}


@pytest.mark.parametrize(("records", "pairs"), [(2, 1), (40, 780), (41, 355), (80, 745)])
def test_of_a_large_block_each_is_compared_with_the_ten_that_follow(records, pairs):
    """All of forty: 40 * 39 / 2; of forty-one ten each but for the last ones, 41 * 10 - (1 + … + 10)."""
    read = [features_of(Record("", "", isrc="GBAYE9200070", album=None)) for _ in range(records)]
    assert len(candidate_pairs(read, range(records))) == pairs


def test_labels_are_numbered_by_first_appearance():
    assert cluster(RECORDS)[0] == 0
    assert cluster([]) == []


@given(st.randoms(use_true_random=False))
def test_the_order_of_records_does_not_matter(rng: random.Random):
    shuffled = rng.sample(RECORDS, len(RECORDS))
    assert grouping(shuffled, cluster(shuffled)) == grouping(RECORDS, cluster(RECORDS))


# Few names, so that many are alike.
ARTISTS, TITLES = st.sampled_from(["a", "ab", ""]), st.text("ab ", max_size=4)
SMALL = st.builds(Record, ARTISTS, TITLES, duration_ms=st.integers(0, 3000))


@given(st.lists(SMALL, max_size=12), st.randoms(use_true_random=False))
def test_the_order_of_any_records_does_not_matter(records, rng):
    records = list(dict.fromkeys(records))
    shuffled = rng.sample(records, len(records))
    assert grouping(shuffled, cluster(shuffled)) == grouping(records, cluster(records))
