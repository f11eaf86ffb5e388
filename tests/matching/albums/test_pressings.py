"""What tells a pressing, a carrier or a file of an album, and what another album."""

import pytest

from timbre_spider.matching.albums.pressings import tells_pressing

pytestmark = pytest.mark.unit


@pytest.mark.parametrize("bracketed", [True, False])
@pytest.mark.parametrize(
    "segment",
    [
        "CDP 7 46001 2", "WPCR-12345", "WARPCD92", "SHVL 804", "CAD 905 CD", "7243 8 55229 2 5", "1997", "2005-06-01",
        "2CD", "3 x LP", "2-Disc Set", "CD+DVD", "Double CD", "Maxi-CD", "180g vinyl", '12" Single', "Super Audio CD",
        "192kbps", "MP3 320 kbps", "정규 4집", "미니앨범", "The 4th Mini Album", "Full Album",
        "Debut Album", "CD Version", "Re-Release", "12-inch", '10" Vinyl',
        "Single CD", "CD-Maxi", "CD Single", "Gatefold LP",
    ],
)  # fmt: skip
def test_a_pressing(segment, bracketed):
    assert tells_pressing(segment, bracketed=bracketed)


@pytest.mark.parametrize(
    "segment",
    [
        "UK", "Japan Import", "Japan 1997", "4AD CAD 905 CD", "Reprise 9 45529-2",
        "One Little Indian TPLP71CD", "DIS 36", "2002, Nonesuch",
        "Epic 1992", "Sub Pop, 1989", "FLAC", "V0", "web 320", "+ DVD", "+digital booklet",
    ],
)  # fmt: skip
def test_a_pressing_in_brackets_alone(segment):
    assert tells_pressing(segment, bracketed=True)
    assert not tells_pressing(segment, bracketed=False)


@pytest.mark.parametrize("bracketed", [True, False])
@pytest.mark.parametrize(
    "segment",
    [
        "BWV 825", "K. 331", "RV 93", "WAB 104", "HOB 104", "P. 331", "1967-1970", "1962 - 1966",
        "TOP 40", "VOL 12", "XII 12", "Epic", "Island",
        "Blue", "The 1975", "Live WFMU91", "Spanish", "Red Album", "2nd Movement", "Scene", "",
    ],
)  # fmt: skip
def test_no_pressing(segment, bracketed):
    assert not tells_pressing(segment, bracketed=bracketed)
