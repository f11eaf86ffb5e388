from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.pipelines.making import stats
from timbre_spider.items import ChartRow, Listens, Song
from timbre_spider.pipelines.validate import clean, count_rejects, shown, validated

pytestmark = pytest.mark.unit


def song(*names: tuple[str, str], plays: int = 3) -> Song:
    rows = [ChartRow(artist, title, plays, rank) for rank, (artist, title) in enumerate(names, 1)]
    return Song("ann", *names[0], "hash:x", rows)


@pytest.mark.parametrize(
    ("raw", "cleaned"),
    [
        ("Plain", "Plain"),
        ("  two  spaces ", "two spaces"),
        ("a\ttab and\nline", "a tab and line"),
        ("NUL\x00 and bell\x07", "NUL and bell"),
        ("half \ud83d pair", "half pair"),
        ("Cafe\u0301", "Café"),
        ("Mötley Crüe", "Mötley Crüe"),
        ("椎名林檎", "椎名林檎"),
        ("ﬁne Ａ²", "ﬁne Ａ²"),
        ("\x00\ud800", ""),
    ],
)
def test_names_lose_only_what_cannot_be_shown(raw, cleaned):
    assert shown(clean(raw)) == cleaned


def test_a_row_keeps_the_spelling_the_chart_shows():
    assert clean(" Cafe\u0301  de ") == " Cafe\u0301  de "


@given(st.text(st.characters()))
def test_cleaning_never_fails_and_is_done_once(name):
    assert clean(clean(name)) == clean(name)
    assert shown(shown(clean(name))) == shown(clean(name))
    clean(name).encode("utf-8")


@pytest.mark.parametrize(
    ("names", "kept", "reasons"),
    [
        ([("A", "B")], 1, []),
        ([("A", "")], 0, ["empty title"]),
        ([("\x00", "B")], 0, ["empty artist"]),
        ([("A", "x" * 1000), ("x" * 1000, "B")], 2, []),
        ([("A", "x" * 1001)], 0, ["title longer than 1000 characters"]),
        ([("x" * 1001, "B")], 0, ["artist longer than 1000 characters"]),
        ([("A", "B"), ("", "B")], 1, ["empty artist"]),
        ([("A", "B "), ("A", "B\x00")], 1, ["same names as another row once cleaned; plays added to it"]),
    ],
)
def test_a_bad_row_is_rejected_with_its_reason_and_its_neighbours_stay(names, kept, reasons):
    rows, rejects = validated(song(*names))
    assert (len(rows), [reject.reason for reject in rejects]) == (kept, reasons)


def test_plays_of_rows_that_become_one_are_summed():
    rows, _ = validated(song(("A", "B "), ("A", "B\x00"), plays=4))
    assert [row.playcount for row in rows] == [8]


def test_what_each_source_counts_of_rows_that_become_one_is_summed_by_source_and_period():
    counts = [("lastfm", "overall", 4), ("lastfm", "overall", 5), ("spotify", "overall", 7), ("lastfm", "7day", 1)]
    of_rows = [[Listens(*counts[0])], [Listens(*each) for each in counts[1:]]]
    both = song(("A", "B "), ("A", "B\x00"))
    both.rows = [replace(row, listens=tuple(listens)) for row, listens in zip(both.rows, of_rows, strict=True)]
    [row], _ = validated(both)
    assert [(each.source, each.period, each.plays) for each in row.listens] == [("lastfm", "overall", 9), *counts[2:]]


@pytest.mark.parametrize(("plays", "rejected"), [(-3, 0), (0, 0)])
def test_a_row_without_plays_is_rejected_and_loses_none(plays, rejected):
    rows, [reject] = validated(song(("A", "B"), plays=plays))
    assert (rows, reject.reason, reject.playcount) == ([], "no plays", rejected)


def test_rejected_rows_are_counted_with_the_plays_that_are_lost():
    counts = stats()
    _, rejects = validated(song(("A", "B "), ("A", "B\x00"), ("A", ""), plays=4))
    count_rejects(counts, rejects)
    assert [counts.get_value(f"timbre/{what}/rejected") for what in ("rows", "plays")] == [2, 4]


def test_a_rejected_name_is_cut_to_what_the_database_takes():
    _, [reject] = validated(song(("A", "x" * 10_000)))
    assert len(reject.title) == 1000


@given(st.lists(st.tuples(st.text(st.characters()), st.text(st.characters())), min_size=1))
def test_every_row_is_kept_or_rejected(names):
    rows, rejects = validated(song(*names))
    assert len(rows) + len(rejects) == len(names)
