"""Which page is believed of an album that several told of."""

from datetime import timedelta

import pytest

from timbre_spider.items import AotyAlbum
from timbre_spider.matching.albums.key import artist_part
from timbre_spider.pipelines.aoty.lately import OWN_PAGE, ReadLately

pytestmark = pytest.mark.unit

LIST = "in the chart of its year"


@pytest.mark.parametrize(
    ("first", "then", "believed"),
    [
        ((LIST, 70.0), (LIST, 71.0), 1),
        ((LIST, 70.0), (LIST, None), 0),
        ((LIST, None), (LIST, 70.0), 1),
        ((LIST, 70.0), (OWN_PAGE, None), 1),
        ((OWN_PAGE, None), (LIST, 70.0), 0),
        ((OWN_PAGE, 70.0), (OWN_PAGE, 71.0), 1),
    ],
)
def test_its_own_page_goes_first_then_one_with_a_score(
    first: tuple[str, float | None], then: tuple[str, float | None], believed: int
) -> None:
    read = ReadLately()
    for where, score in (first, then):
        told = AotyAlbum("/album/1", "Ann & Bob", "Harbour", score)
        assert read.add([told], timedelta(), where, {"ann", "cy"}) == {"ann"}
    [kept] = read.of("Ann").values()
    assert (kept.where, kept.album.user_score) == (first, then)[believed]


def test_three_hundred_artists_stay_at_hand_those_read_of_longest_ago_go_first() -> None:
    read = ReadLately()

    def tell(*numbers: int) -> None:
        for n in numbers:
            read.add(
                [AotyAlbum(f"/album/{n}", f"Artist {n}", "Harbour")], timedelta(), LIST, {artist_part(f"Artist {n}")}
            )

    def known(*numbers: int) -> list[bool]:
        return [bool(read.of(f"Artist {n}")) for n in numbers]

    tell(*range(300))
    assert known(0, 1, 299) == [True, True, True]
    tell(0, 300)
    assert known(0, 1, 2, 300) == [True, False, True, True]
