"""Search results: cards of albums [saved page, May 2026]."""

import re

from scrapy.http import Response

from timbre_spider.errors import UnknownPage
from timbre_spider.items import AotyAlbum
from timbre_spider.sources.aoty.ask import on_site
from timbre_spider.sources.aoty.page import Element, XPath, count, has_class, score, text_of, tree
from timbre_spider.sources.text import plain

_CARDS = XPath(f"//div[{has_class('albumBlock')}]")
_LINK = XPath("string(.//a[starts-with(@href, '/album/')]/@href)")
_ARTIST = XPath("string(.//div[@class='artistTitle'])")
_TITLE = XPath("string(.//div[@class='albumTitle'])")
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
    return [album for card in cards if (album := _read_card(card, response.url))]


def _read_card(card: Element, page_url: str) -> AotyAlbum | None:
    href, title = _LINK(card), plain(_TITLE(card))
    artist = plain(_ARTIST(card)) or plain(_JOINT(card))
    if not (href and title and artist) or card.get("data-type") == "music video":
        return None
    year = _YEAR.search(text_of(_KIND(card)[0])) if _KIND(card) else None
    ratings = {}
    for row in _RATINGS(card):
        texts = [text_of(text) for text in _RATING_TEXTS(row)]
        if len(texts) == 2 and texts[0]:
            ratings[texts[0].split()[0].lower()] = score(plain(_RATING(row))) or None, count(texts[1])
    user, critic = ratings.get("user", (None, None)), ratings.get("critic", (None, None))
    return AotyAlbum(
        url=on_site(page_url, href),
        artist=artist,
        title=title,
        user_score=user[0],
        rating_count=user[1],
        critic_score=critic[0],
        critic_count=critic[1],
        release_date=year[0] if year else None,
    )
