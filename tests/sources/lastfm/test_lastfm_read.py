import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from timbre_spider.errors import KeyRejected, SourceError, Unusable, UserPrivate, UserUnknown
from timbre_spider.items import ChartRow
from timbre_spider.sources.lastfm import (
    TopAlbum,
    UserInfo,
    read_chart,
    read_top_albums,
    read_top_tags,
    read_user_info,
)
from timbre_spider.sources.lastfm.refusal import refusal

pytestmark = pytest.mark.unit

SAVED = Path(__file__).parents[4] / "shared/fixtures/lastfm"


def track(**changes: Any) -> dict[str, Any]:
    return {
        "@attr": {"rank": "7"},
        "name": "Northern Lantern",
        "artist": {"name": "The Paper Boats", "mbid": "", "url": "https://www.last.fm/music/x"},
        "playcount": "440",
        "duration": "205",
        "mbid": "0aa00000-0000-4000-8000-00000000000a",
        "image": [{"#text": "https://x/2a96cbd8b46e442fc41c2b86b821562f.png", "size": "small"}],
        "url": "https://www.last.fm/music/x/_/y",
    } | changes


def chart(tracks: Any, name: str = "toptracks", **attributes: Any) -> bytes:
    numbers = {"user": "Ann", "page": "1", "perPage": "50", "total": "3", "totalPages": "1"} | attributes
    return json.dumps({name: {"@attr": numbers, "track": tracks}}).encode()


ROW = ChartRow("The Paper Boats", "Northern Lantern", 440, 7, "0aa00000-0000-4000-8000-00000000000a", 205_000)


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({}, ROW),
        ({"playcount": 440, "duration": 205}, ROW),
        ({"duration": "0"}, {"duration_ms": None}),
        ({"duration": ""}, {"duration_ms": None}),
        ({"duration": "86401"}, {"duration_ms": None}),
        ({"duration": "86400"}, {"duration_ms": 86_400_000}),
        ({"duration": "1"}, {"duration_ms": 1000}),
        ({"duration": "-1"}, {"duration_ms": None}),
        ({"mbid": ""}, {"mbid": None}),
        ({"mbid": "stale"}, {"mbid": None}),
        ({"mbid": "0AA00000-0000-4000-8000-00000000000A"}, ROW),
        ({"artist": {"#text": "The Paper Boats"}}, ROW),
        ({"artist": "The Paper Boats"}, ROW),
        ({"artist": {}}, {"artist": ""}),
        ({"artist": None}, {"artist": ""}),
        ({"artist": ["x"]}, {"artist": ""}),
        ({"name": None}, {"title": ""}),
        ({"name": 1979}, {"title": "1979"}),
        ({"name": True}, {"title": ""}),
        ({"name": "\ud83d lone"}, {"title": "\ud83d lone"}),
        ({"name": "nul\x00"}, {"title": "nul\x00"}),
        ({"name": "x" * 10_000}, {"title": "x" * 10_000}),
        ({"playcount": "many"}, {"playcount": 0}),
        ({"playcount": "-4"}, {"playcount": 0}),
        ({"playcount": "9" * 5000}, {"playcount": 0}),
        ({"playcount": None}, {"playcount": 0}),
        ({"@attr": {}}, {"rank": 1}),
        ({"@attr": None}, {"rank": 1}),
        ({"@attr": {"rank": "first"}}, {"rank": 1}),
    ],
)
def test_a_row(changes: dict[str, Any], expected: ChartRow | dict[str, Any]) -> None:
    (row,) = read_chart(chart([track(**changes)]), "ann", 1).rows
    for name, value in (expected if isinstance(expected, dict) else {}).items():
        assert getattr(row, name) == value
    if isinstance(expected, ChartRow):
        assert row == expected


@pytest.mark.parametrize(
    "broken", [None, "text", 7, [], {}, {"artist": {"name": []}, "name": {"x": 1}, "playcount": {}}]
)
def test_a_broken_row_is_there_and_loses_no_neighbour(broken: object) -> None:
    rows = read_chart(chart([track(), broken, track()]), "ann", 1).rows
    assert [row.title for row in rows] == ["Northern Lantern", "", "Northern Lantern"]
    assert rows[1] == ChartRow("", "", 0, 2)


