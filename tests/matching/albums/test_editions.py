"""What names an edition of an album, and what another album."""

import pytest

from timbre_spider.matching.albums.editions import names_edition, without_edition

pytestmark = pytest.mark.unit


@pytest.mark.parametrize("bracketed", [True, False])
@pytest.mark.parametrize(
    "segment",
    [
        "Deluxe", "Super Deluxe Edition", "2009 Digital Remaster", "25th Anniversary", "Limited Edition", "Reissue",
        "Expanded & Remastered", "Original Motion Picture Soundtrack", "O.S.T.", "Bande originale du film",
        "Colonna sonora originale", "Banda sonora original", "Musique du film", "Musik aus dem Film", "Музыка к фильму",
        "Sonderauflage", "Jubiläumsausgabe", "The Paradise Edition", "юбилейное издание", "初回限定盤", "EP",
        "Bonus Track Version", "JP Ver.", "Ltd. Edition", "Original Sound Track",
    ],
)  # fmt: skip
def test_an_edition(segment, bracketed):
    assert names_edition(segment, bracketed=bracketed)


@pytest.mark.parametrize(
    "segment",
    [
        "Nuova Edizione di Lusso", "Original Soundtrack from the Vestron Picture", "1998 Remaster by Somebody",
        "Remasterizado 2014", "最終版", "豪華版", "디럭스 에디션", "Bonus Tracks from Tokyo",
    ],
)  # fmt: skip
def test_an_edition_in_brackets_alone(segment):
    assert names_edition(segment, bracketed=True)
    assert not names_edition(f"A {segment} B", bracketed=False)


@pytest.mark.parametrize("bracketed", [True, False])
@pytest.mark.parametrize(
    "segment",
    [
        "Live Deluxe Edition", "Bonus Remix CD", "Original Soundtrack, Vol. 2", "Deluxe Edition, Part 2",
        "The 30th Anniversary Concert", "Acoustic Edition", "Demos", "Spanish Version", "Japanese ver.", "现场版",
        "国语版", "Blue Album", "The Remixes", "Original Broadway Cast", "", "The Movie Album",
    ],
)  # fmt: skip
def test_no_edition(segment, bracketed):
    assert not names_edition(segment, bracketed=bracketed)


@pytest.mark.parametrize(
    ("name", "plain"),
    [
        ("Kindred EP", "Kindred"),
        ("Kindred E.P.", "Kindred"),
        ("Rumours Super Deluxe", "Rumours"),
        ("Rumours 35th Anniversary Deluxe Edition", "Rumours"),
        ("DAMN. COLLECTORS EDITION.", "DAMN."),
        ("In Utero 2013 Remaster", "In Utero"),
        ("In Utero 1998 Reissue", "In Utero"),
        ("In Utero Remastered 2013", "In Utero"),
        ("Dois Remasterizado", "Dois"),
        ("Cold Nights Original Motion Picture Soundtrack", "Cold Nights"),
        ("Cold Nights Original Game Soundtrack", "Cold Nights"),
        ("Frida banda sonora original", "Frida"),
        ("Dois trilha sonora", "Dois"),
        ("Clandestino Edición Deluxe", "Clandestino"),
        ("Mensch Sonderausgabe", "Mensch"),
        ("Mensch limitierte Auflage", "Mensch"),
        ("Clandestino Edición Especial", "Clandestino"),
        ("Heathen Bonus Disc", "Heathen"),
        ("Heathen Box Set", "Heathen"),
    ],
)
def test_behind_a_name(name, plain):
    assert without_edition(name) == plain


@pytest.mark.parametrize(
    "name",
    [
        "Best of 2003",
        "Deluxe",
        "The Soundtrack",
        "Tour Edition",
        "Step",
        "Ghost",
        "Christmas Special",
        "Sunset",
        "A Version",
    ],
)
def test_a_name_that_ends_in_no_edition(name):
    assert without_edition(name) == name


def test_the_year_of_a_name_stays():
    assert without_edition("Best of 2003 Deluxe Edition") == "Best of 2003"
    assert without_edition("TRON: Legacy Soundtrack") == "TRON: Legacy"
