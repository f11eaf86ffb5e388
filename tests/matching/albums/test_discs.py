"""Which disc an album's name tells: in a bracket or behind a dash, behind the name, before it."""

import pytest

from timbre_spider.matching.albums.discs import disc_before, disc_behind, disc_of

pytestmark = pytest.mark.unit


@pytest.mark.parametrize(
    ("segment", "disc"),
    [
        ("Disc 1", 1), ("disk 2", 2), ("CD1", 1), ("CD 2 of 3", 2), ("CD 1/2", 1), ("Disc 02", 2), ("cd-3", 3),
        ("CD1of2", 1), ("Disc #2", 2), ("Disc No. 2", 2), ("CD Nr. 4", 4), ("disc 2 (of 3)", 2), ("LP 2", 2),
        ("Disc One", 1), ("CD Two", 2), ("disc III", 3), ("Disc B", 2), ("Disque 2", 2), ("Disco uno", 1),
        ("диск 2", 2), ("ディスク2", 2), ("CD Zwei", 2), ("2nd Disc", 2), ("Second CD", 2), ("2. CD", 2),
        ("Zweite CD", 2), ("1 of 2", 1), ("2/2", 2), ("Disc 2: Live", 2), ("CD 1 - Dinner", 1), ("CD 2 (Live)", 2),
        ("DVD 1", 1), ("Disc Six", 6), ("cd fünf", 5),
    ],
)  # fmt: skip
def test_a_segment_that_tells_a_disc(segment, disc):
    assert disc_of(segment) == disc


@pytest.mark.parametrize(
    "segment",
    [
        "Discs",
        "CD",
        "2 CD",
        "Discovery",
        "CDI",
        "24/7",
        "3 of 2",
        "Disc",
        "Vol. 2",
        "LP",
        "Disc Jockey",
        "One",
        "2",
        "cd2x",
    ],
)
def test_a_segment_that_tells_none(segment):
    assert disc_of(segment) is None


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("The Wall CD 2", ("The Wall", 2)),
        ("The Wall, Disc 2", ("The Wall", 2)),
        ("The Wall CD 1/2", ("The Wall", 1)),
        ("The Wall disc two", ("The Wall", 2)),
        ("The Wall CD2 - Live", ("The Wall", 2)),
        ("The Wall", None),
        ("CD 2", None),
        ("Italo Disco 2", None),
        ("The Marshall Mathers LP 2", None),
    ],
)
def test_behind(name, told):
    assert disc_behind(name) == told


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("CD1 - The Wall", ("The Wall", 1)),
        ("[Disc 2] The Wall", ("The Wall", 2)),
        ("Disc 2: The Wall", ("The Wall", 2)),
        ("Disc Two - The Wall", ("The Wall", 2)),
        ("Disc 2", None),
        ("CD 2 The Wall", None),
        ("Discovery: The Wall", None),
    ],
)
def test_before(name, told):
    assert disc_before(name) == told