def test_a_row_with_bytes_that_are_no_utf_8_loses_no_neighbour() -> None:
    body = chart([track(name="BROKEN"), track()]).replace(b"BROKEN", b"bad \xff\x01")
    rows = read_chart(body, "ann", 1).rows
    assert [row.title for row in rows] == ["bad �\x01", "Northern Lantern"]


@pytest.mark.parametrize(
    ("tracks", "rows"),
    [([track(), track()], 2), (track(), 1), ([], 0), ("", 0), ("\n   ", 0), (None, 0), ("text", 1)],
)
def test_one_element_is_no_list_and_nothing_is_many_things(tracks: object, rows: int) -> None:
    assert len(read_chart(chart(tracks), "ann", 1).rows) == rows


def test_the_numbers_of_a_page() -> None:
    body = chart([track(**{"@attr": {}})], page="3", perPage="500", total="1001", totalPages="3")
    page = read_chart(body, "ANN", 3, limit=500)
    assert (page.page, page.per_page, page.total, page.total_pages) == (3, 500, 1001, 3)
    assert page.rows[0].rank == 1001


@pytest.mark.parametrize(
    "container",
    [
        {"#text": "\n", "user": "ann", "page": "0", "perPage": "50", "total": "0", "totalPages": "0"},
        {"@attr": {"user": "ann", "page": "1", "perPage": "50", "total": "0", "totalPages": "0"}, "track": []},
        {"@attr": {"user": "ann", "page": "1", "perPage": "0", "total": "0", "totalPages": "0"}},
    ],
)
def test_a_listener_who_heard_nothing(container: dict[str, Any]) -> None:
    page = read_chart(json.dumps({"toptracks": container}).encode(), "ann", 1, limit=50)
    assert (page.rows, page.total, page.page) == ((), 0, 1)


@pytest.mark.parametrize(
    ("body", "says"),
    [
        (chart([track()], user="somebody"), "^Last.fm answered with the chart of another user than “ann”: try again.$"),
        (chart([track()], page="2"), "^Last.fm answered with page 2 instead of 1: try again.$"),
        (chart([track()], perPage="20"), "^Last.fm answered with 20 rows a page instead of 50: try again.$"),
        (chart([track()], total="lots"), "^Last.fm's chart does not say how long it is: try again later.$"),
        (b"<html><h1>502 Bad Gateway</h1><address>openresty</address></html>", "no JSON"),
        (b"", "no JSON"),
        (b"[]", "no toptracks"),
        (b'"text"', "no toptracks"),
        (b'{"toptracks": ""}', "no toptracks"),
        (b'{"toptracks": []}', "no toptracks"),
        (b'{"topalbums": {}}', "no toptracks"),
    ],
)
def test_an_unusable_page(body: bytes, says: str) -> None:
    with pytest.raises(Unusable, match=says):
        read_chart(body, "ann", 1, limit=50)


