"""What ListenBrainz is asked about a listener."""

import pytest

from timbre_spider.sources.listenbrainz.listener import STATISTICS_KEEP, listens_url, top_url

pytestmark = pytest.mark.unit


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        (top_url("http://x/", "ann", "week", 0), "http://x/1/stats/user/ann/recordings?range=week&count=100&offset=0"),
        (top_url("http://x", "a/b c", "year", 300), "http://x/1/stats/user/a%2Fb%20c/recordings?range=year&count=100&offset=300"),
        (listens_url("http://x/", "ann", None), "http://x/1/user/ann/listens?count=1000"),
        (listens_url("http://x", "a/b", 1_600_000_000), "http://x/1/user/a%2Fb/listens?count=1000&max_ts=1600000000"),
    ],
)  # fmt: skip
def test_pages_are_as_large_as_there_are(url: str, expected: str) -> None:
    assert url == expected


def test_the_statistics_keep_a_thousand_recordings() -> None:
    assert STATISTICS_KEEP == 1000
