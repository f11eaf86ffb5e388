"""Album of the Year: robots.txt, search, albums, artists, the users' charts; or the challenge programs meet."""

import re
from collections import defaultdict
from functools import lru_cache

from .aoty_album import album_page
from .aoty_lists import CHART_ROWS, Listed, artist_page, chart_page, search_page
from .aoty_pages import album_path, artist_index, artist_path, html, page
from .asgi import Reply, Request
from .coarse import coarse
from .names_index import Words
from .weather import Weather
from .world.model import World

_HTML = b"text/html; charset=UTF-8"
_CARDS = 30
_ROBOTS_2019 = """User-agent: *
Disallow: /search.php
Disallow: /feed/
Disallow: /add-album.php
Disallow: /add-rating.php
Disallow: /add-review.php
Disallow: /album/corrections.php
"""
_ROBOTS = {
    "2019": _ROBOTS_2019,
    "2026": f"{_ROBOTS_2019}Disallow: /search\nDisallow: /user\nDisallow: /tag\nDisallow: /*?sort=\n",
}
_CHALLENGE = (
    b'<!DOCTYPE html><html lang="en-US"><head><title>Just a moment...</title>'
    b'<meta http-equiv="Content-Type" content="text/html; '
    b'charset=UTF-8"><meta name="robots" content="noindex,nofollow"></head><body>'
    b'<div class="main-wrapper" role="main"><noscript>'
    b"Enable JavaScript and cookies to continue</noscript></div>"
    b'<script src="/cdn-cgi/challenge-platform/h/b/orchestrate/chl_page/v1">'
    b"</script></body></html>"
)
_ALBUM = re.compile(r"/album/(\d+)(?:-([^/]*?))?(?:\.php)?/?")
_ARTIST = re.compile(r"/artist/(\d+)(?:-[^/]*)?/?")
_CHART = re.compile(r"/ratings/user-highest-rated/(\d{4}s?|all)(?:/(\d+))?/?")


class Aoty:
    """`robots` picks the robots.txt; with `challenge` every answer is a refusal."""

    name = "aoty"

    def __init__(self, world: World, weather: Weather, robots: str = "2019", challenge: bool = False) -> None:
        self._world = world
        self._weather = weather
        self._robots = _ROBOTS[robots].encode()
        self._challenge = challenge
        self._albums: dict[int, Listed] = {
            album.aoty.number: (album, album.aoty) for album in world.albums if album.aoty
        }
        self._titles = Words((number, entry.title) for number, (_, entry) in self._albums.items())
        self._names = Words(
            (number, " ".join(artist.name for artist in album.artists)) for number, (album, _) in self._albums.items()
        )
        self._charts: dict[str, list[Listed]] = {}
        self.album_page = lru_cache(maxsize=512)(self._album_page)

    def endpoint(self, request: Request) -> str:
        first = request.path.strip("/").split("/")[0]
        return first if first in ("robots.txt", "search", "album", "artist", "ratings") else "other"

    def answer(self, request: Request) -> Reply:
        if self._challenge:
            return Reply(_CHALLENGE, 403, _HTML, [(b"cf-mitigated", b"challenge"), (b"server", b"cloudflare")])
        path = request.path
        if path == "/robots.txt":
            return Reply(self._robots, content_type=b"text/plain")
        if request.method not in ("GET", "HEAD"):
            return Reply(page("Forbidden - Album of The Year", "", "<h1>Forbidden</h1>\n"), 403, _HTML)
        if path.rstrip("/") in ("/search", "/search/albums"):
            return self._search(request.query.get("q", "").strip(), "albums" in path)
        if match := _ALBUM.fullmatch(path):
            return self._album(int(match[1]), path)
        if match := _ARTIST.fullmatch(path):
            return self._artist(int(match[1]), path)
        if (match := _CHART.fullmatch(path)) and path.endswith("/"):
            return self._chart(match[1], int(match[2] or 1))
        return _not_found()

    def _album(self, number: int, path: str) -> Reply:
        if number not in self._albums:
            return _not_found()
        own = album_path(self._albums[number][1])
        return _moved(own) if path != own else Reply(self.album_page(number), content_type=_HTML)

    def _album_page(self, number: int) -> bytes:
        return album_page(*self._albums[number])

    def _artist(self, number: int, path: str) -> Reply:
        index = artist_index(number)
        if not 0 <= index < len(self._world.artists):
            return _not_found()
        artist = self._world.artists[index]
        if path != artist_path(artist):
            return _moved(artist_path(artist))
        albums = [
            (album, album.aoty)
            for album in sorted(artist.albums, key=lambda album: album.date, reverse=True)
            if album.aoty
        ]
        return Reply(artist_page(artist, albums), content_type=_HTML)

    def _chart(self, year: str, number: int) -> Reply:
        if year not in self._charts:
            decade = year.removesuffix("s")[:3] if year.endswith("s") else ""
            rated = [
                (album, entry) for album, entry in self._albums.values()
                if entry.user_score is not None and entry.rating_count >= 10
                and (year == "all" or (album.date.startswith(decade) if decade else album.date.startswith(year)))
            ]  # fmt: skip
            rated.sort(key=lambda listed: (-(listed[1].user_score or 0), listed[1].number))
            self._charts[year] = rated
        chart = self._charts[year]
        first = (number - 1) * CHART_ROWS
        rows = chart[first : first + CHART_ROWS] if number > 0 else []
        if not rows:
            return _not_found()
        return Reply(chart_page(year, number, rows, first + 1, len(chart)), content_type=_HTML)

    def _search(self, query: str, albums_only: bool) -> Reply:
        found = self._find(query)
        listed = [self._albums[number] for number in found[:_CARDS]]
        return Reply(search_page(query, listed, len(found), albums_only), content_type=_HTML)

    def _find(self, query: str) -> list[int]:
        """Fuzzy, titles before artists: at least half of the words must be in either."""
        words = list(dict.fromkeys(coarse(query).split()))
        in_title: dict[int, int] = defaultdict(int)
        in_name: dict[int, int] = defaultdict(int)
        both: dict[int, int] = defaultdict(int)
        for word in words:
            titles, names = self._titles.near(word), self._names.near(word)
            for number in titles:
                in_title[number] += 1
            for number in names:
                in_name[number] += 1
            for number in titles | names:
                both[number] += 1
        plain = " ".join(words)
        least = (len(words) + 1) // 2

        def rank(number: int) -> tuple[object, ...]:
            title = self._titles.names[number]
            return (-both[number], title != plain, -in_title[number], len(title.split()), -in_name[number], number)

        return sorted((number for number, count in both.items() if count >= least), key=rank)


def _not_found() -> Reply:
    return Reply(
        page("Page Not Found - Album of The Year", "", '<div class="fullWidth"><h1>Page Not Found</h1></div>\n'),
        404,
        _HTML,
    )


def _moved(path: str) -> Reply:
    body = f'<html><body>Moved to <a href="{html(path)}">{html(path)}</a></body></html>'.encode()
    return Reply(body, 301, _HTML, [(b"location", path.encode())])
