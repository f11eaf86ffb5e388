"""URLs of Album of the Year's pages [saved pages]."""

from urllib.parse import quote_plus, urljoin

from timbre_spider.sources.text import plain


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


def chart_url(base_url: str, year: int | str, page: int = 1) -> str:
    """A page (from 1) of 25 albums, highest user score first; `year` may be "2020s" or "all" [saved page]."""
    return f"{base_url.rstrip('/')}/ratings/user-highest-rated/{year}/{page}/"


def on_site(page_url: str, address: str) -> str:
    """An absolute URL on the site that was asked; the host that `address` may name is left out."""
    path = address.strip().split("://", 1)[-1]
    if path != address.strip():
        path = "/" + path.partition("/")[2]
    return urljoin(page_url, path)
