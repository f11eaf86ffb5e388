"""A listener's charts of tracks, page by page, whose order moves while it is read."""

import json
from urllib.parse import quote_plus

from ..exchange import Request, page_numbers
from ..shares import share
from ..weather import Weather
from ..world.ids import mbid
from ..world.model import Row, World
from .errors import Answer, error
from .shapes import IMAGES_JSON, artist_url, attributes

_PERIODS = {"overall": 1.0, "12month": 0.42, "6month": 0.25, "3month": 0.13, "1month": 0.05, "7day": 0.013}
SOMEBODY_ELSE = "somebody_else"
# Assumed: how much of a short page is there.
SHORT = 0.5


class Charts:
    """The charts of one listener."""

    def __init__(self, world: World, listener: str, weather: Weather) -> None:
        self._world = world
        self._listener = listener
        self._weather = weather
        self._charts: dict[str, list[tuple[Row, int]]] = {"overall": [(row, row.plays) for row in world.rows]}

    def top_tracks(self, asked: dict[str, str], request: Request) -> Answer:
        """A page of tracks. Past the end it is an error [recorded]; a page may be short, empty, or another user's."""
        numbers = page_of(asked, 1000)
        if not isinstance(numbers, tuple):
            return 400, numbers
        limit, page = numbers
        period = asked.get("period") or "overall"
        if period not in _PERIODS:
            return error(400, 6, "Invalid parameters - Your request is missing a required parameter")
        chart = self._chart(period)
        first = (page - 1) * limit
        if chart and first >= len(chart):
            return error(400, 6, "no such page")
        strikes = self._weather.strikes
        if first and strikes("lastfm.rows_move", request):
            # The row that was to come next has moved to the page before, which was read already.
            chart[first - 1], chart[first] = chart[first], chart[first - 1]
        if strikes("lastfm.total_0", request):
            return 200, _nothing(self._listener, period, limit, page, request)
        shown = chart[first : first + limit]
        if strikes("lastfm.empty_page", request):
            shown = []
        elif strikes("lastfm.short_page", request):
            shown = shown[: int(len(shown) * SHORT)]
        user = self._listener
        if strikes("lastfm.other_user", request):
            user, shown = SOMEBODY_ELSE, [(row, plays + 1) for row, plays in reversed(chart[: len(shown)])]
        rows = [_row_json(row, plays, first + place) for place, (row, plays) in enumerate(shown, 1)]
        # One element comes as an object, not as a list of one.
        tracks = rows[0] if len(rows) == 1 else f"[{','.join(rows)}]"
        attr = json.dumps(attributes(user, len(chart), limit, page))
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


def page_of(asked: dict[str, str], most: int) -> tuple[int, int] | dict[str, object]:
    """(limit, page), or the error of a number out of bounds. Page 0 is page 1."""
    limit, page = page_numbers(asked.get("limit"), 50), page_numbers(asked.get("page"), 1)
    wrong = ""
    if limit is None or not 1 <= limit <= most:
        wrong = f"limit param out of bounds (1-{most})"
    elif page is None or not 0 <= page <= 1_000_000:
        wrong = "page param out of bounds (1-1000000)"
    if wrong or limit is None or page is None:
        return {"error": 6, "message": wrong, "links": []}
    return limit, max(1, page)


def _nothing(user: str, period: str, limit: int, page: int, request: Request) -> dict[str, object]:
    """A chart of nobody, as it is for one who has not listened; in today's form or in the old one [saved answers]."""
    attr = attributes(user, 0, limit, page)
    if share("nothing", request.query_string, request.asked_before) < 0.5:
        return {"toptracks": {"track": [], "@attr": attr}}
    return {"toptracks": {"#text": "\n    ", "type": period, **attr}}


def _row_json(row: Row, plays: int, rank: int) -> str:
    """A row of the top tracks; the duration in seconds, "0" for unknown, and every number a string."""
    name, url = json.dumps(row.title), artist_url(row.artist)
    known = row.song is not None and row.rank % 5 != 0
    ids = (mbid(1, row.song.original.index), mbid(2, row.song.artist.index)) if known and row.song else ("", "")
    address = json.dumps(f"{url}/_/{quote_plus(row.title.encode('utf-8', 'replace'), safe='')}")
    return (
        f'{{"streamable":{{"fulltrack":"0","#text":"0"}},"mbid":"{ids[0]}","name":{name},"image":{IMAGES_JSON},'
        f'"artist":{{"url":{json.dumps(url)},"name":{json.dumps(row.artist)},"mbid":"{ids[1]}"}},"url":{address},'
        f'"duration":"{row.seconds}","@attr":{{"rank":"{rank}"}},"playcount":"{plays}"}}'
    )