@pytest.mark.parametrize(
    ("code", "message", "error", "retry_after"),
    [
        (2, "Invalid service", Unusable, 30),
        (4, "Authentication Failed", KeyRejected, None),
        (6, "User not found", UserUnknown, None),
        (6, "No user with that name was found", UserUnknown, None),
        (6, "Invalid parameters - Your request is missing the [user] parameter", Unusable, None),
        (6, "limit param out of bounds (1-1000)", Unusable, None),
        ("6", "User not found", UserUnknown, None),
        (7, "Invalid resource", Unusable, None),
        (8, "Operation failed", Unusable, 5),
        (9, "Invalid session key", KeyRejected, None),
        (10, "Invalid API key", KeyRejected, None),
        (11, "Service Offline", Unusable, 60),
        (13, "Invalid method signature", KeyRejected, None),
        (16, "Temporarily unavailable", Unusable, 30),
        (17, "Login: User required to be logged in", UserPrivate, None),
        (26, "Suspended API key", KeyRejected, None),
        (29, "Rate limit exceeded", Unusable, 60),
        (None, None, Unusable, None),
        ({"x": 1}, ["y"], Unusable, None),
    ],
)
def test_errors_by_code(code: object, message: object, error: type[SourceError], retry_after: float | None) -> None:
    with pytest.raises(error) as raised:
        read_chart(json.dumps({"error": code, "message": message}).encode(), "ann", 1)
    assert type(raised.value) is error
    assert getattr(raised.value, "retry_after", None) == retry_after
    assert "\n" not in str(raised.value)
    assert (f"(error {code})" in str(raised.value)) == (error is not Unusable)
    if error is Unusable and isinstance(message, str):
        assert f" ({message}): try again later." in str(raised.value)
    if error in (UserUnknown, UserPrivate):
        assert "“ann”" in str(raised.value)


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        (
            {"toptags": {"tag": [{"name": "Shoegaze", "count": 58}, {"name": "rock", "count": 100}]}},
            {"rock": 100, "shoegaze": 58},
        ),
        ({"toptags": {"tag": {"name": "electronic", "count": "100"}}}, {"electronic": 100}),
        ({"toptags": {"tag": [{"name": "a", "count": 3}, {"name": "A", "count": 9}]}}, {"a": 9}),
        ({"toptags": {"tag": [{"name": "a", "count": 9}, {"name": "A", "count": 3}]}}, {"a": 9}),
        (
            {"toptags": {"tag": [{"name": name, "count": count} for name, count in (("a", 1), ("c", 9), ("b", 9))]}},
            {"b": 9, "c": 9, "a": 1},
        ),
        ({"toptags": {"tag": {"name": "none", "count": 0}}}, {"none": 0}),
        ({"toptags": {"tag": [None, {"name": "", "count": 1}, {"name": "x"}, {"name": "y", "count": "1"}]}}, {"y": 1}),
        ({"toptags": {"tag": []}}, {}),
        ({"toptags": {"#text": "\n", "artist": "Somebody"}}, {}),
        ({"error": 6, "message": "The artist you supplied could not be found"}, {}),
        ({"error": 6, "message": "No such track"}, {}),
        ({"error": 6, "message": "Unknown artist"}, {}),
    ],
)
def test_tags(body: object, expected: dict[str, int]) -> None:
    tags = read_top_tags(json.dumps(body).encode())
    assert tags == expected
    assert list(tags) == list(expected)


def test_tags_of_a_service_that_is_down() -> None:
    with pytest.raises(Unusable) as raised:
        read_top_tags(b'{"error": 29, "message": "Rate limit exceeded"}')
    assert raised.value.retry_after == 60
    with pytest.raises(UserPrivate, match="of this name"):
        read_top_tags(b'{"error": 17}')


@pytest.mark.parametrize("read", [lambda body: read_chart(body, "ann", 1), read_top_tags])
def test_who_answered_something_else_is_named(read: Callable[[bytes], object]) -> None:
    with pytest.raises(Unusable, match=r"^Last\.fm answered something that is no JSON"):
        read(b"<html>")


@pytest.mark.parametrize(
    ("code", "message", "says"),
    [
        (8, "x" * 200, f"Last.fm answers with error 8 ({'x' * 100}): try again later."),
        (8, "", "Last.fm answers with error 8: try again later."),
        ("odd", "", "Last.fm answers with error 0: try again later."),
        (
            10,
            "",
            "Last.fm rejects the API key: it is not valid (error 10). Check LASTFM_API_KEY; "
            "a new one is free at https://www.last.fm/api/account/create.",
        ),
        (
            17,
            "",
            "The listening history of “ann” is hidden (error 17). Its owner can show it at "
            "https://www.last.fm/settings/privacy.",
        ),
        (
            6,
            "Invalid user name supplied",
            "Last.fm has no user “ann” (error 6). Check LASTFM_USERNAME or the user given.",
        ),
        (
            6,
            "User parameter missing, not found",
            "Last.fm answers with error 6 (User parameter missing, not found): try again later.",
        ),
        (6, "User is odd", "Last.fm answers with error 6 (User is odd): try again later."),
        (6, "Nothing found", "Last.fm answers with error 6 (Nothing found): try again later."),
    ],
)
def test_errors_say_what_happened_and_what_to_do(code: object, message: str, says: str) -> None:
    with pytest.raises(SourceError) as raised:
        read_chart(json.dumps({"error": code, "message": message}).encode(), "ann", 1)
    assert str(raised.value) == says


def test_a_nameless_user_is_of_this_name() -> None:
    assert str(refusal(17, "")).startswith("The listening history of of this name is hidden")


