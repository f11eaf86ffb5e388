"""Cards of albums: search results, releases, must-hear, an artist's albums, those beside another [saved pages]."""

import re
from collections.abc import Iterable

from scrapy.http import Response

from timbre_spider.errors import UnknownPage
from timbre_spider.items import AotyAlbum
from timbre_spider.sources.aoty.ask import on_site
from timbre_spider.sources.aoty.page import (
    Element,
    XPath,
    count,
    format_named,
    has_class,
    must_hear,
    score,
    text_of,
    tree,
)  # fmt: skip
from timbre_spider.sources.text import plain

# Albums a page of releases or must-hear ones.
CARDS = 60
_CARDS = XPath(f"//div[{has_class('albumBlock')}]")
_LINK = XPath("string(.//a[starts-with(@href, '/album/')]/@href)")
_ARTIST = XPath("string(.//div[@class='artistTitle'])")
_TITLE = XPath(f"string(.//div[{has_class('albumTitle')}])")
_ARTIST_LINK = XPath("string(./a[starts-with(@href, '/artist/')]/@href)")
_ALT = XPath("string(.//img/@alt)")
_IMAGE_CLASS = XPath(f"string(./div[{has_class('image')}]/@class)")
_KIND = XPath("./div[@class='type']")
_JOINT = XPath("string(./div[@class='type']/span/@title)")
_RATINGS = XPath(".//div[@class='ratingRow']")
_RATING = XPath("string(.//div[@class='rating'])")
_RATING_TEXTS = XPath("./div[@class='ratingText']")
# They have cards too.
_OTHERS = XPath(
    f"//div[{has_class('albumHeadline')}] | //h1[{has_class('artistHeadline')}] | //div[{has_class('albumListRow')}]"
)
_HEADLINE = XPath("//h1[contains(@class, 'headline')]")
# Albums that it names where none is read. Music videos are none.
NAMES_ALBUMS = XPath("boolean(//a[starts-with(@href, '/album/')][not(ancestor::*[@data-type='music video'])])")
_YEAR = re.compile(r"\b(?:19|20)\d{2}\b")


def read_search(response: Response) -> list[AotyAlbum]:
    """The albums found, in the site's order, which is fuzzy: the first is not the best. Empty for none found.

    `artist` of a joint release has its names joined by " & " [saved page]. Search cards carry no ratings [78
    of 78 saved]; other pages' cards do, counts from about 10,000 abbreviated: those are None. Music videos
    are left out. Raises UnknownPage for a page that is no result page.
    """
    root = tree(response)
    cards = _CARDS(root) if root is not None else []
    if root is not None and _OTHERS(root):
        raise UnknownPage(f"{response.url} is a page of an album, artist or chart, not a result page: look at it.")
    if not cards and not (root is not None and any("search" in text_of(h).lower() for h in _HEADLINE(root))):
        raise UnknownPage(f"{response.url} is not a result page: it may have changed, look at it.")
    albums = read_cards_of(cards, response.url)
    if not albums and NAMES_ALBUMS(root):
        raise UnknownPage(f"{response.url} names albums that cannot be read: it may have changed, look at it.")
    return albums


def read_cards(response: Response) -> list[AotyAlbum]:
    """The albums of a page of cards: releases, must-hear, discover. Empty where it has none that names its album."""
    root = tree(response)
    return read_cards_of(_CARDS(root), response.url) if root is not None else []


def read_must_hear(response: Response) -> list[AotyAlbum]:
    """The same of a page that must have some. Raises UnknownPage for one without."""
    albums = read_cards(response)
    if not albums:
        raise UnknownPage(f"{response.url} names no album: it may have changed, look at it.")
    return albums


def read_cards_of(cards: Iterable[Element], page_url: str) -> list[AotyAlbum]:
    """The albums of a page's cards, in their order."""
    return [album for card in cards if (album := read_card(card, page_url))]


def read_card(
    card: Element, page_url: str, *, artist: str = "", artist_url: str = "", section: str = ""
) -> AotyAlbum | None:
    """The album of a card; None for a music video, and for one without names.

    One that names no artist is `artist`'s, whose page is `artist_url`; one that names no format has its section's.
    """
    href, title = _LINK(card), plain(_TITLE(card))
    named = plain(_ARTIST(card)) or plain(_JOINT(card)) or _artist_in_alt(card, title)
    if not (href and title and (named or artist)) or card.get("data-type") == "music video":
        return None
    link = _ARTIST_LINK(card) or ("" if named and named != artist else artist_url)
    kind = format_named(card.get("data-type")) or section
    year = _YEAR.search(text_of(_KIND(card)[0])) if _KIND(card) else None
    ratings = {}
    for row in _RATINGS(card):
        texts = [text_of(text) for text in _RATING_TEXTS(row)]
        if len(texts) == 2 and texts[0]:
            ratings[texts[0].split()[0].lower()] = score(plain(_RATING(row))) or None, count(texts[1])
    user, critic = ratings.get("user", (None, None)), ratings.get("critic", (None, None))
    return AotyAlbum(
        url=on_site(page_url, href),
        artist=named or artist,
        title=title,
        user_score=user[0],
        rating_count=user[1],
        critic_score=critic[0],
        critic_count=critic[1],
        release_date=year[0] if year else None,
        format=kind or None,
        must_hear=must_hear(_IMAGE_CLASS(card)),
        artist_url=on_site(page_url, link) if link else None,
    )


def _artist_in_alt(card: Element, title: str) -> str:
    """The cover's text is "Artist - Title"; of a joint release, with one of its artists."""
    alt = plain(_ALT(card))
    return alt.removesuffix(title).rstrip().removesuffix("-").strip() if title and alt.endswith(f"- {title}") else ""
