"""The notations benchmark files write numbers in."""

import pytest

from timbre_spider.evaluation.notation import read_duration, read_number, read_year

pytestmark = pytest.mark.unit


@pytest.mark.parametrize(
    ("text", "milliseconds"),
    [
        ("04:04", 244_000),
        (" 02 :55", 175_000),
        ("1:02:03", 3_723_000),
        ("1m 58sec", 118_000),
        ("26m 0sec", 1_560_000),
        ("129", 129_000),
        ("321266", 321_266),
        ("26 6000", 266_000),
        ("2.15", 129_000),
        ("00:00", None),
        ("0", None),
        ("unknown", None),
        ("", None),
        ("２:０５", 125_000),
    ],
)
def test_durations(text, milliseconds):
    assert read_duration(text) == milliseconds


def test_a_whole_number_may_be_milliseconds():
    assert read_duration("4000", milliseconds=True) == 4000
    assert read_duration("4000") == 4_000_000


@pytest.mark.parametrize(
    ("text", "year"),
    [
        ("1996", 1996), ("'05", 2005), ("95", 1995), ("3", 2003), ("2012-01-31", 2012), ("October 21 , 2014", 2014),
        ("18-May-15", 2015), ("unk.", None), ("", None),
    ],
)  # fmt: skip
def test_years(text, year):
    assert read_year(text) == year


@pytest.mark.parametrize(
    ("text", "number"), [("7", 7), ("011", 11), ("1 1", 11), ("0A3", 3), ("A3", 3), ("", None), ("x", None)]
)
def test_numbers(text, number):
    assert read_number(text) == number
