"""MusicBrainz web service 2: the search for recordings, and those of an ISRC."""

import re
from typing import Any

from .asgi import Reply, Request, as_json, page_numbers
from .search import Search
from .weather import Weather
from .world.ids import index_of_mbid, mbid, plain_isrc
from .world.model import Track, World

_LUCENE = re.compile(r"\\(.)")
_ISRC = re.compile(r"isrc:\"?([A-Za-z0-9-]{12,15})")


class MusicBrainz:
    """/ws/2/recording?query=…, /ws/2/recording/{mbid} and /ws/2/isrc/{isrc}; always fmt=json."""

    name = "musicbrainz"

    def __init__(self, world: World, search: Search, weather: Weather) -> None:
        self._world = world
        self._weather = weather
        self._search = search

    def endpoint(self, request: Request) -> str:
        parts = request.path.strip("/").split("/")[2:]
        return "/".join(part if place == 0 else "{id}" for place, part in enumerate(parts)) or "none"

    def answer(self, request: Request) -> Reply:
        if request.query.get("fmt") != "json":
            return as_json({"error": "only fmt=json is spoken here"}, 406)
        match request.path.strip("/").split("/"):
            case ["ws", "2", "recording"]:
                return self._found(request.query)
            case ["ws", "2", "recording", one]:
                index = index_of_mbid(one, 1)
                if index is None or index >= len(self._world.tracks):
                    return as_json(
                        {
                            "error": "Not Found",
                            "help": "For usage, please see: https://musicbrainz.org/development/mmd",
                        },
                        404,
                    )
                return as_json(_recording(self._world.tracks[index], None))
            case ["ws", "2", "isrc", isrc]:
                tracks = self._search.isrc(isrc)
                if not tracks:
                    return as_json(
                        {
                            "error": "Not Found",
                            "help": "For usage, please see: https://musicbrainz.org/development/mmd",
                        },
                        404,
                    )
                return as_json({"isrc": isrc.upper(), "recordings": [_recording(track, None) for track in tracks]})
        return as_json({"error": "Not Found"}, 404)

    def _found(self, query: dict[str, str]) -> Reply:
        wanted = query.get("query", "").strip()
        limit, first = page_numbers(query.get("limit"), 25), page_numbers(query.get("offset"), 0)
        if not wanted or limit is None or first is None:
            return as_json({"error": "Unable to parse search:"}, 400)
        isrcs = _ISRC.findall(wanted)
        if isrcs:
            tracks = [track for isrc in isrcs for track in self._search.isrc(isrc)]
        else:
            plain = _LUCENE.sub(r"\1", wanted.replace('\\"', ""))
            tracks = self._search.tracks(re.sub(r"\s+AND\s+|[()]", " ", plain))
        shown = tracks[first : first + min(limit, 100)]
        recordings = [_recording(track, max(50, 100 - 3 * place)) for place, track in enumerate(shown)]
        return as_json(
            {"created": "2026-11-01T00:00:00.000Z", "count": len(tracks), "offset": first, "recordings": recordings}
        )


def _recording(track: Track, score: int | None) -> dict[str, Any]:
    isrc = plain_isrc(track.isrc)
    credits = [
        {"name": artist.name, "artist": {"id": mbid(2, artist.index), "name": artist.name, "sort-name": artist.name}}
        for artist in track.artists
    ]
    for credit in credits[:-1]:
        credit["joinphrase"] = " feat. "
    found: dict[str, Any] = {
        "id": mbid(1, track.index),
        "score": score,
        "title": track.title,
        "length": track.duration_ms,
        "video": None,
        "artist-credit": credits,
        "first-release-date": track.album.date,
        "releases": [
            {
                "id": mbid(3, track.album.index),
                "title": track.album.title,
                "status": "Official",
                "date": track.album.date,
            }
        ],
    }
    if score is None:
        del found["score"]
    if isrc:
        found["isrcs"] = [isrc]
    return found
