"""The control port: what was asked so far, the truth about every row of the chart, the weather and the clock."""

import json
from typing import Any

from timbre_spider.errors import UsageError

from .counting import Counters
from .exchange import Reply, Request, as_json
from .options import SERVICES
from .truth import truth
from .weather import Weather
from .world.model import World


class Control:
    """GET / (overview), /stats, /asked, /truth, /weather, /clock.

    POST /reset forgets the counts; POST /weather {"weather": kind, fault: rate, limit: number} and POST /clock
    {"advance_s": seconds} change what is named.
    """

    name = "control"

    def __init__(self, world: World, counters: Counters, weather: Weather, port: int, listeners: list[str]) -> None:
        self._world = world
        self._counters = counters
        self._weather = weather
        self._port = port
        self._listeners = listeners

    def endpoint(self, request: Request) -> str:
        return request.path[:40]

    def answer(self, request: Request) -> Reply:
        match request.method, request.path.rstrip("/"):
            case "GET", "":
                return as_json(self._overview())
            case "GET", "/stats":
                return as_json(self._counters.as_dict())
            case "GET", "/asked":
                return as_json(self._counters.asked())
            case "GET", "/truth":
                return as_json(truth(self._world, self._weather))
            case "POST", "/reset":
                self._counters.reset()
                return as_json({"reset": True})
            case "GET", "/weather":
                return as_json(self._weather.as_dict())
            case "GET", "/clock":
                return as_json({"now": self._weather.clock.now()})
            case "POST", "/weather" | "/clock":
                return self._changed(request)
        return as_json({"error": f"There is no {request.method} {request.path}; see /"}, 404)

    def _changed(self, request: Request) -> Reply:
        try:
            wanted: dict[str, Any] = dict(json.loads(request.body))
            if request.path.startswith("/weather"):
                self._weather.change(wanted)
                return as_json(self._weather.as_dict())
            self._weather.clock.advance(float(wanted["advance_s"]))
            return as_json({"now": self._weather.clock.now()})
        except UsageError as error:
            return as_json({"error": str(error)}, 400)
        except (ValueError, TypeError, KeyError):
            return as_json({"error": 'Post {"fault": rate, …} to /weather, {"advance_s": seconds} to /clock'}, 400)

    def _overview(self) -> dict[str, object]:
        world = self._world
        return {
            "listener": self._listeners[0],
            "listeners": self._listeners,
            "seed": world.seed,
            "rows": len(world.rows),
            "songs": len({row.song.index for row in world.rows if row.song is not None}),
            "artists": len(world.artists),
            "albums": len(world.albums),
            "tracks": len(world.tracks),
            "services": {name: f"http://127.0.0.1:{self._port + place}" for place, name in enumerate(SERVICES)},
            "see": ["/stats", "/asked", "/truth", "/weather", "/clock", "POST /reset", "POST /weather", "POST /clock"],
        }
