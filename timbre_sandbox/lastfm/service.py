"""Last.fm's API as a service: which method is answered by whom, as JSON or as XML."""

import json
from collections.abc import Callable, Mapping

from ..exchange import Reply, Request, as_json
from ..options import LASTFM_API_KEY, PRIVATE_USER
from ..weather import Weather
from ..world.model import World
from .albums import Albums
from .charts import Charts
from .errors import Answer, by_chance, error, rejected_key
from .names import Names
from .scrobbles import Scrobbles
from .shapes import IMAGES
from .xml import as_xml

_HTML_502 = (
    b"<html>\r\n<head><title>502 Bad Gateway</title></head>\r\n<body>\r\n<center><h1>502 Bad Gateway</h1></center>\r\n"
    b"<hr><center>openresty</center>\r\n</body>\r\n</html>\r\n"
)


_Method = Callable[[dict[str, str], Request], Answer]


class LastFm:
    """`listeners`: the world as each listener hears it; beside them there is one who hides the history."""

    name = "lastfm"

    def __init__(self, world: World, listeners: Mapping[str, World], weather: Weather) -> None:
        self._weather = weather
        self._of_users = {name.lower(): _methods_of(name, heard, weather) for name, heard in listeners.items()}
        names = Names(world)
        self._of_names: dict[str, _Method] = {
            "artist.gettoptags": names.artist_tags,
            "track.gettoptags": names.track_tags,
            "track.getinfo": names.track,
        }

    def endpoint(self, request: Request) -> str:
        return (request.query.get("method") or request.form.get("method") or "none")[:40]

    def answer(self, request: Request) -> Reply:
        if self._weather.strikes("lastfm.502", request):
            return Reply(_HTML_502, 502, b"text/html")
        asked = {**request.query, **request.form} if request.method == "POST" else request.query
        status, value = self._answer(asked, request)
        if asked.get("format") == "json":
            if isinstance(value, str):
                return Reply(_bytes(value), status)
            return as_json(value, status)
        return Reply(as_xml(json.loads(value) if isinstance(value, str) else value), status, b"text/xml; charset=UTF-8")

    def _answer(self, asked: dict[str, str], request: Request) -> Answer:
        method = asked.get("method", "").lower()
        if asked.get("api_key") != LASTFM_API_KEY:
            return rejected_key()
        struck = by_chance(self._weather, request)
        if struck is not None:
            return struck
        if method.startswith("user."):
            user = asked.get("user", "").lower()
            if not user:
                return error(400, 6, "Invalid parameters - Your request is missing the [user] parameter")
            if user == PRIVATE_USER:
                return error(403, 17, "Login: User required to be logged in")
            if user not in self._of_users:
                return error(404, 6, "User not found" if len(user) % 2 else "No user with that name was found")
            answer = self._of_users[user].get(method)
        else:
            answer = self._of_names.get(method)
        if answer is None:
            return error(400, 3, "Invalid Method - No method with that name in this package")
        return answer(asked, request)


def _methods_of(listener: str, world: World, weather: Weather) -> dict[str, _Method]:
    """What is told of one listener."""

    def user(asked: dict[str, str], request: Request) -> Answer:
        return 200, {"user": _user(listener, world)}

    return {
        "user.gettoptracks": Charts(world, listener, weather).top_tracks,
        "user.gettopalbums": Albums(world, listener, weather).top,
        "user.getrecenttracks": Scrobbles(world, listener, weather).recent,
        "user.getinfo": user,
    }


def _user(listener: str, world: World) -> dict[str, object]:
    return {
        "playlists": "0",
        "playcount": str(sum(row.plays for row in world.rows)),
        "gender": "n",
        "name": listener,
        "subscriber": "0",
        "url": f"https://www.last.fm/user/{listener}",
        "country": "None",
        "image": IMAGES,
        "registered": {"unixtime": "1161177193", "#text": 1161177193},
        "type": "user",
        "age": "0",
        "bootstrap": "0",
        "realname": "",
        "track_count": str(len(world.rows)),
        "artist_count": str(len({row.artist for row in world.rows})),
    }


def _bytes(text: str) -> bytes:
    try:
        return text.encode()
    except UnicodeEncodeError:
        return json.dumps(json.loads(text)).encode()
