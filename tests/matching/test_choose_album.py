"""The album meant, among those known."""

from typing import Any

import pytest

from timbre_spider.items import AotyAlbum
from timbre_spider.matching.choose_album import choose_album

pytestmark = pytest.mark.unit


def album(title: str, artist: str = "Ann", **told: Any) -> AotyAlbum:
    return AotyAlbum(f"/album/{title}", artist, title, **told)


@pytest.mark.parametrize(
    ("wanted", "known", "expected"),
    [
        ("Harbour", [album("Pier"), album("Harbour")], "Harbour"),
        ("Harbour", [album("Pier")], None),
        ("Harbour", [album("Harbour", "Bob")], None),
        # Editions find their album, and it wins over them; so do spellings.
        ("Harbour (Deluxe Edition)", [album("Harbour"), album("Pier")], "Harbour"),
        ("Harbour", [album("Harbour (Deluxe)"), album("Harbour")], "Harbour"),
        ("Harbor", [album("Harbour")], "Harbour"),
        ("Harbour II", [album("Harbour"), album("Harbour 2")], "Harbour 2"),
        ("Harbour II", [album("Harbour")], None),
        # An original goes before what bears its name; the earlier of two.
        ("Harbour", [album("Harbour", format="Single"), album("HARBOUR", format="LP")], "HARBOUR"),
        ("Harbour", [album("Harbour", format="Compilation", release_date="1999"), album("HARBOUR")], "HARBOUR"),
        ("Harbour", [album("Harbour", format="Compilation")], "Harbour"),
        ("Harbour", [album("Harbour", release_date="2010"), album("HARBOUR", release_date="1994-05-10")], "HARBOUR"),
        # One that is of the key goes before one that is like it, whatever its format.
        ("Harbour", [album("Harbor", format="LP"), album("Harbour", format="Single")], "Harbour"),
        ("Harbour", [album("Harbour", "Various Artists")], None),
        # A music video is no album, whatever its name.
        ("Harbour", [album("Harbour", format="Music Video")], None),
        ("Harbour", [album("Harbour", format="Music Video"), album("HARBOUR", format="Single")], "HARBOUR"),
        ("Now 42", [album("Now 42", "Various Artists")], None),
    ],
)
def test_by_names(wanted: str, known: list[AotyAlbum], expected: str | None) -> None:
    for order in (known, known[::-1]):
        chosen = choose_album("Ann", wanted, order)
        assert (chosen.title if chosen else None) == expected


def test_what_leaves_a_doubt_is_not_certain() -> None:
    doubtful = [album("Harbour (Sessions)")]
    assert choose_album("Ann", "Harbour", doubtful) is doubtful[0]
    assert choose_album("Ann", "Harbour", doubtful, certain=True) is None
    assert choose_album("Ann", "Harbour", [album("Harbour (Remastered)")], certain=True) is not None
    assert choose_album("Ann", "Harbour", [album("Harbor")], certain=True) is not None


def test_a_spotify_id_goes_before_names_but_not_before_the_artist() -> None:
    known = [
        album("Harbour"),
        album("Hafen", spotify_album_id="1"),
        album("Now", "Various Artists", spotify_album_id="2"),
    ]
    assert choose_album("Ann", "Harbour", known, spotify_album_id="1") is known[1]
    assert choose_album("Ann", "Harbour", known, spotify_album_id="2") is known[0]
    assert choose_album("Ann", "Harbour", known, spotify_album_id="3") is known[0]
    assert choose_album("Various Artists", "Now", known, spotify_album_id="2") is known[2]


@pytest.mark.parametrize(
    ("released", "expected"),
    [
        (None, "1994-05-10"),
        ("1994", "1994-05-10"),
        ("2001-05", "2001-05-15"),
        ("2001-05-15", "2001-05-15"),
        ("2001-11-30", "2001-11"),
        ("1995", "1994-05-10"),
        # A reissue's, or a song's that was there before: it shuts out none.
        ("1997", "1994-05-10"),
        ("1960", "1994-05-10"),
    ],
)
def test_of_one_name_the_one_of_the_date_goes_first(released: str | None, expected: str) -> None:
    dates = ("2001-05-15", "1994-05-10", "2001-11")
    known = [album("Harbour", release_date=date) for date in dates]
    for order in (known, known[::-1]):
        chosen = choose_album("Ann", "Harbour", order, released=released)
        assert chosen
        assert chosen.release_date == expected
    assert choose_album("Ann", "Harbour", known[:1], released=released) is known[0]
    single = album("Harbour", format="Single", release_date=released)
    assert choose_album("Ann", "Harbour", [single, *known], released=released) is not single


def test_a_compilation_of_an_artist_in_another_script_is_not_taken_by_its_title_alone() -> None:
    for written, taken in (("Compilation", False), ("LP", True)):
        known = [album("Greatest Hits", "Meadow Garden", format=written)]
        assert (choose_album("周玉兰", "Greatest Hits", known) is not None) is taken