def test_albums() -> None:
    albums = [
        {"name": "First", "artist": {"name": "Ann"}, "playcount": "12", "@attr": {"rank": "7"}},
        {"name": "", "artist": {"name": "Ann"}},
        {"name": "Third", "artist": {"name": "Ann"}},
    ]
    numbers = {"user": "ann", "page": "3", "perPage": "50", "total": "103", "totalPages": "3"}
    body = json.dumps({"topalbums": {"album": albums, "@attr": numbers}}).encode()
    albums = (TopAlbum("Ann", "First", 12, 7), TopAlbum("Ann", "Third", 0, 103))
    assert read_top_albums(body, "ann", 3).albums == albums
    with pytest.raises(UserUnknown, match="“ann”"):
        read_top_albums(NOT_FOUND, "ann", 1)


NOT_FOUND = b'{"error": 6, "message": "User not found"}'


def test_without_a_size_a_page_is_taken_to_hold_one_row() -> None:
    page = read_chart(json.dumps({"toptracks": {"@attr": {"total": "0"}}}).encode(), "ann", 1)
    assert (page.rows, page.page, page.per_page, page.total_pages) == ((), 1, 1, 0)
    numbers = {"user": "ann", "page": "3", "total": "9"}
    body = json.dumps({"toptracks": {"@attr": numbers, "track": [track(**{"@attr": None})]}}).encode()
    assert read_chart(body, "ann", 3).rows[0].rank == 3
    assert read_chart(body, "ann", 3, limit=4).rows[0].rank == 9


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ({"user": {"name": "Ann", "playcount": "138223", "registered": {"#text": 1}}}, UserInfo("Ann", 138_223)),
        (
            {"user": {"name": "Ann", "playcount": "9", "registered": {"unixtime": "1200000000"}}},
            UserInfo("Ann", 9, 1_200_000_000),
        ),
        ({"user": {"name": "Ann", "playcount": 0}}, UserInfo("Ann", 0)),
        ({"user": {"name": ""}}, UserUnknown),
        ({"error": 6, "message": "User not found"}, UserUnknown),
        ({}, Unusable),
    ],
)
def test_user_info(body: object, expected: UserInfo | type[SourceError]) -> None:
    if isinstance(expected, UserInfo):
        assert read_user_info(json.dumps(body).encode(), "ann") == expected
    else:
        with pytest.raises(expected, match=r"“ann”|holds no user: try again later") as raised:
            read_user_info(json.dumps(body).encode(), "ann")
        assert type(raised.value) is expected


@pytest.mark.skipif(not SAVED.exists(), reason="the saved answers are not beside the project")
class TestSavedAnswers:
    def test_a_chart(self) -> None:
        page = read_chart((SAVED / "docs.user.getTopTracks.1.json").read_bytes(), "aidan-", 1)
        assert (page.total, page.per_page, page.total_pages) == (5171, 3, 1724)
        assert page.rows[0].title == "Love Will Tear Us Apart"
        assert page.rows[0].duration_ms == 205_000
        assert [row.rank for row in page.rows] == [1, 2, 3]

    @pytest.mark.parametrize(
        ("name", "albums"),
        [("docs.user.getTopAlbums.1", 3), ("if.UserGetTopAlbumsSingle", 1), ("if.UserGetTopAlbumsEmpty", 0)],
    )
    def test_albums(self, name: str, albums: int) -> None:
        body = (SAVED / f"{name}.json").read_bytes()
        container = json.loads(body)["topalbums"]
        user = (container.get("@attr") or container)["user"]
        assert len(read_top_albums(body, user, 1).albums) == albums

    @pytest.mark.parametrize(
        ("name", "tags"),
        [
            ("if.ArtistGetTopTagsSingle", 1),
            ("if.ArtistGetTopTagsMultiple", 5),
            ("if.ArtistGetTopTagsEmpty", 0),
            ("if.ArtistGetTopTagsError", 0),
            ("docs.track.getTopTags.2", 0),
        ],
    )
    def test_tags(self, name: str, tags: int) -> None:
        assert len(read_top_tags((SAVED / f"{name}.json").read_bytes())) == tags

    def test_users(self) -> None:
        assert read_user_info((SAVED / "docs.user.getInfo.1.json").read_bytes(), "x").playcount == 138_223
        with pytest.raises(UserUnknown):
            read_user_info((SAVED / "docs.user.getInfo.2.json").read_bytes(), "x")
