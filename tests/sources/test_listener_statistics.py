"""What ListenBrainz is asked about a listener, and what its statistics tell."""

import json

import pytest

from timbre_spider.sources.listenbrainz.listener import STATISTICS_KEEP, listens_url, read_top, top_url

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


@pytest.mark.parametrize(
    ("told", "total"), [({"total_recording_count": 7}, 7), ({}, 1), ({"total_recording_count": "x"}, 1)]
)
def test_how_many_recordings_there_are_is_told_or_counted(told: dict[str, object], total: int) -> None:
    body = json.dumps({"payload": {"recordings": [{"listen_count": 7}], **told}})
    assert read_top(body.encode(), "listener", "week", 0).total == total


def test_a_broken_row_of_the_statistics_is_a_row() -> None:
    page = read_top(
        b'{"payload": {"recordings": [{"listen_count": "7", "track_name": null}, 5]}}', "listener", "week", 100
    )
    assert [(row.artist, row.title, row.playcount, row.rank) for row in page.rows] == [
        ("", "", 7, 101),
        ("", "", 0, 102),
    ]
