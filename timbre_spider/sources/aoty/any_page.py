"""Any page of Album of the Year, told by what stands on it: saved pages may have no address."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from scrapy.http import Response

from timbre_spider.errors import UnknownPage, Unusable
from timbre_spider.items import AotyAlbum, SeenOn
from timbre_spider.sources.aoty.album import read_album_page
from timbre_spider.sources.aoty.artist import read_artist
from timbre_spider.sources.aoty.cards import read_cards, read_search
from timbre_spider.sources.aoty.challenge import challenge
from timbre_spider.sources.aoty.chart import read_chart


@dataclass(frozen=True, slots=True)
class ReadPage:
    """`kind` of page (album, artist, chart, search, cards) and the albums on it, by how each was seen."""

    kind: str
    albums: tuple[tuple[SeenOn, AotyAlbum], ...]


def read_any(response: Response) -> ReadPage:
    """What a page tells of albums. Raises UnknownPage for one of no kind that is read here, and Unusable for one of a
    known kind that tells nothing."""
    if challenge(200, {}, response.body):
        raise UnknownPage(f"{response.url} is a challenge that was answered instead of a page: save it again.")
    kind, read = next(((kind, read) for kind, mark, read in _KINDS if mark(response.body)), ("", None))
    if read is None:
        raise UnknownPage(f"{response.url} is no page of albums: album, artist, chart, search and card pages are read.")
    albums = tuple(read(response))
    if not albums and kind != "search":
        raise Unusable(f"{response.url} names no album: it may have changed, look at it.")
    return ReadPage(kind, albums)


def is_known(body: bytes) -> bool:
    """Whether a page is of a kind that is read here."""
    return any(mark(body) for _, mark, _ in _KINDS)


def _album(response: Response) -> Sequence[tuple[SeenOn, AotyAlbum]]:
    album, others = read_album_page(response)
    return [(SeenOn.ALBUM, album), *((SeenOn.CARD, each) for each in others)]


def _seen_on(
    seen_on: SeenOn, read: Callable[[Response], list[AotyAlbum]]
) -> Callable[[Response], Sequence[tuple[SeenOn, AotyAlbum]]]:
    return lambda response: [(seen_on, album) for album in read(response)]


def _with_class(name: bytes) -> Callable[[bytes], bool]:
    whole = re.compile(name + rb"\b")
    # A page saved with its styles names all classes in them.
    return lambda body: any(
        _IN_CLASS.search(body, body.rfind(b"<", 0, found.start()) + 1, found.start()) for found in whole.finditer(body)
    )


_IN_CLASS = re.compile(rb"""\bclass\s*=\s*(?:"[^">]*|'[^'>]*|)(?<!\w)\Z""")
# What each kind has and those after it have not; an album's page, for one, has cards too.
_KINDS = (
    ("album", _with_class(b"albumHeadline"), _album),
    ("artist", _with_class(b"artistHeadline"), _seen_on(SeenOn.CARD, read_artist)),
    ("chart", _with_class(b"albumListRow"), _seen_on(SeenOn.CHART, read_chart)),
    ("search", lambda body: b"Search Results for" in body, _seen_on(SeenOn.CARD, read_search)),
    ("cards", _with_class(b"albumBlock"), _seen_on(SeenOn.CARD, read_cards)),
)
