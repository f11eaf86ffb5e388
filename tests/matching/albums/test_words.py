"""An album's words: whose it is, volumes, "and" and articles, and how they are run together."""

import pytest

from timbre_spider.matching.albums.words import run_together, without_owner, words_of

pytestmark = pytest.mark.unit


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("The Rise and Fall of the Band", "rise and fall of band"),
        ("Reich und Sexy II", "reich and sexy 2"),
        ("Elis e Tom", "elis and tom"),
        ("E", "e"),
        ("Y Viva", "y viva"),
        ("Lantern Y", "lantern y"),
        ("Symphonies Nos. 5 & 7", "symphony 5 and 7"),
        ("Symphonies", "symphonies"),
        ("Trois Gymnopédies", "3 gymnopedies"),
        ("Requiem KV 626", "requiem k 626"),
        ("Greatest Hits, Vol. 2", "greatest hits 2"),
        ("Volumen Cinco", "5"),
        ("Part 2", "pt2"),
        ("Main Street", "main st"),
        ("Doctor Music", "dr music"),
        ("The The", "the the"),
    ],
)
def test_words(name, words):
    assert words_of(name) == words.split()


@pytest.mark.parametrize(
    ("words", "left"),
    [
        ("bob dylans greatest hits", "greatest hits"),
        ("bob dylan desire", "desire"),
        ("best of bob dylan 2", "best of 2"),
        ("essential bob dylan", "essential"),
        ("desire by bob dylan", "desire by"),
        ("bob dylan", "bob dylan"),
        ("more bob dylan", "more bob dylan"),
        ("bob marley", "bob marley"),
        ("desire", "desire"),
    ],
)
def test_without_owner(words, left):
    assert without_owner(words.split(), ["bob", "dylan"]) == left.split()


def test_nobody_owns_it():
    assert without_owner(["desire"], []) == ["desire"]


@pytest.mark.parametrize(
    ("words", "key"),
    [("best of", "best"), ("of", "of"), ("baest of", "bast"), ("poet", "pot"), ("hits 1 2", "hits1 2"), ("a|b", "a¦b")],
)
def test_run_together(words, key):
    assert run_together(words.split()) == key
