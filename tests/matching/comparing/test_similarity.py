"""How alike each field is, at the edges of each measure."""

from typing import Any

import pytest

from timbre_spider.matching.comparing.compare import compare
from timbre_spider.matching.comparing.features import features_of
from timbre_spider.matching.comparing.record import Record
from timbre_spider.matching.comparing.similarity import similarities

pytestmark = pytest.mark.unit


def alike(one: Record, other: Record) -> dict[str, float]:
    there, back = (similarities(features_of(a), features_of(b)) for a, b in ((one, other), (other, one)))
    assert there == back
    return there


@pytest.mark.parametrize(
    ("title", "other", "expected"),
    [
        ("Lantern", "Lantern", 1.0),
        ("Intro", "Intro", 0.9),
        ("!!!", "???", 0.0),
        ("!!!", "Lantern", None),
        ("Звезда", "Lantern", None),
        ("", "Lantern", None),
        ("05 - Lantern", "Lantern", 0.95),
        ("05 - Lantern", "06 - Lantern", 0.94),
        ("Killing in the Name (Of)", "Killing in the Name", 0.95),
        ("紅蓮華", "Gurenge (紅蓮華)", 0.95),
        ("Karma Polce", "Karma Police", 0.95),
        ("Hlelo", "Hello", 0.95),
        ("A Half Step Down", "Half Step Down", 0.95),
        ("Morning Sun", "Mourning Sun", 0.69),
        ("No More Embers", "No More Blades", 0.69),
        ("Lantern of the Harbour", "Lantern of", 0.7),
        ("Lantern", "Lantern - The Harbour Of Light", 0.65),
        ("Lantern", "Lantern The Harbour Of Light", 0.7),
        ("Sweet Dreams (Are Made of This)", "Sweet Dreams", 0.92),
        ("Sweet Dreams [Are Made of This]", "Sweet Dreams", 0.92),
        ("When a Blind Man Cries Too Muc", "When a Blind Man Cries Too Much", 0.94),
    ],
)
def test_titles(title, other, expected):
    assert alike(Record("Ann", title), Record("Ann", other)).get("title") == (
        expected and pytest.approx(expected, abs=1e-3)
    )


@pytest.mark.parametrize(
    ("artist", "other", "expected"),
    [
        ("Ann", "ANN", 1.0),
        ("Ann & Bob", "Bob & Ann", 1.0),
        ("Ann & Bob", "Bob", 0.97),
        ("Ann feat. Bob", "Cy feat. Bob", 0.85),
        ("Radiohead", "Radiohaed", 0.95),
        ("Ann", "Anne", 0.857),
        ("Ludwig van Beethoven", "Beethoven", 0.7),
        ("Poe", "Poe Haunted Castle", 0.7),
        ("Ann", "Bob", 0.0),
        ("Ann", "Анна", None),
        ("", "Ann", None),
        ("Various Artists", "Ann", None),
    ],
)
def test_artists(artist, other, expected):
    told = alike(Record(artist, "Lantern"), Record(other, "Lantern")).get("artist")
    assert told == (expected if expected is None else pytest.approx(expected, abs=1e-3))


@pytest.mark.parametrize(
    ("title", "other", "expected"),
    [
        ("Lantern (Live)", "Lantern (Live)", 1.0),
        ("Lantern (Remaster)", "Lantern", 0.9),
        ("Lantern (Mono)", "Lantern (Radio Edit)", 0.9),
        ("Lantern (Live)", "Lantern", 0.5),
        ("Lantern (Acoustic) (Remaster)", "Lantern", 0.5),
        ("Lantern (Bob Remix)", "Lantern", 0.0),
        ("Lantern (Bob Remix)", "Lantern Bob Remix", 0.85),
        ("Lantern (Bob Remix)", "Lantern (Remix)", 0.0),
        ("Lantern (Robert Palmer Remix)", "Lantern (Robert Palmre Remix)", 0.683),
        ("Lantern (Bob Dub)", "Lantern (Bob Edit)", 0.0),
        ("Lantern (Robert Palmer Dub)", "Lantern (Robert Palmer Remix)", 0.0),
        ("Reminder (Remix)", "Reminder", 0.0),
        ("", "Lantern", None),
    ],
)
def test_variants(title, other, expected):
    told = alike(Record("Ann", title), Record("Ann", other)).get("variants")
    assert told == (expected if expected is None else pytest.approx(expected, abs=1e-3))


