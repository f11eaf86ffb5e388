"""Album of the Year as a service: which address is which page, and what the weather does to it."""

import re
from collections.abc import Callable
from functools import lru_cache

from ..exchange import Reply, Request, page_numbers
from ..weather import Weather
from ..world.model import World
from . import refusals
from .album import album_page
from .frame import MONTHS, album_path, artist_index, artist_path, html
from .listed import Listed
from .lists import CARDS, artist_page, must_hear_page, releases_page, search_page
from .microdata import old_album_page
from .rows import CHART_ROWS, chart_page
from .shelves import Shelves

_ALBUM = re.compile(r"/album/(\d+)(?:-([^/]*?))?(?:\.php)?/?")
_ARTIST = re.compile(r"/artist/(\d+)(?:-[^/]*)?/?")
_USERS_CHART = re.compile(r"/ratings/user-highest-rated/(\d{4}s?|all)(?:/([a-z][a-z0-9-]*))?(?:/(\d+))?/")
# Without a slash at the end: with one it is not there [observed].
_CRITICS_CHART = re.compile(r"/ratings/6-highest-rated/(\d{4}s?|all)(?:/(\d+))?")
_NEWEST = re.compile(r"/releases/(?:(\d+)/)?")
_MONTH = re.compile(r"/(\d{4})/releases/(?:([a-z]+)-(\d{2})/)?(?:(\d+)/)?")
_MUST_HEAR = re.compile(r"/must-hear/(?:(users|critics|both)/)?(?:(\d{4}s?)/)?(?:page/(\d+)/)?")
_KINDS = ("robots.txt", "search", "album", "artist", "ratings", "must-hear")


