"""Several listeners in one world, with half of their songs in common."""

from collections import Counter
from collections.abc import Iterator

import pytest

from timbre_sandbox.options import SandboxOptions
from timbre_sandbox.world import build_world
from timbre_sandbox.world.listeners import names_of, rows_for_all, share_out
from timbre_spider.errors import UsageError

from .conftest import Client, running


@pytest.fixture(scope="module")
def client() -> Iterator[Client]:
    with running(rows=120, listeners=3, hostile=True) as client:
        yield client


@pytest.mark.unit
def test_charts_have_about_the_rows_asked_for_and_half_of_the_songs_in_common() -> None:
    world = build_world(rows_for_all(600, 4), 1)
    heard = share_out(world, names_of("ann", 4))
    assert list(heard) == ["ann", "ann2", "ann3", "ann4"]
    songs = {name: {row.song.index for row in each.rows if row.song} for name, each in heard.items()}
    common = set.intersection(*songs.values())
    for name, each in heard.items():
        assert 350 < len(each.rows) < 700
        assert 0.35 < len(common) / len(songs[name]) < 0.65
        assert [row.rank for row in each.rows] == list(range(1, len(each.rows) + 1))
        plays = [row.plays for row in each.rows]
        assert plays == sorted(plays, reverse=True)
        assert min(plays) > 0
    assert set.union(*songs.values()) == {row.song.index for row in world.rows if row.song}
    one, other = ({(row.artist, row.title): row.plays for row in heard[name].rows} for name in ("ann", "ann2"))
    assert one.keys() & other.keys() < one.keys()
    assert any(one[name] != other[name] for name in one.keys() & other.keys())
    of_all: Counter[tuple[str, str]] = Counter()
    for each in heard.values():
        of_all.update({(row.artist, row.title): row.plays for row in each.rows})
    assert {(row.artist, row.title): row.plays for row in world.rows if row.plays} == of_all


@pytest.mark.unit
def test_a_listener_alone_hears_the_whole_world() -> None:
    world = build_world(100, 1)
    assert share_out(world, names_of("ann", 1)) == {"ann": world}


@pytest.mark.integration
def test_each_has_a_chart_albums_and_scrobbles_of_the_same_plays(client: Client) -> None:
    for name, heard in client.sandbox.listeners.items():
        user = client.lastfm("user.getInfo", user=name).json["user"]
        chart = client.lastfm("user.getTopTracks", user=name, limit=1000).json["toptracks"]
        recent = client.lastfm("user.getRecentTracks", user=name, limit=1).json["recenttracks"]
        plays = sum(row.plays for row in heard.rows)
        assert user["name"] == chart["@attr"]["user"] == name
        assert [int(row["playcount"]) for row in chart["track"]] == [row.plays for row in heard.rows]
        assert int(user["playcount"]) == int(recent["@attr"]["total"]) == plays
        albums = client.lastfm("user.getTopAlbums", user=name, limit=1000).json["topalbums"]["album"]
        assert 0.85 * plays < sum(int(album["playcount"]) for album in albums) <= plays
    assert client.lastfm("user.getInfo", user="LISTENER3").status == 200
    assert client.lastfm("user.getInfo", user="listener4").json["error"] == 6


@pytest.mark.unit
@pytest.mark.parametrize("listeners", [0, 101])
def test_there_are_one_to_a_hundred(listeners: int) -> None:
    with pytest.raises(UsageError, match="--listeners"):
        SandboxOptions(listeners=listeners)
