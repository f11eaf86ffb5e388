"""The album meant, among those known."""

from typing import Any

import pytest

from timbre_spider.items import AotyAlbum
from timbre_spider.matching.albums.choose import choose_album, to_look_at

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
        ("Harbour", [album("Harbour", format="Video")], None),
        ("Harbour", [album("Harbour", format="Music Video"), album("HARBOUR", format="Single")], "HARBOUR"),
        ("Now 42", [album("Now 42", "Various Artists")], None),
    ],
)
def test_by_names(wanted: str, known: list[AotyAlbum], expected: str | None) -> None:
    for order in (known, known[::-1]):
        chosen = choose_album("Ann", wanted, order)
        assert (chosen.title if chosen else None) == expected


@pytest.mark.parametrize(
    ("title", "artist", "taken"),
    [
        ("Harbour (Remastered)", "Ann Lee", True),
        ("Harbor", "Ann Lee", True),
        ("Harbour", "Ann Leigh", False),
        ("Harbour", "Eva Lee", False),
        ("Harbour", "Anne Marie Lee", False),
        ("Harbour (Sessions)", "Ann Lee", False),
        ("Harbour Lights", "Ann Lee", False),
    ],
)
def test_every_difference_is_an_explained_one(title: str, artist: str, taken: bool) -> None:
    assert (choose_album("Ann Lee", "Harbour", [album(title, artist)]) is not None) is taken


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


@pytest.mark.parametrize(
    ("written", "date", "taken"),
    [
        ("Compilation", "2004", False),
        ("LP", "2004", True),
        ("LP", "2004-05-02", True),
        ("LP", "2005", False),
        ("LP", None, False),
    ],
)
def test_an_artist_in_another_script_wants_more_than_a_title(written: str, date: str | None, taken: bool) -> None:
    known = [album("Greatest Hits", "Meadow Garden", format=written, release_date=date)]
    assert (choose_album("周玉兰", "Greatest Hits", known, released="2004-05-02") is not None) is taken


@pytest.mark.parametrize(
    ("released", "expected"),
    [
        ("2020-10-01", "그림자"),
        ("2026", "그림자 of two"),
        ("2026-03-04", "그림자 of two"),
        # Of an unknown time it is the artist's own.
        (None, "그림자"),
        # Nobody's date: the artist's own is shut out by none.
        ("2009", "그림자"),
    ],
)
def test_a_joint_release_is_the_artist_s_where_its_time_is_that_of_the_song(
    released: str | None, expected: str
) -> None:
    alone = album("그림자", "하루의 시간", release_date="2020")
    joint = album("그림자", "하루의 시간 & Thelma Underwood", release_date="2026")._replace(url="/album/of-two")
    for order in ([alone, joint], [joint, alone]):
        chosen = choose_album("하루의 시간", "그림자", order, released=released)
        assert chosen is (joint if expected == "그림자 of two" else alone)


@pytest.mark.parametrize(
    ("artist", "theirs", "date", "taken"),
    [
        ("Earth", "Earth, Wind & Fire", "1975", False),
        ("Earth", "Earth, Wind & Fire", None, False),
        ("Nick Cave & The Bad Seeds", "Nick Cave", "2001-04", True),
        ("Nick Cave & The Bad Seeds", "Nick Cave", "1988", False),
        ("Nick Cave", "Nick Cave & The Bad Seeds", "2001-04-02", True),
    ],
)
def test_an_act_of_several_names_is_another_in_another_time(
    artist: str, theirs: str, date: str | None, taken: bool
) -> None:
    known = [album("Gratitude", theirs, release_date=date)]
    assert (choose_album(artist, "Gratitude", known, released="2001-04-02") is not None) is taken


