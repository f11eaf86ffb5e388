"""URLs of Album of the Year's pages [saved pages]."""

import re
from functools import lru_cache
from urllib.parse import quote_plus, urljoin

from timbre_spider.sources.aoty.page import MONTHS
from timbre_spider.sources.text import plain

# As it stands in an absolute URL, without a part that means another place.
_PLAIN_PATH = re.compile(r"(?:/[\w~-][\w.~-]*)+/?", re.ASCII)


def search_url(base_url: str, artist: str, title: str) -> str:
    """Albums found for the words of both names; the search is fuzzy, titles first [saved page].

    The live site's robots.txt is said to disallow it [observed, second hand]: ask with robots.txt obeyed.
    """
    return f"{base_url.rstrip('/')}/search/albums/?q={quote_plus(plain(f'{artist} {title}'))}"


def album_url(base_url: str, address: str) -> str:
    """An album's page; `address` is a path, a URL (its host is replaced), or the number alone."""
    if address.isdigit():
        return f"{base_url.rstrip('/')}/album/{address}.php"
    return on_site(base_url, address)


def chart_url(base_url: str, year: int | str, page: int = 1, genre: str = "") -> str:
    """A page (from 1) of 25 albums, highest user score first; `year` may be "2020s" or "all" [saved page], `genre` is a
    name as in addresses, without its number: "dream-pop" [observed]."""
    return f"{base_url.rstrip('/')}/ratings/user-highest-rated/{year}/{genre}{'/' if genre else ''}{page}/"


def must_hear_url(base_url: str, year: int | str, page: int = 1) -> str:
    """A page (from 1) of 60 cards of the albums that critics or users call must-hear [saved page]."""
    address = f"{base_url.rstrip('/')}/must-hear/{year}/"
    return address if page == 1 else f"{address}page/{page}/"


def releases_url(base_url: str, month: str, page: int = 1) -> str:
    """A page (from 1) of 60 cards of what came out in a month ("2024-05"), newest first [observed]."""
    year, _, number = month.partition("-")
    address = f"{base_url.rstrip('/')}/{year}/releases/{MONTHS[int(number) - 1].lower()}-{number}/"
    return address if page == 1 else f"{address}{page}/"


def on_site(page_url: str, address: str) -> str:
    """An absolute URL on the site that was asked; the host that `address` may name is left out."""
    path = address.strip().split("://", 1)[-1]
    if _PLAIN_PATH.fullmatch(path):  # nearly all, and a hundred a page
        return _origin(page_url) + path
    if path != address.strip():
        path = "/" + path.partition("/")[2]
    return urljoin(page_url, path)


@lru_cache(maxsize=64)
def _origin(page_url: str) -> str:
    return urljoin(page_url, "/").removesuffix("/")
