"""The control port: what was asked so far, and the truth about every row of the chart."""

from .asgi import Reply, Request, as_json
from .counting import Counters
from .options import SERVICES
from .truth import truth
from .world.model import World


class Control:
    """GET / (overview), /stats, /truth; POST /reset forgets the counts."""

    name = "control"

    def __init__(self, world: World, counters: Counters, port: int, listener: str) -> None:
        self._world = world
        self._counters = counters
        self._port = port
        self._listener = listener

    def endpoint(self, request: Request) -> str:
        return request.path[:40]

    def answer(self, request: Request) -> Reply:
        match request.method, request.path.rstrip("/"):
            case "GET", "":
                return as_json(self._overview())
            case "GET", "/stats":
                return as_json(self._counters.as_dict())
            case "GET", "/truth":
                return as_json(truth(self._world))
            case "POST", "/reset":
                self._counters.reset()
                return as_json({"reset": True})
        return as_json({"error": f"There is no {request.method} {request.path}; see /"}, 404)

    def _overview(self) -> dict[str, object]:
        world = self._world
        return {
            "listener": self._listener,
            "seed": world.seed,
            "rows": len(world.rows),
            "songs": len({row.song.index for row in world.rows if row.song is not None}),
            "artists": len(world.artists),
            "albums": len(world.albums),
            "tracks": len(world.tracks),
            "services": {name: f"http://127.0.0.1:{self._port + place}" for place, name in enumerate(SERVICES)},
            "see": ["/stats", "/truth", "POST /reset"],
        }
