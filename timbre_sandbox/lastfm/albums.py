"""A listener's albums as scrobbled, page by page; and which album a play was from."""

from collections import defaultdict
from functools import cached_property
from urllib.parse import quote_plus

from ..exchange import Request
from ..shares import share
from ..weather import Weather
from ..world.ids import mbid
from ..world.model import Album, Row, World
from .charts import SHORT, SOMEBODY_ELSE, page_of
from .errors import Answer, error
from .shapes import IMAGES, artist_json, artist_url, attributes, one_or_many

# Assumed: how many plays came without their album, and how many songs were heard on their own album.
_WITHOUT_ALBUM, _ON_ITS_OWN = 0.06, 0.8


def album_played(row: Row, place: int) -> Album | None:
    """The release that the play at `place` of a row was from: mostly the song's own album; None: it came without."""
    if row.song is None or share("no album", place) < _WITHOUT_ALBUM:
        return None
    return _album_of(row)


def album_mbid(album: Album) -> str:
    return mbid(3, album.index) if album.index % 3 else ""


class Albums:
    """The albums of one listener: a release under each artist it was scrobbled with."""

    def __init__(self, world: World, listener: str, weather: Weather) -> None:
        self._world = world
        self._listener = listener
        self._weather = weather

    @cached_property
    def _order(self) -> list[tuple[str, Album, int]]:
        """(artist as scrobbled, album, plays), most played first."""
        plays: dict[tuple[str, int], int] = defaultdict(int)
        for row in self._world.rows:
            if row.song is not None:
                plays[row.artist, _album_of(row).index] += row.plays - round(row.plays * _WITHOUT_ALBUM)
        order = sorted(plays, key=lambda key: (-plays[key], key))
        return [(artist, self._world.albums[index], plays[artist, index]) for artist, index in order]

    def top(self, asked: dict[str, str], request: Request) -> Answer:
        """A page, which fails in the ways a page of tracks does."""
        numbers = page_of(asked, 1000)
        if not isinstance(numbers, tuple):
            return 400, numbers
        limit, page = numbers
        first = (page - 1) * limit
        if self._order and first >= len(self._order):
            return error(400, 6, "no such page")
        user, shown, strikes = self._listener, self._order[first : first + limit], self._weather.strikes
        if strikes("lastfm.empty_page", request):
            shown = []
        elif strikes("lastfm.short_page", request):
            shown = shown[: int(len(shown) * SHORT)]
        if strikes("lastfm.other_user", request):
            user, shown = SOMEBODY_ELSE, shown[::-1]
        items = [_item(artist, album, plays, place) for place, (artist, album, plays) in enumerate(shown, first + 1)]
        attr = attributes(user, len(self._order), limit, page)
        return 200, {"topalbums": {"album": one_or_many(items), "@attr": attr}}


def _album_of(row: Row) -> Album:
    assert row.song is not None
    tracks = row.song.tracks
    return (tracks[0] if share("album", row.rank) < _ON_ITS_OWN else tracks[row.rank % len(tracks)]).album


def _item(artist: str, album: Album, plays: int, rank: int) -> dict[str, object]:
    return {
        "artist": artist_json(artist, album.artists[0].index),
        "@attr": {"rank": str(rank)},
        "image": IMAGES,
        "playcount": str(plays),
        "url": f"{artist_url(artist)}/{quote_plus(album.title, safe='')}",
        "name": album.title,
        "mbid": album_mbid(album),
    }
