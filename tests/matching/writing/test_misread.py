"""Names whose bytes were read in the wrong encoding."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from timbre_spider.matching.writing.misread import well_read

pytestmark = pytest.mark.unit


@pytest.mark.parametrize(
    ("misread", "written"),
    [
        ("BeyoncÃ©", "Beyoncé"),
        ("Ã\x81gÃ¦tis byrjun", "Ágætis byrjun"),
        ("Ã‰dith Piaf", "Édith Piaf"),
        ("Ã\x89dith Piaf", "Édith Piaf"),
        ("ÐšÐ¸Ð½Ð¾", "Кино"),
        ("æ—¥æœ¬", "日本"),
        ("donâ€™t Ã„", "don’t Ä"),
        ("ë°©íƒ„", "방탄"),
        ("BeyoncÃƒÂ©", "Beyoncé"),
        ("BeyoncÃƒÆ’Ã‚Â©", "Beyoncé"),
    ],
)
def test_read_in_another_encoding(misread, written):
    assert well_read(misread) == written


@pytest.mark.parametrize(
    "name",
    [
        "SÃO PAULO",
        "Ñandú",
        "BEYONCÉ’S",
        "CAFÉ…",
        "Mötley Crüe",
        "Björk",
        "Â°C Ö",
        "ÄÖÜ",
        "Émile—Ô”",
        "日本",
        "Beyonce",
        "",
    ],
)
def test_what_was_read_well(name):
    assert well_read(name) == name


@given(st.text())
def test_any_name_can_be_read_and_reading_again_finds_nothing_more(name):
    assert well_read(well_read(name)) == well_read(name)
