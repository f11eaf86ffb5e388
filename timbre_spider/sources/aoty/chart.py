"""Chart and list pages: rows of albums with nearly all an album's page tells [saved pages, May 2026]."""

from collections.abc import Sequence

from scrapy.http import Response

from timbre_spider.errors import UnknownPage
from timbre_spider.items import AotyAlbum
from timbre_spider.sources.aoty.album import spotify_album_id
from timbre_spider.sources.aoty.ask import on_site
from timbre_spider.sources.aoty.page import Element, XPath, count, date, has_class, must_hear, score, text_of, tree
from timbre_spider.sources.text import plain

# Albums a page.
ROWS = 25
_ROWS = XPath(f"//div[{has_class('albumListRow')}]")
_HREF = XPath("string(.//a[starts-with(@href, '/album/')]/@href)")
_NAME = XPath("string(.//meta[@itemprop='name']/@content)")
_LINK_TEXT = XPath("string(.//*[@class='albumListTitle']//a)")
_DATE = XPath("string(.//div[@class='albumListDate'])")
_GENRES = XPath(".//div[@class='albumListGenre']//a[starts-with(@href, '/genre/')]")
_SECONDARY = XPath(".//div[@class='secondary-genres']//a[starts-with(@href, '/genre/')]")
_COVER_CLASS = XPath(f"string(.//div[{has_class('albumListCover')}]/@class)")
_SCORES = XPath(f".//div[{has_class('albumListScoreContainer')}]")
_HEADER = XPath("string(.//div[@class='scoreHeader'])")
_EXACT = XPath("string(.//div[@class='scoreValueContainer']/@title)")
_SHOWN = XPath("string(.//div[@class='scoreValue'])")
_COUNT = XPath("string(.//div[@class='scoreText'])")
_SPOTIFY = XPath("string(.//a[contains(@href, 'open.spotify.com/album/')]/@href)")


def read_chart(response: Response) -> list[AotyAlbum]:
    """The page's albums in its order; rows that name none are left out.

    A row has the user's or the critics' score, by its header. Raises UnknownPage for a page without rows.
    """
    root = tree(response)
    rows = _ROWS(root) if root is not None else []
    if not rows:
        raise UnknownPage(f"{response.url} holds no chart: it may have changed, look at it.")
    return [album for row in rows if (album := _read_row(row, response.url))]


def is_last_page(response: Response, albums: Sequence[AotyAlbum], full: int) -> bool:
    """Whether a list ends with this page of it, which names `albums`: it has fewer than a `full` one and leads to no
    other."""
    return len(albums) < full and b"pageSelect next" not in response.body


def _read_row(row: Element, page_url: str) -> AotyAlbum | None:
    href = _HREF(row)
    # Of several " - " the first counts: titles have more of them than artists do.
    artist, _, title = (plain(_NAME(row)) or plain(_LINK_TEXT(row))).partition(" - ")
    if not (href and artist and title):
        return None
    scores = {}
    for box in _SCORES(row):
        # Without its header nobody knows whose a score is [observed].
        kind = plain(_HEADER(box)).lower().partition(" ")[0]
        scores[kind] = score(_EXACT(box)) or score(plain(_SHOWN(box))) or None, count(_COUNT(box))
    user, critic = scores.get("user", (None, None)), scores.get("critic", (None, None))
    secondary = tuple(dict.fromkeys(text_of(link) for link in _SECONDARY(row)))
    return AotyAlbum(
        url=on_site(page_url, href),
        artist=artist,
        title=title,
        user_score=user[0],
        rating_count=user[1],
        critic_score=critic[0],
        critic_count=critic[1],
        release_date=date(_DATE(row)),
        genres=tuple(dict.fromkeys(text_of(link) for link in _GENRES(row))),
        spotify_album_id=spotify_album_id(_SPOTIFY(row)),
        secondary_genres=secondary,
        must_hear=must_hear(_COVER_CLASS(row)),
    )
