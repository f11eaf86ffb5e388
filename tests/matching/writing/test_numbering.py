"""Numbers in titles, written one way."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from timbre_spider.matching.writing.numbering import numbered, one_way

pytestmark = pytest.mark.unit


@pytest.mark.parametrize(
    ("title", "words", "numbers"),
    [
        ("Shout, Pt. 1", "shout pt1", ["1"]),
        ("Shout (Part Two)", "shout pt2", ["2"]),
        ("You'll Know Pt.II", "youll know pt2", ["2"]),
        ("Suite PartIV", "suite pt4", ["4"]),
        ("Parts I-V", "pt1 5", ["1", "5"]),
        ("Song, Vol. 03", "song vol3", ["3"]),
        ("No.XI", "no11", ["11"]),
        ("No One", "no one", []),
        ("No One Two Three", "no one 2 3", ["2", "3"]),
        ("No. 1", "no1", ["1"]),
        ("Op. 67: III. Allegro", "op67 3 allegro", ["67", "3"]),
        ("Symphony No. 7 Mvt. 4 Part 1", "symphony no7 mvt4 pt1", ["7", "4", "1"]),
        ("Flood I", "flood 1", ["1"]),
        ("I Know", "1 know", []),
        ("The One", "the 1", []),
        ("Malcolm X", "malcolm 10", ["10"]),
        ("Twenty One", "21", ["21"]),
        ("Seven Mics", "7 mics", ["7"]),
        ("Six Ten", "6 10", ["6", "10"]),
        ("XX", "xx", []),
        ("XXXIX", "39", ["39"]),
        ("Song 1.1", "song 1 1", ["1", "1"]),
        ("10,000 Days", "10000 days", ["10000"]),
        ("Etude in A♭", "etude in a flat", ["a flat"]),
        ("Etude in F#", "etude in f sharp", ["f sharp"]),
        ("B Flat", "b flat", ["b flat"]),
        ("Flat Earth", "flat earth", []),
        ("ÌÏ", "2", []),
        ("Parti", "parti", []),
        ("007", "007", ["007"]),
        ("Part", "part", []),
        ("", "", []),
    ],
)
def test_numbers_are_written_one_way(title, words, numbers):
    told = numbered(title)
    assert (" ".join(told.words), list(told.numbers)) == (words, numbers)
    assert one_way(title) == words


@given(st.text())
def test_any_title_can_be_read(title):
    assert one_way(title) == " ".join(numbered(title).words)
