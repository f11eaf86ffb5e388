"""user.getRecentTracks: each play of the chart once, newest first, with the album it was played from."""

from collections import Counter
from collections.abc import Iterator
from typing import Any

import pytest

from .conftest import Client, running

pytestmark = pytest.mark.integration


@pytest.fixture(scope="module")
def small() -> Iterator[Client]:
    with running(rows=40) as client:
        yield client


def recent(client: Client, **query: object) -> dict[str, Any]:
    found: dict[str, Any] = client.lastfm("user.getRecentTracks", **query).json["recenttracks"]
    return found


def test_all_pages_are_the_chart_s_plays(small: Client) -> None:
    first = recent(small, limit=1000)
    pages = [recent(small, limit=1000, page=page) for page in range(1, int(first["@attr"]["totalPages"]) + 1)]
    items = [item for page in pages for item in page["track"] if "date" in item]
    assert len(items) == int(first["@attr"]["total"]) == sum(row.plays for row in small.world.rows)
    played = Counter((item["artist"]["#text"], item["name"]) for item in items)
    assert played == {(row.artist, row.title): row.plays for row in small.world.rows}
    times = [int(item["date"]["uts"]) for item in items]
    assert times == sorted(times, reverse=True)
    albums = {item["album"]["#text"] for item in items}
    assert "" in albums, "some plays have no album"
    assert albums & {track.album.title for song in small.world.heard for track in song.tracks}


def test_what_is_playing_has_no_date_and_is_one_more(small: Client) -> None:
    """ "recenttracks has an extra item with @attr.nowplaying and no date"."""
    tracks = recent(small, limit=5)["track"]
    assert len(tracks) == 6
    assert tracks[0]["@attr"] == {"nowplaying": "true"}
    assert "date" not in tracks[0]
    assert len(recent(small, limit=5, page=2)["track"]) == 5


def test_a_part_of_the_time(small: Client) -> None:
    dated = [item for item in recent(small, limit=20)["track"] if "date" in item]
    begin, end = int(dated[12]["date"]["uts"]), int(dated[4]["date"]["uts"])
    part = recent(small, limit=20, **{"from": begin, "to": end})
    assert part["track"] == dated[4:13]
    assert part["@attr"]["total"] == "9"


def test_extended(small: Client) -> None:
    plain, extended = recent(small, limit=3)["track"][1], recent(small, limit=3, extended=1)["track"][1]
    assert set(plain["artist"]) == {"mbid", "#text"}
    assert {"name", "url", "image"} <= set(extended["artist"])
    assert extended["loved"] == "0"


@pytest.mark.parametrize(
    ("query", "status", "error"),
    [
        ({"limit": 1000}, 200, None),
        ({"limit": 1001}, 400, 6),
        ({"page": 99_999}, 400, 6),
        ({"from": "yesterday"}, 400, 6),
        ({"user": "private"}, 403, 17),
    ],
)
def test_bounds(small: Client, query: dict[str, object], status: int, error: int | None) -> None:
    """ "official max 200, community docs and practice 1000"; "17: 403" for hidden histories."""
    answer = small.lastfm("user.getRecentTracks", **query)
    assert (answer.status, answer.json.get("error")) == (status, error)


def test_deep_pages_fail_for_good(small: Client) -> None:
    """ "Deep pages of getRecentTracks on huge accounts fail persistently"."""
    small.sandbox.weather.change({"lastfm.deep_page": 1})
    try:
        answers = [small.lastfm("user.getRecentTracks", limit=1, page=351).json for _ in range(3)]
        assert [answer.get("error") for answer in answers] == [8, 8, 8]
        assert "recenttracks" in small.lastfm("user.getRecentTracks", limit=1, page=350).json
    finally:
        small.sandbox.weather.change({"lastfm.deep_page": 0})
