"""Slips of the fingers, and words that only look like them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from timbre_spider.matching.comparing.similarity import ratio
from timbre_spider.matching.writing.real_words import are_words
from timbre_spider.matching.writing.slips import (
    are_two_titles,
    differ_by_article,
    differ_in_initials,
    is_misspelling,
    is_slip,
)

pytestmark = pytest.mark.unit


@pytest.mark.parametrize(
    ("one", "other", "count"),
    [
        ("morning", "mourning", 2),
        ("citizen", "citzen", 1),
        ("zorplax", "zorpax", 0),
        ("corazon", "heart", 2),
        ("hunter", "haunter", 2),
        ("committed", "commited", 1),
        ("stinger", "stingor", 1),
    ],
)
def test_how_many_of_two_words_exist(one, other, count):
    assert are_words(one, other) == are_words(other, one) == (1 if one == "corazon" else count)


@pytest.mark.parametrize(
    ("one", "other", "slip"),
    [
        ("police", "polcie", True),
        ("police", "polce", True),
        ("police", "pollice", True),
        ("police", "polibe", True),
        ("police", "bolice", False),
        ("policd", "police", False),
        ("livin", "living", True),
        ("girl", "girls", False),
        ("bell", "belll", True),
        ("kiss", "kisss", False),
        ("run", "rnu", False),
        ("four", "fuor", True),
        ("song2", "song3", False),
        ("comfortabyl", "comfortbaly", True),
        ("abcdef", "uvwxyz", False),
        # Six letters for a first one lost or another in its place, nine for two slips.
        ("olice", "police", False),
        ("hunder", "thunder", True),
        ("track", "trark", False),
        ("polict", "polirt", True),
        ("somebody", "smoebdoy", False),
        ("dangerous", "dnageorus", True),
    ],
)
def test_is_slip(one, other, slip):
    assert is_slip(one, other) is slip
    assert is_slip(other, one) is slip


@pytest.mark.parametrize(("one", "other"), [("run", "rnu"), ("cat", "cst"), ("hello", "jello")])
def test_where_something_vouches_shorter_words_and_neighbouring_keys_will_do(one, other):
    assert is_slip(one, other, vouched=True)


def test_a_word_alone_must_be_longer():
    assert is_slip("four", "fuor")
    assert not is_slip("four", "fuor", alone=True)


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("every day people", "everyday people", True),
        ("song 1 1", "song 11", False),
        ("citzen erased", "citizen erased", True),
        ("morning sun", "mourning sun", False),
        ("citzen eraesd", "citizen erased", False),
        ("zorplax nights", "zorpax nights", True),
        ("my bpy is here", "my boy is here", True),
        ("one two", "one two three", False),
        ("same", "same", True),
    ],
)
def test_is_misspelling(one, other, same):
    assert is_misspelling(one.split(), other.split()) is same


def test_durations_vouch_for_two_words():
    assert is_misspelling(["morning", "sun"], ["mourning", "sun"], vouched=True)


@pytest.mark.parametrize(
    ("one", "other", "two"),
    [
        ("house of cards", "horse of cards", True),
        ("parabol", "parabola", True),
        ("citzen erased", "citizen erased", False),
        ("shipyards at la", "shipyards of la", False),
        ("one", "one two", False),
        ("same", "same", False),
    ],
)
def test_are_two_titles(one, other, two):
    assert are_two_titles(one.split(), other.split()) is two


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("half step down", "a half step down", True),
        ("starved for truth", "starved for the truth", True),
        ("man", "a man", False),
        ("big dog", "a big dog", False),
        ("half step down", "half step", False),
        ("the half step down", "a half step down", False),
        ("half step down", "half step down", False),
    ],
)
def test_an_article_makes_no_other_title(one, other, same):
    assert differ_by_article(one.split(), other.split()) is same


WORDS = st.lists(st.text("abcig", min_size=1, max_size=6), min_size=1, max_size=3)


@given(WORDS, st.data())
def test_a_slip_leaves_names_alike(words, data):
    # What `similarity` takes for granted, so as not to look for slips between names that are far apart.
    at, place = data.draw(st.integers(0, len(words) - 1)), data.draw(st.integers(0, 6))
    word = (
        words[at][:place] + data.draw(st.text("abcig", max_size=2)) + words[at][place + data.draw(st.integers(0, 2)) :]
    )
    other = [*words[:at], *([word] if word else []), *data.draw(st.sampled_from([[], ["the"]])), *words[at + 1 :]]
    if is_misspelling(words, other, lambda *_: 1) or differ_by_article(words, other):
        assert ratio("".join(words), "".join(other)) > 0.6


@pytest.mark.parametrize(
    ("one", "other", "initials"),
    [
        ("ca morrow", "cr morrow", True),
        ("j r smith", "j d smith", True),
        ("bob marley", "bop marley", False),
        ("ca morrow", "ca morrow", False),
        ("ca", "cr", False),
        ("c a morrow", "cr morrow", False),
    ],
)
def test_differ_in_initials(one, other, initials):
    assert differ_in_initials(one.split(), other.split()) is initials
