"""What names say for and against one song, at the edges of each rule."""

import pytest

from timbre_spider.matching.comparing.agreement import contradiction, contradicts_by_id, is_explained, titles_contradict
from timbre_spider.matching.comparing.features import features_of
from timbre_spider.matching.comparing.record import Record
from timbre_spider.matching.comparing.similarity import EXPLAINED

pytestmark = pytest.mark.unit

ALIKE = {"title": 1.0, "artist": 1.0, "variants": 1.0, "numbers": 1.0}
JUST = {"title": 0.7, "artist": 0.5, "variants": 0.5, "numbers": 0.5}
ONE, OTHER = features_of(Record("Ann", "Lantern")), features_of(Record("Bob", "Lanterns"))
NEARLY = EXPLAINED - 0.01


@pytest.mark.parametrize("field", JUST)
@pytest.mark.parametrize("decides", [contradiction, contradicts_by_id])
def test_a_field_too_unlike_contradicts_and_one_just_alike_does_not(decides, field):
    assert decides(ONE, OTHER, JUST) == ""
    assert decides(ONE, OTHER, ALIKE | {field: JUST[field] - 0.01}) == field


@pytest.mark.parametrize("decides", [contradiction, contradicts_by_id])
def test_what_is_not_known_contradicts_nothing(decides):
    assert decides(ONE, OTHER, {}) == ""


@pytest.mark.parametrize(
    ("title", "other", "contradict"),
    [("Lantern", "Harbour", True), ("Lantern", "Lantenr", False), ("Lantern", "", False), ("Да", "Lantern", False)],
)
def test_titles_alone_contradict_where_both_can_be_compared(title, other, contradict):
    one, another = features_of(Record("Ann", title)), features_of(Record("Ann", other))
    assert titles_contradict(one, another) is contradict


@pytest.mark.parametrize(
    ("place", "damaged"),
    [
        ({"album": EXPLAINED, "duration": EXPLAINED}, True),
        ({"album": EXPLAINED, "track_number": 1.0}, True),
        ({"duration": 1.0, "track_number": 1.0}, True),
        ({"album": 1.0, "duration": 1.0, "track_number": 1.0}, True),
        ({"album": 1.0}, False),
        ({"album": EXPLAINED, "duration": NEARLY}, False),
        ({"album": 1.0, "year": 1.0}, False),
    ],
)
def test_an_artist_beside_the_same_place_of_an_album_is_damaged(place, damaged):
    assert contradiction(ONE, OTHER, ALIKE | {"artist": 0.0} | place) == ("" if damaged else "artist")
    latin, cyrillic = (features_of(Record(artist, "Da")) for artist in ("Kino", "Кино"))
    assert contradiction(latin, cyrillic, place) == ("" if damaged else "artist")
    assert contradiction(ONE, OTHER, ALIKE | {"title": 0.0} | place) == "title"


@pytest.mark.parametrize(
    ("title", "other", "fields", "one_song"),
    [
        ("Da", "Da", {}, False),
        ("Da", "Da", {"isrc": 1.0}, True),
        ("Da", "Da", {"spotify_id": 1.0}, True),
        ("Da", "Da", {"isrc": 0.0, "spotify_id": 0.0}, False),
        ("Da", "Da", {"duration": EXPLAINED}, True),
        ("Da", "Da", {"duration": NEARLY}, False),
        ("Lanterns", "Lanterns", {}, True),
        ("Lantern", "Lantern", {}, False),
        ("Lanterns", "Lanterns", {"duration": NEARLY}, False),
        ("Lanterns", "Lantern", {"isrc": 1.0}, False),
        ("Interlude", "Interlude", {"isrc": 1.0}, False),
    ],
)
def test_what_vouches_for_an_artist_in_two_scripts(title, other, fields, one_song):
    a, b = features_of(Record("Kino", title)), features_of(Record("Кино", other))
    assert contradiction(a, b, fields) == ("" if one_song else "artist")


@pytest.mark.parametrize(
    ("title", "with_others", "contradicts", "explained"),
    [
        # Two acts with few records of their own: eight letters are told apart; a name within another's takes twelve.
        ("Goodbye", "Kino & Ann Lee", False, False),
        ("Farewell", "Kino & Ann Lee", False, True),
        ("Farewell", "Kino & Merz", False, False),
        ("Farewell Son", "Kino & Merz", False, False),
        ("Farewell Song", "Kino & Merz", False, True),
        # "With" names another record until as many letters vouch for it.
        ("Farewell Son", "Kino with Merz", True, False),
        ("Farewell Song", "Kino with Merz", False, True),
    ],
)
def test_a_title_vouches_for_an_act_alone_and_in_company_by_its_letters(title, with_others, contradicts, explained):
    alone, together = (features_of(Record(artist, title)) for artist in ("Kino", with_others))
    alike = {"title": 1.0, "artist": 1.0}
    assert contradiction(alone, together, alike) == ("artist" if contradicts else "")
    assert is_explained(alone, together, alike) is explained


KINO, KINO_CYRILLIC = Record("Kino", "Zvezda"), Record("Кино", "Звезда")


@pytest.mark.parametrize(
    ("a", "b", "fields", "field"),
    [
        (KINO, KINO, {"duration": 0.0, "title": 0.0}, ""),
        (KINO, Record("Kino", "Zvesda"), {"duration": 0.05}, ""),
        (KINO, Record("Kino", "Zvesda"), {"duration": 0.04}, "duration"),
        (KINO, KINO_CYRILLIC, {}, "duration"),
        (KINO, KINO_CYRILLIC, {"duration": 0.5}, ""),
        (KINO, KINO_CYRILLIC, {"duration": 0.49}, "duration"),
        (KINO, Record("Kino", "Звезда"), {}, ""),
        (KINO, Record("Кино", "Zvezda"), {}, ""),
        (KINO, Record("Kino", "Звезда"), {"duration": 0.49}, "duration"),
        (KINO, Record("Кино", "Zvezda"), {"duration": 0.49}, "duration"),
        (KINO, Record("Kino", "Звезда"), {"artist": 0.4}, "artist"),
    ],
)
def test_two_records_of_one_id_are_two_songs_where_lengths_or_names_say_so(a, b, fields, field):
    assert contradicts_by_id(features_of(a), features_of(b), fields) == field


@pytest.mark.parametrize(
    ("title", "fields", "explained"),
    [
        ("Lantern", {"artist": EXPLAINED}, True),
        ("Lantern", {"artist": NEARLY}, False),
        ("Lantern", {}, False),
        ("Lanterns", {"title": EXPLAINED, "artist": EXPLAINED}, True),
        ("Lanterns", {"title": NEARLY, "artist": 1.0}, False),
        ("Lanterns", {"artist": 1.0}, False),
    ],
)
def test_every_difference_must_be_explained(title, fields, explained):
    assert is_explained(ONE, features_of(Record("Ann", title)), fields) is explained