class Aoty:
    """`robots` is the robots.txt of that year or the status instead; with `challenge` every answer is a refusal."""

    name = "aoty"

    def __init__(self, world: World, weather: Weather, robots: str = "2019", challenge: bool = False) -> None:
        self._world = world
        self._weather = weather
        self._robots = robots
        self._challenge = challenge
        self._shelves = Shelves(world)
        self._album_pages = lru_cache(maxsize=64)(self._album_page)

    def endpoint(self, request: Request) -> str:
        first = request.path.strip("/").split("/")[0]
        return first if first in _KINDS else "releases" if "releases" in request.path else "other"

    def answer(self, request: Request) -> Reply:
        return self._refused(request) or self._page(request)

    def _refused(self, request: Request) -> Reply | None:
        """The answer that is no page, where there is one."""
        strikes = self._weather.strikes
        if self._challenge or strikes("aoty.challenge", request):
            return refusals.challenge()
        if request.path == "/robots.txt":
            return refusals.robots(self._robots)
        if strikes("aoty.429", request):
            return refusals.limited(self._weather.clock, strikes("aoty.retry_after_as_date", request))
        if strikes("aoty.503", request):
            return refusals.plain(503)
        if strikes("aoty.interstitial", request):
            return refusals.challenge(200)
        if request.method not in ("GET", "HEAD"):
            return refusals.plain(403)
        return None

    def _page(self, request: Request) -> Reply:
        path, query = request.path, request.query
        if path.rstrip("/") in ("/search", "/search/albums"):
            return self._search(query, "albums" in path)
        pages: tuple[tuple[re.Pattern[str], Callable[[re.Match[str], dict[str, str]], Reply]], ...] = (
            (_ALBUM, self._album),
            (_ARTIST, self._artist),
            (_USERS_CHART, self._users_chart),
            (_CRITICS_CHART, self._critics_chart),
            (_NEWEST, self._newest),
            (_MONTH, self._month),
            (_MUST_HEAR, self._must_hear),
        )
        for pattern, answer in pages:
            if match := pattern.fullmatch(path):
                return answer(match, query)
        return refusals.plain(404)

    def _album(self, match: re.Match[str], query: dict[str, str]) -> Reply:
        listed = self._shelves.numbered(int(match[1]))
        if listed is None:
            return refusals.plain(404)
        own = album_path(listed.entry)
        if match.string != own:
            return _moved(own)
        return _found(self._album_pages(listed, self._weather.lasts("aoty.old_page", own)))

    def _album_page(self, listed: Listed, old: bool) -> bytes:
        make = old_album_page if old else album_page
        return make(listed, self._shelves.others(listed), self._shelves.similar(listed))

    def _artist(self, match: re.Match[str], query: dict[str, str]) -> Reply:
        index = artist_index(int(match[1]))
        known = 0 <= index < len(self._world.artists)
        artist = self._world.artists[index] if known else self._shelves.stranger(index)
        if artist is None:
            return refusals.plain(404)
        if match.string != artist_path(artist):
            return _moved(artist_path(artist))
        return _found(artist_page(artist, self._shelves.of_artist(artist)))

    def _users_chart(self, match: re.Match[str], query: dict[str, str]) -> Reply:
        when, genre, number = match[1], match[2] or "", int(match[3] or 1)
        chart = self._shelves.users_chart(when, genre)
        first = (number - 1) * CHART_ROWS
        rows = chart[first : first + CHART_ROWS] if number > 0 else []
        if not rows:
            return refusals.plain(404)
        following = f"/ratings/user-highest-rated/{when}/{f'{genre}/' if genre else ''}{number + 1}/"
        last = first + CHART_ROWS >= len(chart)
        return _found(chart_page("user", following, f"Highest User Rated Albums {_when(when)}", rows, first + 1, last))

    def _critics_chart(self, match: re.Match[str], query: dict[str, str]) -> Reply:
        when, number = match[1], int(match[2] or 1)
        chart = self._shelves.critics_chart(when)
        first = (number - 1) * CHART_ROWS
        rows = chart[first : first + CHART_ROWS] if number > 0 else []
        if not rows:
            return refusals.plain(404)
        following = f"/ratings/6-highest-rated/{when}/{number + 1}"
        last = first + CHART_ROWS >= len(chart)
        return _found(chart_page("critic", following, f"Highest Rated Albums {_when(when)}", rows, first + 1, last))

    def _newest(self, match: re.Match[str], query: dict[str, str]) -> Reply:
        return self._releases("New Album Releases", "", int(match[1] or 1), "/releases/", query)

    def _month(self, match: re.Match[str], query: dict[str, str]) -> Reply:
        year, name, month, number = match[1], match[2], match[3], int(match[4] or 1)
        if name is None:
            return self._releases(f"{year} Album Releases", year, number, f"/{year}/releases/", query)
        if not 1 <= int(month) <= 12 or MONTHS[int(month) - 1].lower() != name:
            return refusals.plain(404)
        title = f"{MONTHS[int(month) - 1]} {year} Album Releases"
        return self._releases(title, f"{year}-{month}", number, f"/{year}/releases/{name}-{month}/", query)

    def _releases(self, title: str, month: str, number: int, path: str, query: dict[str, str]) -> Reply:
        """A page past the end is a page that says so, with status 200 [code of a public scraper]."""
        found = self._shelves.released(month, query.get("type", ""))
        shown = found[(number - 1) * CARDS : number * CARDS] if number > 0 else []
        return _found(releases_page(title, shown, f"{path}{number + 1}/" if number * CARDS < len(found) else ""))

    def _must_hear(self, match: re.Match[str], query: dict[str, str]) -> Reply:
        whose, when, number = match[1] or "", match[2] or "all", int(match[3] or 1)
        found = self._shelves.must_hear(whose, when)
        shown = found[(number - 1) * CARDS : number * CARDS] if number > 0 else []
        if not shown:
            return refusals.plain(404)
        base = "/must-hear/" + "".join(f"{part}/" for part in (match[1], match[2]) if part)
        following = f"{base}page/{number + 1}/" if number * CARDS < len(found) else ""
        return _found(must_hear_page(f"Must Hear Albums {_when(when)}", shown, following))

    def _search(self, query: dict[str, str], albums_only: bool) -> Reply:
        wanted = query.get("q", "").strip()
        number = max(1, page_numbers(query.get("p"), 1) or 1)
        found = self._shelves.find(wanted)
        shown = found[(number - 1) * CARDS : number * CARDS]
        return _found(search_page(wanted, shown, len(found), number, albums_only))


def _when(when: str) -> str:
    return "of All Time" if when == "all" else f"of {when}"


def _found(body: bytes) -> Reply:
    return Reply(body, content_type=refusals.HTML)


def _moved(path: str) -> Reply:
    body = f'<html><body>Moved to <a href="{html(path)}">{html(path)}</a></body></html>'.encode()
    return Reply(body, 301, refusals.HTML, [(b"location", path.encode())])