@pytest.mark.parametrize(
    ("wanted", "known", "released", "taken"),
    [
        # An EP of another year is no album's edition.
        ("再见，秋天", album("再见，秋天 EP", release_date="1967"), "1973-12-07", False),
        ("再见，秋天 EP", album("再见，秋天", release_date="1967", format="LP"), "1973-12-07", False),
        ("再见，秋天 EP", album("再见，秋天", release_date="1967", format="EP"), "1973-12-07", True),
        ("再见，秋天 EP", album("再见，秋天", release_date="1967"), "1973-12-07", True),
        ("再见，秋天", album("再见，秋天 EP", release_date="1973"), "1973-12-07", True),
        ("再见，秋天", album("再见，秋天 EP", release_date="1967"), None, True),
        # Company makes an album another of another month.
        ("Kış (feat. The Soldiers)", album("Kış", release_date="2026-02-13"), "2026-06-04", False),
        ("Kış (feat. The Soldiers)", album("Kış", release_date="2025"), "2026-06-04", False),
        ("Kış (feat. The Soldiers)", album("Kış", release_date="2026-06-12"), "2026-06-04", True),
        ("Kış (feat. The Soldiers)", album("Kış", release_date="2026-06-12"), "2026", True),
        ("Kış", album("Kış (feat. The Soldiers)", release_date="2026-06-04"), "2026-02-13", False),
        ("Kış (feat. The Soldiers)", album("Kış (ft. The Soldiers)", release_date="2026"), "2026-06-04", True),
        ("Kış (feat. The Soldiers)", album("Kış"), None, True),
    ],
)
def test_more_than_an_edition_needs_a_date_that_agrees(
    wanted: str, known: AotyAlbum, released: str | None, taken: bool
) -> None:
    assert (choose_album("Ann", wanted, [known], released=released) is not None) is taken
    assert to_look_at("Ann", wanted, [known], released=released) == []


SPRING, AUTUMN = "2025-02-06", "2025-09-13"


@pytest.mark.parametrize(
    ("dates", "released", "expected", "doubtful"),
    [
        (("2025", "2025"), SPRING, None, 2),
        ((AUTUMN, "2025"), SPRING, None, 2),
        ((SPRING, "2025"), SPRING, SPRING, 0),
        ((AUTUMN, SPRING), SPRING, SPRING, 0),
        ((AUTUMN, SPRING), "2025-02", SPRING, 0),
        ((AUTUMN, SPRING), "2025", None, 2),
        ((AUTUMN, SPRING), "2025-05-01", None, 2),
        ((SPRING, SPRING), SPRING, None, 2),
        (("2025", "2022"), SPRING, "2025", 0),
        (("2025", "2022", "2025"), "2022-01-01", "2022", 0),
        ((None, None), SPRING, None, 2),
    ],
)
def test_of_albums_of_one_name_and_year_their_own_pages_tell(
    dates: tuple[str | None, ...], released: str, expected: str | None, doubtful: int
) -> None:
    known = [album("再见，雪", release_date=date)._replace(url=f"/album/{n}") for n, date in enumerate(dates)]
    for order in (known, known[::-1]):
        chosen = choose_album("Ann", "再见，雪", order, released=released)
        assert (chosen.release_date if chosen else None) == expected
        assert len(to_look_at("Ann", "再见，雪", order, released=released)) == doubtful


def test_where_company_differs_the_album_s_own_page_tells_the_day() -> None:
    known = [album("Kış", release_date="2026")]
    assert choose_album("Ann", "Kış (feat. The Soldiers)", known, released="2026-06-04") is None
    assert to_look_at("Ann", "Kış (feat. The Soldiers)", known, released="2026-06-04") == known


@pytest.mark.parametrize(
    "lesser",
    [
        "Compilation", "Single", "Live", "Remix", "Unofficial", "Miscellaneous", "Box Set", "DJ Mix", "Demo",
        "Instrumental",
    ],
)  # fmt: skip
def test_what_has_the_ratings_of_no_album_goes_behind_one(lesser: str) -> None:
    known = [album("Harbour", format=lesser, release_date="1990"), album("HARBOUR", format="EP", release_date="1999")]
    chosen = choose_album("Ann", "Harbour", known)
    assert chosen is not None
    assert chosen.title == "HARBOUR"
