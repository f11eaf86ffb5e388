"""Folding a chart: rows of one song together, never two songs."""

import random
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from timbre_spider.items import ChartRow
from timbre_spider.matching.fold import fold
from timbre_spider.matching.identify import hash_id
from timbre_spider.matching.normalise import Variant, name_key
from timbre_spider.matching.overrides import Overrides

pytestmark = pytest.mark.unit

# Words that stand in many titles of any chart, so that a slip can be told from a word.
COMMON = [("Somebody", title) for title in ("Under Water", "Under Fire", "Under Ice", "Under You", "Under Me")]


def chart(*names):
    return [ChartRow(artist, title, 100 - at, at + 1) for at, (artist, title) in enumerate(names)]


def folded(rows, **options):
    return [[(row.artist, row.title) for row in song] for song in fold(rows, **options)]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (("Radiohead", "Karma Police"), ("The Radiohead", "KARMA POLICE (Remastered)")),
        (("Radiohead", "Karma Police"), ("Radiohead", "Karma Polcie")),
        (("Radiohead", "Karma Police"), ("Radiohead", "Karma Pollice")),
        (("Radiohead", "Karma Police"), ("Radiohead", "Karma Polce (Live)")),
        (("Radiohead", "Karma Police"), ("Radiohaed", "Karma Police")),
        (("The Beatles", "Help!"), ("Teh Beatles", "Help!")),
        (("Simon & Garfunkel", "The Boxer"), ("Simon and Garfunkel", "Boxer")),
        (("Tom Petty", "Free Fallin'"), ("Tom Petty & The Heartbreakers", "Free Fallin'")),
        (("Zedd", "Clarity"), ("Zedd feat. Foxes", "Clarity (feat. Foxes)")),
        (("A", "Song (Foo Remix)"), ("A", "Song - Foo Remix")),
        (("Band", "Everyday People"), ("Band", "Every Day People")),
        (("Band", "Under Iron Skies"), ("Band", "Undder Iron Skies")),
    ],
)
def test_one_song(one, other):
    assert [one, other] in folded(chart(one, other, *COMMON))


def test_slips_in_both_names_once_the_artists_share_a_title():
    names = ("Radiohead", "Karma Police"), ("Radiohaed", "Karma Pollice")
    shared = ("Radiohead", "Creep"), ("Radiohaed", "Creep")
    assert len(fold(chart(*names))) == 2
    assert folded(chart(*names, *shared)) == [list(names), list(shared)]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (("A", "Song"), ("A", "Song (Foo Remix)")),
        (("A", "Song (Foo Remix)"), ("A", "Song (Fop Remix)")),
        (("A", "Shout, Pt. 1"), ("A", "Shout, Pt. 2")),
        (("A", "Interlude 1"), ("A", "Interlude 2")),
        (("A", "Movement II"), ("A", "Movement III")),
        (("A", "Girl"), ("A", "Girls")),
        (("A", "Stranger"), ("A", "Strangers")),
        (("A", "Loving"), ("A", "Moving")),
        (("A", "Run"), ("A", "Ran")),
        (("A", "Love Me"), ("A", "Love You")),
        (("A", "Under Water"), ("A", "Under Waiter")),
        (("A", "Song"), ("B", "Song")),
        (("Hastings", "Intro"), ("Hastings & Dalton", "Intro")),
        (("Егор Белов", "Дорога"), ("Егор Белова", "Дорога")),
        (("Andrés Muñoz", "Sin mañana"), ("Andrés Núñez", "Sin mañana")),
    ],
)
def test_two_songs(one, other):
    words = [("Other", "Water Waiter"), ("Other", "Waiter"), ("Third", "Water")]
    assert [one, other] not in folded(chart(one, other, *words))


def test_durations_vouch_for_a_slip_and_contradict_one():
    def rows(duration):
        return [
            ChartRow("A", "Blakc Tnnel", 1, 3),
            ChartRow("A", "The Far Htel", 5, 2, duration_ms=duration),
            ChartRow("A", "The Far Hotel", 9, 1, duration_ms=200_000),
        ]

    assert len(fold(rows(200_900))) == 2
    assert len(fold(rows(260_000))) == 3


def test_most_played_first():
    rows = [ChartRow("A", "One", 5, 3), ChartRow("A", "Two", 9, 1), ChartRow("A", "One (Live)", 6, 2)]
    assert folded(rows) == [[("A", "One (Live)"), ("A", "One")], [("A", "Two")]]


def test_what_collapses_can_be_chosen():
    rows = chart(("A", "Song"), ("A", "Song (Live)"))
    assert len(fold(rows)) == 1
    assert len(fold(rows, frozenset({Variant.REMASTER}))) == 2


def test_a_person_said_they_differ_or_are_the_same():
    one, other, third = ("Radiohead", "Karma Police"), ("Radiohead", "Karma Polcie"), ("Radiohead", "Creep")
    ids = [hash_id(name_key(*name)) for name in (one, other, third)]
    rows = chart(one, other, third)
    assert len(fold(rows)) == 2
    assert len(fold(rows, overrides=Overrides.of(different=[(ids[0], ids[1])]))) == 3
    assert len(fold(rows, overrides=Overrides.of(same=[(ids[0], ids[2])]))) == 1


@given(st.randoms(use_true_random=False))
def test_the_order_of_rows_does_not_matter(rng: random.Random):
    rows = chart(
        ("Radiohead", "Karma Police"), ("Radiohead", "Karma Polcie"), ("Radiohaed", "Karma Police"),
        ("Radiohead", "Creep"), ("Radiohead", "Crep"), ("Tom Petty", "Free"), ("Tom Petty & Band", "Free"),
    )  # fmt: skip
    assert folded(rng.sample(rows, len(rows))) == folded(rows)


NAMES = st.text(st.characters(codec=None, categories=None), max_size=6)


@given(st.lists(st.tuples(NAMES, NAMES), max_size=15))
def test_every_row_is_in_exactly_one_song(names):
    rows = chart(*names)
    assert sorted((row for song in fold(rows) for row in song), key=lambda row: row.rank) == rows


def test_one_artist_with_thousands_of_like_titles_takes_no_long_time():
    rows = [ChartRow("Artist", f"Prelude {chr(97 + at % 26) * 3}{at:05} in the end", 1, at) for at in range(8000)]
    start = time.perf_counter()
    assert len(fold(rows)) == 8000
    assert time.perf_counter() - start < 20
