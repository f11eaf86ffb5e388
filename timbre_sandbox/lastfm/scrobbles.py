"""A listener's scrobbles, newest first: each play of the chart once, with the album it was played from."""

from array import array
from datetime import UTC, datetime
from functools import cached_property
from random import Random
from urllib.parse import quote_plus

from ..exchange import Request, page_numbers
from ..weather import Weather
from ..world.ids import mbid
from ..world.model import World
from .albums import album_mbid, album_played
from .charts import page_of
from .errors import Answer, error
from .shapes import IMAGES, artist_json, artist_url, attributes, one_or_many

# The last play, and how long the listener has listened.
_LAST = 1_793_500_000
_YEARS = 12
# [documented] 200; the community's documentation and practice have 1000.
_MOST = 1000
# [observed] Histories of many pages fail for good from somewhere on.
_DEEP_PAGE = 350


class Scrobbles:
    """All plays of the world's chart, spread evenly over the years."""

    def __init__(self, world: World, listener: str, weather: Weather) -> None:
        self._world = world
        self._listener = listener
        self._weather = weather

    @cached_property
    def _plays(self) -> "array[int]":
        """The place of the row of each play, newest play first."""
        plays = array("l", (place for place, row in enumerate(self._world.rows) for _ in range(row.plays)))
        Random(f"scrobbles {self._world.seed}").shuffle(plays)
        return plays

    @property
    def _apart(self) -> int:
        """Seconds from one play to the next."""
        return max(1, _YEARS * 365 * 86_400 // max(1, len(self._plays)))

    def recent(self, asked: dict[str, str], request: Request) -> Answer:
        """A page of plays, `from` and `to` included. The first has what is playing now on top, which has no date."""
        numbers = page_of(asked, _MOST)
        if not isinstance(numbers, tuple):
            return 400, numbers
        limit, page = numbers
        begin, end = page_numbers(asked.get("from"), 0), page_numbers(asked.get("to"), _LAST)
        if begin is None or end is None:
            return error(400, 6, "Invalid parameters - from and to are UNIX timestamps")
        newest = max(0, -(-(_LAST - end) // self._apart))
        total = max(0, min(len(self._plays), (_LAST - begin) // self._apart + 1) - newest)
        first = (page - 1) * limit
        if total and first >= total:
            return error(400, 6, "no such page")
        if page > _DEEP_PAGE and self._weather.lasts("lastfm.deep_page", str(page)):
            return error(500, 8, "Operation failed - Most likely the backend service failed. Please try again.")
        extended = asked.get("extended") == "1"
        items = [self._item(newest + at, extended) for at in range(first, min(first + limit, total))]
        if page == 1 and total and end >= _LAST:
            items.insert(0, self._item(newest, extended) | {"@attr": {"nowplaying": "true"}})
            del items[0]["date"]
        attr = attributes(self._listener, total, limit, page)
        return 200, {"recenttracks": {"track": one_or_many(items), "@attr": attr}}

    def _item(self, place: int, extended: bool) -> dict[str, object]:
        row = self._world.rows[self._plays[place]]
        at = _LAST - place * self._apart
        album = album_played(row, place)
        index = row.song.artist.index if row.song else 0
        artist: dict[str, object] = dict(artist_json(row.artist, index))
        if extended:
            artist["image"] = IMAGES
        else:
            artist = {"mbid": artist["mbid"], "#text": row.artist}
        item: dict[str, object] = {
            "artist": artist,
            "streamable": "0",
            "image": IMAGES,
            "mbid": mbid(1, row.song.original.index) if row.song and row.rank % 5 else "",
            "album": {"mbid": album_mbid(album) if album else "", "#text": album.title if album else ""},
            "name": row.title,
            "url": f"{artist_url(row.artist)}/_/{quote_plus(row.title.encode('utf-8', 'replace'), safe='')}",
            "date": {"uts": str(at), "#text": datetime.fromtimestamp(at, UTC).strftime("%d %b %Y, %H:%M")},
        }
        return item | ({"loved": "0"} if extended else {})
