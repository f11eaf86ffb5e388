"""An artist's page: all albums of one artist with their scores, in sections [saved page, June 2024]."""

from collections.abc import Iterator

from scrapy.http import Response

from timbre_spider.errors import UnknownPage
from timbre_spider.items import AotyAlbum
from timbre_spider.sources.aoty.ask import on_site
from timbre_spider.sources.aoty.cards import NAMES_ALBUMS, read_card
from timbre_spider.sources.aoty.page import Element, XPath, has_class, text_of, tree
from timbre_spider.sources.text import plain

_NAME = XPath(f"string(//h1[{has_class('artistHeadline')}])")
_CANONICAL = XPath("string(//link[@rel='canonical']/@href)")
_LINES = XPath(f"//h2[{has_class('subHeadline')}] | //div[{has_class('albumBlock')}]")
# What the sections hold; others ("Appears On") hold albums of all formats, of other artists too.
_FORMATS = {
    "Albums": "LP", "Mixtapes": "Mixtape", "EPs": "EP", "Live": "Live", "Compilations": "Compilation",
    "Singles": "Single",
}  # fmt: skip


def read_artist(response: Response) -> list[AotyAlbum]:
    """The albums of an artist's page, in its order; empty where none is listed. Raises UnknownPage for another one.

    Joint releases have their artists' names joined as the site does. Counts from about 10,000 are abbreviated there,
    and None; dates are years.
    """
    root = tree(response)
    name = plain(_NAME(root)) if root is not None else ""
    if not name:
        raise UnknownPage(f"{response.url} is not an artist's page: it may have changed, look at it.")
    albums = list(_albums(root, response.url, name))
    if not albums and NAMES_ALBUMS(root):
        raise UnknownPage(f"{response.url} names albums that cannot be read: it may have changed, look at it.")
    return albums


def _albums(root: Element, page_url: str, artist: str) -> Iterator[AotyAlbum]:
    own_url = on_site(page_url, _CANONICAL(root) or page_url)
    section = ""
    for line in _LINES(root):
        if line.tag == "h2":
            section = text_of(line)
            continue
        own = next((written for heading, written in _FORMATS.items() if section.startswith(heading)), "")
        whose = {"artist": artist, "artist_url": own_url, "section": own} if own else {}
        album = read_card(line, page_url, **whose)
        if album:
            yield album
