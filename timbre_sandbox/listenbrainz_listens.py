"""ListenBrainz' public side of a listener: the recordings listened to most, and every listen, newest first."""

from array import array
from collections import defaultdict
from functools import cached_property
from random import Random
from typing import Any

from .exchange import Reply, Request, as_json, page_numbers
from .metabrainz import MetaBrainz
from .shares import share
from .world.ids import mbid
from .world.model import Row, World

# The last listen, and how long the listener has listened.
_LAST = 1_793_400_000
_YEARS = 12
# [documented] A request tells at most 100 recordings, or 1,000 listens. Assumed: the statistics keep 1,000 recordings.
_MOST_TOP, _KEPT, _MOST_LISTENS, _USUAL = 100, 1000, 1000, 25
_RANGES = ("this_week", "this_month", "this_year", "week", "month", "quarter", "half_yearly", "year", "all_time")


class ListenerPages:
    """GET /1/stats/user/NAME/recordings and /1/user/NAME/listens, of one listener."""

    def __init__(self, world: World, known: MetaBrainz, listener: str) -> None:
        self._world = world
        self._known = known
        self._listener = listener

    def answer(self, request: Request) -> Reply:
        if request.path.rstrip("/").endswith("recordings"):
            return self._recordings(request.query)
        return self._listens(request.query)

    def _recordings(self, asked: dict[str, str]) -> Reply:
        span = asked.get("range", "all_time")
        count, offset = page_numbers(asked.get("count"), _USUAL), page_numbers(asked.get("offset"), 0)
        if span not in _RANGES:
            return _error(400, f"Invalid range: {span}")
        if count is None or offset is None or count < 0 or offset < 0:
            return _error(400, "'count' and 'offset' should be non-negative integers")
        if span != "all_time":
            return Reply(b"", 204)  # not worked out yet
        shown = self._top[offset : offset + min(count, _MOST_TOP)]
        payload = {
            "recordings": shown,
            "count": len(shown),
            "total_recording_count": len(self._top),
            "user_id": self._listener,
            "offset": offset,
            "range": span,
            "from_ts": 1_009_843_200,
            "to_ts": _LAST,
            "last_updated": _LAST,
        }
        return as_json({"payload": payload})

    @cached_property
    def _top(self) -> list[dict[str, Any]]:
        """What is mapped to a recording counts under its names, the rest under those it was sent with."""
        plays: dict[tuple[str, str, str | None], int] = defaultdict(int)
        told: dict[tuple[str, str, str | None], dict[str, Any]] = {}
        for row in self._world.rows:
            found = self._known.exact(row.artist, row.title)
            recording = found[0] if found else None
            artist, title = (recording.credit, recording.title) if recording else (row.artist, row.title)
            key = (artist, title, recording.id if recording else None)
            plays[key] += row.plays
            told.setdefault(
                key,
                {
                    "artist_mbids": [mbid(2, each.index) for each in recording.tracks[0].artists] if recording else [],
                    "artist_name": artist,
                    "recording_mbid": recording.id if recording else None,
                    "release_mbid": mbid(3, found[1].index) if found else None,
                    "release_name": found[1].title if found else "",
                    "track_name": title,
                },
            )
        first = sorted(plays, key=lambda key: -plays[key])[:_KEPT]
        return [told[key] | {"listen_count": plays[key]} for key in first]

    @cached_property
    def _plays(self) -> "array[int]":
        """The place of the row of each listen, newest first."""
        plays = array("l", (place for place, row in enumerate(self._world.rows) for _ in range(row.plays)))
        Random(f"listens {self._world.seed}").shuffle(plays)
        return plays

    @property
    def _apart(self) -> int:
        return max(2, _YEARS * 365 * 86_400 // max(1, len(self._plays)))

    def _at(self, place: int) -> int:
        """Now and then two listens have one second."""
        return _LAST - (place - (place % 50 == 1)) * self._apart

    def _listens(self, asked: dict[str, str]) -> Reply:
        count, before = page_numbers(asked.get("count"), _USUAL), page_numbers(asked.get("max_ts"), _LAST + 1)
        if count is None or before is None:
            return _error(400, "'count' and 'max_ts' should be non-negative integers")
        place = max(0, -(-(_LAST - before + 1) // self._apart) - 1)
        while place < len(self._plays) and self._at(place) >= before:
            place += 1
        shown = range(place, min(place + min(count, _MOST_LISTENS), len(self._plays)))
        listens = [self._listen(each) for each in shown]
        payload = {
            "count": len(listens),
            "listens": listens,
            "user_id": self._listener,
            "latest_listen_ts": self._at(0) if self._plays else 0,
            "oldest_listen_ts": self._at(len(self._plays) - 1) if self._plays else 0,
        }
        return as_json({"payload": payload})

    def _listen(self, place: int) -> dict[str, Any]:
        row = self._world.rows[self._plays[place]]
        return {
            "inserted_at": self._at(place) + 2,
            "listened_at": self._at(place),
            "recording_msid": mbid(5, self._plays[place]),
            "track_metadata": self._metadata(row),
            "user_name": self._listener,
        }

    def _metadata(self, row: Row) -> dict[str, Any]:
        told: dict[str, Any] = {"artist_name": row.artist, "track_name": row.title, "additional_info": {}}
        if row.song is not None and share("release", row.rank) < 0.9:
            told["release_name"] = row.song.original.album.title
        if found := self._known.exact(row.artist, row.title):
            told["mbid_mapping"] = {"recording_mbid": found[0].id, "release_mbid": mbid(3, found[1].index)}
        return told


def _error(status: int, message: str) -> Reply:
    return as_json({"code": status, "error": message}, status)
