"""user.getRecentTracks, as saved answers and made-up ones have it."""

import json
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from timbre_spider.errors import SourceError, Unusable, UserPrivate, UserUnknown
from timbre_spider.items import Scrobble
from timbre_spider.sources.lastfm import RecentPage, read_recent, recent_url

pytestmark = pytest.mark.unit

SAVED = Path(__file__).parents[4] / "shared/fixtures/lastfm"
NUMBERS = {"user": "Ann", "page": "2", "perPage": "200", "total": "201", "totalPages": "2"}


def scrobble(at: Any, title: Any = "T", artist: Any = "A", album: Any = "H") -> dict[str, Any]:
    names = {"artist": {"#text": artist, "mbid": ""}, "name": title, "album": {"#text": album, "mbid": ""}}
    return names | ({} if at is None else {"date": {"uts": at, "#text": "then"}})


def read(tracks: Any, **changed: Any) -> RecentPage:
    body = json.dumps({"recenttracks": {"track": tracks, "@attr": NUMBERS | changed}}).encode()
    return read_recent(body, "ann", 2, 100, 200, 200)


def test_a_span_is_asked_for_with_a_second_more_on_either_side() -> None:
    for begin, asked in ((100, "99"), (0, "1"), (1, "1")):
        query = parse_qs(urlsplit(recent_url("http://x/2.0/", "a&b", begin, 200, 3, 50)).query)
        assert query == {
            "method": ["user.getRecentTracks"], "user": ["a&b"], "from": [asked], "to": ["200"], "page": ["3"],
            "limit": ["50"], "format": ["json"],
        }  # fmt: skip


def test_what_lies_outside_of_the_span_or_has_no_time_is_left_out() -> None:
    playing = scrobble(None) | {"@attr": {"nowplaying": "true"}}
    tracks = [playing, *(scrobble(str(at)) for at in (99, 100, 150, 199, 200)), scrobble(None), scrobble("soon"), 7]
    page = read(tracks)
    assert page.scrobbles == tuple(Scrobble("A", "T", at, "H") for at in (100, 150, 199))
    assert (page.total, page.total_pages, page.broken) == (201, 2, 3)


@pytest.mark.parametrize("tracks", [scrobble("150", album=""), [scrobble(150, album=None)]])
def test_one_comes_as_an_object_and_an_album_may_be_missing(tracks: Any) -> None:
    assert read(tracks).scrobbles == (Scrobble("A", "T", 150, None),)


def test_extended_answers_name_the_artist_otherwise() -> None:
    entry = scrobble("150") | {"artist": {"name": "A", "url": "x", "image": []}}
    assert read(entry).scrobbles == (Scrobble("A", "T", 150, "H"),)


@pytest.mark.parametrize("changed", [{"user": "bob"}, {"page": "1"}, {"perPage": "1000"}, {"total": "many"}])
def test_another_page_than_asked_for_is_refused(changed: dict[str, str]) -> None:
    with pytest.raises(Unusable):
        read([scrobble("150")], **changed)


def test_beyond_the_last_page_there_is_nothing() -> None:
    body = b'{"error": 6, "message": "no such page", "links": []}'
    assert read_recent(body, "ann", 2, 100, 200, 200) == RecentPage((), 0, 0, 0)


@pytest.mark.skipif(not SAVED.exists(), reason="no saved answers here")
class TestSavedAnswers:
    @pytest.mark.parametrize(
        ("name", "user", "limit", "scrobbles", "total"),
        [
            ("docs.user.getRecentTracks.1", "frikandel_", 1, 1, 94618),
            ("docs.user.getRecentTracks.2", "frikandel_", 1, 1, 94613),
            ("if.UserGetRecentTracksEmpty", "rt", 20, 0, 0),
        ],
    )
    def test_pages(self, name: str, user: str, limit: int, scrobbles: int, total: int) -> None:
        page = read_recent((SAVED / f"{name}.json").read_bytes(), user, 1, 0, 2**33, limit)
        assert (len(page.scrobbles), page.total, page.broken) == (scrobbles, total, 0)
        assert all(each.artist and each.title and each.album for each in page.scrobbles)

    @pytest.mark.parametrize(
        ("name", "error"),
        [
            ("docs.user.getRecentTracks.3", UserUnknown),
            ("docs.user.getRecentTracks.4", UserPrivate),
            ("if.UserGetRecentTracksMissing", UserUnknown),
            ("if.UserGetRecentTracksError", SourceError),
        ],
    )
    def test_errors(self, name: str, error: type[SourceError]) -> None:
        with pytest.raises(error):
            read_recent((SAVED / f"{name}.json").read_bytes(), "ann", 1, 0, 2**33)
