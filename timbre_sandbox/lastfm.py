"""Last.fm's API: a listener's charts and tags, as JSON with its quirks or as XML."""

import json
from collections import defaultdict
from urllib.parse import quote_plus

from .asgi import Reply, Request, as_json, page_numbers
from .coarse import coarse
from .lastfm_xml import as_xml
from .options import LASTFM_API_KEY, PRIVATE_USER
from .weather import Weather
from .world.ids import mbid
from .world.model import Artist, Row, Song, World

_PERIODS = {"overall": 1.0, "12month": 0.42, "6month": 0.25, "3month": 0.13, "1month": 0.05, "7day": 0.013}
_STAR = "2a96cbd8b46e442fc41c2b86b821562f"
_IMAGES = [
    {"size": size, "#text": f"https://lastfm.freetls.fastly.net/i/u/{width}/{_STAR}.png"}
    for size, width in (("small", "34s"), ("medium", "64s"), ("large", "174s"), ("extralarge", "300x300"))
]
_IMAGES_JSON = json.dumps(_IMAGES, separators=(",", ":"))
_TAG_OF_TRACK = 0.75


class LastFm:
    """`listener` is the only listener there is, apart from one who hides the history."""

    name = "lastfm"

    def __init__(self, world: World, listener: str, weather: Weather) -> None:
        self._world = world
        self._weather = weather
        self._listener = listener
        self._charts: dict[str, list[tuple[Row, int]]] = {"overall": [(row, row.plays) for row in world.rows]}
        self._artists: dict[str, Artist] = {}
        self._songs: dict[tuple[str, str], Song] = {}
        for artist in world.artists:
            self._artists[_artist_key(artist.name)] = artist
        for song in world.songs:
            self._songs.setdefault((_artist_key(song.artist.name), coarse(song.title)), song)
        for row in world.rows:
            if row.song is not None:
                self._artists.setdefault(_artist_key(row.artist), row.song.artist)
                self._songs.setdefault((_artist_key(row.artist), coarse(row.title)), row.song)

    def endpoint(self, request: Request) -> str:
        return (request.query.get("method") or request.form.get("method") or "none")[:40]

    def answer(self, request: Request) -> Reply:
        asked = {**request.query, **request.form} if request.method == "POST" else request.query
        status, value = self._answer(asked)
        if asked.get("format") == "json":
            if isinstance(value, str):
                return Reply(_bytes(value), status)
            return as_json(value, status)
        return Reply(as_xml(json.loads(value) if isinstance(value, str) else value), status, b"text/xml; charset=UTF-8")

    def _answer(self, asked: dict[str, str]) -> tuple[int, dict[str, object] | str]:
        method = asked.get("method", "").lower()
        if asked.get("api_key") != LASTFM_API_KEY:
            return _error(403, 10, "Invalid API key - You must be granted a valid key by last.fm")
        if method.startswith("user."):
            if not asked.get("user"):
                return _error(400, 6, "Invalid parameters - Your request is missing the [user] parameter")
            user = asked["user"].lower()
            if user == PRIVATE_USER:
                return _error(403, 17, "Login: User required to be logged in")
            if user != self._listener.lower():
                return _error(404, 6, "User not found")
        answers = {
            "user.gettoptracks": self._top_tracks,
            "user.gettopalbums": self._top_albums,
            "user.getinfo": self._user,
            "artist.gettoptags": self._artist_tags,
            "track.gettoptags": self._track_tags,
            "track.getinfo": self._track,
        }
        answer = answers.get(method)
        if answer is None:
            return _error(400, 3, "Invalid Method - No method with that name in this package")
        return answer(asked)

    def _page(self, asked: dict[str, str]) -> tuple[int, int] | tuple[int, dict[str, object]]:
        limit, page = page_numbers(asked.get("limit"), 50), page_numbers(asked.get("page"), 1)
        if limit is None or not 1 <= limit <= 1000:
            return _error(400, 6, "limit param out of bounds (1-1000)")
        if page is None or not 0 <= page <= 1_000_000:
            return _error(400, 6, "page param out of bounds (1-1000000)")
        return limit, max(1, page)

    def _top_tracks(self, asked: dict[str, str]) -> tuple[int, dict[str, object] | str]:
        limit, page = self._page(asked)
        if isinstance(page, dict):
            return limit, page
        period = asked.get("period") or "overall"
        if period not in _PERIODS:
            return _error(400, 6, "Invalid parameters - Your request is missing a required parameter")
        chart = self._chart(period)
        first = (page - 1) * limit
        rows = [
            _row_json(row, plays, first + place) for place, (row, plays) in enumerate(chart[first : first + limit], 1)
        ]
        # One element comes as an object, not as a list of one.
        tracks = rows[0] if len(rows) == 1 else f"[{','.join(rows)}]"
        attr = json.dumps(self._attr(len(chart), limit, page))
        return 200, f'{{"toptracks":{{"track":{tracks},"@attr":{attr}}}}}'

    def _chart(self, period: str) -> list[tuple[Row, int]]:
        """The chart of a period: a part of all plays, so every row has at most its plays of all time."""
        if period not in self._charts:
            part = _PERIODS[period]
            recent = [(row, int(row.plays * part * (0.3 + (row.rank * 7919 % 100) / 70))) for row in self._world.rows]
            chart = [(row, min(plays, row.plays)) for row, plays in recent if plays]
            chart.sort(key=lambda pair: (-pair[1], pair[0].rank))
            self._charts[period] = chart
        return self._charts[period]

    def _top_albums(self, asked: dict[str, str]) -> tuple[int, dict[str, object] | str]:
        limit, page = self._page(asked)
        if isinstance(page, dict):
            return limit, page
        plays: dict[int, int] = defaultdict(int)
        for row in self._world.rows:
            if row.song is not None:
                plays[row.song.original.album.index] += row.plays
        order = sorted(plays, key=lambda index: (-plays[index], index))
        first = (page - 1) * limit
        items: list[dict[str, object]] = []
        for place, index in enumerate(order[first : first + limit], first + 1):
            album = self._world.albums[index]
            items.append(
                {
                    "artist": _artist_json(album.artists[0].name, album.artists[0].index),
                    "@attr": {"rank": str(place)},
                    "image": _IMAGES,
                    "playcount": str(plays[index]),
                    "url": f"{_artist_url(album.artists[0].name)}/{quote_plus(album.title, safe='')}",
                    "name": album.title,
                    "mbid": mbid(3, index) if index % 3 else "",
                }
            )
        found: object = items[0] if len(items) == 1 else items
        return 200, {"topalbums": {"album": found, "@attr": self._attr(len(order), limit, page)}}

    def _attr(self, total: int, limit: int, page: int) -> dict[str, str]:
        return {
            "user": self._listener,
            "totalPages": str(-(-total // limit)),
            "page": str(page),
            "perPage": str(limit),
            "total": str(total),
        }

    def _user(self, asked: dict[str, str]) -> tuple[int, dict[str, object] | str]:
        return 200, {
            "user": {
                "playlists": "0",
                "playcount": str(sum(row.plays for row in self._world.rows)),
                "gender": "n",
                "name": self._listener,
                "subscriber": "0",
                "url": f"https://www.last.fm/user/{self._listener}",
                "country": "None",
                "image": _IMAGES,
                "registered": {"unixtime": "1161177193", "#text": 1161177193},
                "type": "user",
                "age": "0",
                "bootstrap": "0",
                "realname": "",
                "track_count": str(len(self._world.rows)),
                "artist_count": str(len({row.artist for row in self._world.rows})),
            }
        }

    def _artist_tags(self, asked: dict[str, str]) -> tuple[int, dict[str, object] | str]:
        artist = self._artists.get(_artist_key(asked.get("artist", "")))
        if artist is None:
            return 200, {"error": 6, "message": "The artist you supplied could not be found", "links": []}
        return 200, _tags_json(list(artist.tags), {"artist": artist.name})

    def _track_tags(self, asked: dict[str, str]) -> tuple[int, dict[str, object] | str]:
        song = self._song(asked)
        attr = {"artist": asked.get("artist", ""), "track": asked.get("track", "")}
        return 200, _tags_json(_song_tags(song) if song else [], attr)

    def _track(self, asked: dict[str, str]) -> tuple[int, dict[str, object] | str]:
        song = self._song(asked)
        artist, title = asked.get("artist", ""), asked.get("track", "")
        url = f"{_artist_url(artist)}/_/{quote_plus(title, safe='')}"
        track: dict[str, object] = {
            "name": title,
            "url": url,
            "duration": "0",
            "streamable": {"#text": "0", "fulltrack": "0"},
            "listeners": "2",
            "playcount": "4",
            "artist": {"name": artist, "url": _artist_url(artist)},
            "toptags": {"tag": []},
        }
        if song is not None:
            album = song.tracks[-1].album
            track |= {
                "duration": str(song.duration_ms // 1000 * 1000),
                "listeners": str(song.plays * 31 + 40),
                "playcount": str(song.plays * 210 + 90),
                "album": {
                    "artist": album.artists[0].name,
                    "title": album.title,
                    "url": f"{_artist_url(album.artists[0].name)}/{quote_plus(album.title, safe='')}",
                    "image": _IMAGES,
                    "@attr": {"position": str(song.tracks[-1].number)},
                },
                "toptags": {"tag": [{key: tag[key] for key in ("name", "url")} for tag in _tags(_song_tags(song))]},
            }
        return 200, {"track": track}

    def _song(self, asked: dict[str, str]) -> Song | None:
        return self._songs.get((_artist_key(asked.get("artist", "")), coarse(asked.get("track", ""))))


def _artist_key(name: str) -> str:
    return coarse(name).removeprefix("the ").split(" feat ")[0].split(" ft ")[0].split(" featuring ")[0]


def _error(status: int, number: int, message: str) -> tuple[int, dict[str, object]]:
    return status, {"error": number, "message": message, "links": []}


def _bytes(text: str) -> bytes:
    try:
        return text.encode()
    except UnicodeEncodeError:
        return json.dumps(json.loads(text)).encode()


def _artist_url(name: str) -> str:
    return f"https://www.last.fm/music/{quote_plus(name.encode('utf-8', 'replace'), safe='')}"


def _artist_json(name: str, index: int) -> dict[str, str]:
    return {"url": _artist_url(name), "name": name, "mbid": mbid(2, index) if index % 4 else ""}


def _row_json(row: Row, plays: int, rank: int) -> str:
    """A row of the top tracks; the duration in seconds, "0" for unknown, and every number a string."""
    name, url = json.dumps(row.title), _artist_url(row.artist)
    known = row.song is not None and row.rank % 5 != 0
    ids = (mbid(1, row.song.original.index), mbid(2, row.song.artist.index)) if known and row.song else ("", "")
    address = json.dumps(f"{url}/_/{quote_plus(row.title.encode('utf-8', 'replace'), safe='')}")
    return (
        f'{{"streamable":{{"fulltrack":"0","#text":"0"}},"mbid":"{ids[0]}","name":{name},"image":{_IMAGES_JSON},'
        f'"artist":{{"url":{json.dumps(url)},"name":{json.dumps(row.artist)},"mbid":"{ids[1]}"}},"url":{address},'
        f'"duration":"{row.seconds}","@attr":{{"rank":"{rank}"}},"playcount":"{plays}"}}'
    )


def _song_tags(song: Song) -> list[tuple[str, int]]:
    """Tags of a track: some of its artist's; often none."""
    if song.index % 5 == 0:
        return []
    return [tag for place, tag in enumerate(song.artist.tags) if (song.index + place * 7) % 10 < 10 * _TAG_OF_TRACK]


def _tags(tags: list[tuple[str, int]]) -> list[dict[str, object]]:
    return [
        {"count": count, "name": name, "url": f"https://www.last.fm/tag/{quote_plus(name)}"} for name, count in tags
    ]


def _tags_json(tags: list[tuple[str, int]], attr: dict[str, str]) -> dict[str, object]:
    items = _tags(tags)
    return {"toptags": {"tag": items[0] if len(items) == 1 else items, "@attr": attr}}
