"""How long what a page told is good, by what it is about."""

from datetime import UTC, datetime, timedelta

import pytest

from timbre_spider.sources.aoty.freshness import album_good_for, page_good_for

pytestmark = pytest.mark.unit

NOW = datetime(2026, 11, 29, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("released", "days"),
    [
        ("2026-11-28", 1), ("2027-02-01", 1), ("2026-09-01", 1), ("2026-08-31", 7), ("2026-08-01", 7),
        ("2004-03-08", 7), ("2026-11", 7), ("2026", 7), ("", 7), (None, 7), ("soon", 7),
    ],
)  # fmt: skip
def test_ratings_of_an_album_of_ninety_days_are_good_for_a_day_and_others_for_a_week(
    released: str | None, days: int
) -> None:
    assert album_good_for(released, NOW) == timedelta(days=days)


@pytest.mark.parametrize(
    ("address", "published", "days"),
    [
        ("/album/1-x.php", "2026-11-28", 1),
        ("/album/1-x.php", "2004-03-08", 7),
        ("/album/1-x.php", "", 7),
        ("/artist/1-x/", "", 7),
        ("/ratings/user-highest-rated/2026/1/", "", 1),
        ("/ratings/user-highest-rated/2025/1/", "", 7),
        ("/ratings/6-highest-rated/2026/1", "", 1),
        ("/ratings/user-highest-rated/all/1/", "", 7),
        ("/2026/releases/nov-11/", "", 1),
        ("/2027/releases/jan-01/", "", 1),
        ("/2025/releases/nov-11/", "", 7),
        ("/must-hear/2026/", "", 1),
        ("/must-hear/album/2026/", "", 1),
        ("/must-hear/2025/", "", 7),
        ("/releases/this-week/", "", 1),
        ("/upcoming/", "", 1),
        # Its own date goes before the address.
        ("/2026/releases/nov-11/", "2004-03-08", 7),
    ],
)
def test_a_page_is_good_for_as_long_as_what_it_is_about(address: str, published: str, days: int) -> None:
    body = f'<script>{{"datePublished" : "{published}"}}</script>'.encode()
    assert page_good_for(f"https://site{address}", body, NOW) == timedelta(days=days)
