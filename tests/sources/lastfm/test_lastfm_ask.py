from collections.abc import Callable
from urllib.parse import parse_qs, urlsplit

import pytest

from timbre_spider.sources.lastfm import (
    artist_tags_url,
    chart_url,
    top_albums_url,
    track_tags_url,
    user_url,
)

pytestmark = pytest.mark.unit

BASE = "http://127.0.0.1:9/2.0/"


@pytest.mark.parametrize(
    ("url", "asked", "expected"),
    [
        (
            chart_url,
            ("ann", "7day", 3, 500),
            {"method": "user.getTopTracks", "user": "ann", "period": "7day", "page": "3", "limit": "500"},
        ),
        (
            chart_url,
            ("ann",),
            {"method": "user.getTopTracks", "user": "ann", "period": "overall", "page": "1", "limit": "1000"},
        ),
        (
            top_albums_url,
            ("ann", "7day", 2),
            {"method": "user.getTopAlbums", "user": "ann", "period": "7day", "page": "2", "limit": "1000"},
        ),
        (
            top_albums_url,
            ("ann",),
            {"method": "user.getTopAlbums", "user": "ann", "period": "overall", "page": "1", "limit": "1000"},
        ),
        (user_url, ("ann & bob",), {"method": "user.getInfo", "user": "ann & bob"}),
        (
            artist_tags_url,
            ("Sigur Rós",),
            {"method": "artist.getTopTags", "artist": "Sigur Rós", "autocorrect": "1"},
        ),
        (
            track_tags_url,
            ("lone \ud83d", "a/b?c#d"),
            {"method": "track.getTopTags", "artist": "lone ?", "track": "a/b?c#d", "autocorrect": "1"},
        ),
    ],
)
def test_urls_name_the_method_and_hold_no_key(
    url: Callable[..., str], asked: tuple[str | int, ...], expected: dict[str, str]
) -> None:
    parts = urlsplit(url(BASE, *asked))
    query = {name: values[0] for name, values in parse_qs(parts.query, strict_parsing=True).items()}
    assert f"{parts.scheme}://{parts.netloc}{parts.path}" == BASE
    assert query == expected | {"format": "json"}