@pytest.mark.parametrize(
    ("title", "other", "expected"),
    [
        ("Flood", "Flood", None),
        ("Flood 1", "Flood 2", 0.0),
        ("Flood 1", "Flood", 0.0),
        ("Flood 1", "Harbour 2", None),
        ("Flood II", "Flood 2", 1.0),
        ("05 - Lantern", "Lantern", 1.0),
    ],
)
def test_numbers(title, other, expected):
    assert alike(Record("Ann", title), Record("Ann", other)).get("numbers") == expected


@pytest.mark.parametrize(
    ("field", "one", "other", "expected"),
    [
        ("album", "Harbour", "Harbour (Deluxe)", 1.0),
        ("album", "Harbour", "Harbour Lights", 0.8),
        ("album", "Harbour", "Pier", 0.182),
        ("album", "Harbour", None, None),
        ("duration", 200_000, 201_000, 1.0),
        ("duration", 200_000, 205_000, 0.5),
        ("duration", 200_000, 203_000, 0.8),
        ("duration", 400_000, 392_000, 0.566),
        ("duration", 0, 200_000, None),
        ("year", 1990, 1990, 1.0),
        ("year", 1990, 1992, 0.5),
        ("year", 1990, 1986, 0.333),
        ("year", None, 1986, None),
        ("track_number", 0, 0, 1.0),
        ("track_number", 1, 2, 0.0),
        ("track_number", None, 2, None),
        ("isrc", "GBAYE9200070", "GBAYE9200070", 1.0),
        ("isrc", "GBAYE9200070", "GBAYE9200071", 0.0),
        ("isrc", None, "GBAYE9200071", None),
        ("spotify_id", "a" * 22, "a" * 22, 1.0),
        ("spotify_id", "a" * 22, "b" * 22, 0.0),
        ("spotify_id", "a" * 22, None, None),
    ],
)
def test_what_else_is_told(field, one, other, expected):
    def record(value: Any) -> Record:
        return Record("Ann", "Lantern", **{"duration_ms" if field == "duration" else field: value})

    told = alike(record(one), record(other)).get(field)
    assert told == (expected if expected is None else pytest.approx(expected, abs=2e-2))


def test_a_field_of_one_stands_in_another_of_the_other():
    swapped = alike(Record("Lantern of Gold", "Ann Morrow"), Record("Ann Morrow", "Lantern of Gold"))
    assert swapped["title"] > 0.9
    assert swapped["artist"] > 0.9
    told = alike(Record("Bob", "Ann Morrow - Lantern of Gold"), Record("Ann Morrow", "Lantern of Gold"))
    assert 0.9 < told["title"] < 1.0
    # The song an album is named after explains no other song of it.
    one, other = (Record("Ann", title, album="Lantern of Gold") for title in ("Lantern of Gold", "Harbour at Night"))
    assert alike(one, other)["title"] < 0.6


def test_durations_vouch_for_words_that_both_exist():
    one, other = (Record("Ann", title, duration_ms=200_000) for title in ("Morning Sun", "Mourning Sun"))
    assert alike(one, other)["title"] == 0.94


def test_nothing_known_of_names_speaks_against():
    assert alike(Record("", ""), Record("", "")) == {"names": 0.0}


def test_fields_are_told_in_words():
    told = compare(*(Record("Ann", "Lantern", track_number=1, spotify_id="a" * 22) for _ in range(2))).reason
    assert told == "1.00: title 1.00, artist 1.00, track number 1.00, variants 1.00, spotify id 1.00"
