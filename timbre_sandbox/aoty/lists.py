"""Pages of Album of the Year made of cards: search results, artists, releases, must-hear albums."""

from html import escape
from urllib.parse import quote_plus

from ..world.model import Artist
from .cards import artist_card, must_hear_card, release_card, search_card
from .frame import MONTHS, SITE, artist_path, html, page, spread
from .listed import Listed

CARDS = 60
_SECTIONS = ("LP", "EP", "Live", "Compilation", "Single")
_HEADINGS = {"LP": "Albums", "EP": "EPs", "Live": "Live", "Compilation": "Compilations", "Single": "Singles"}
_FACETS = ("LP", "Mixtape", "EP", "Live", "Reissue", "Remix", "Single", "Video", "Soundtrack", "Unofficial")
_CREDITS = ("Appears On", "Producer", "Feature", "Executive Producer", "Programming", "Performer", "Co-Producer",
            "Songwriter", "Arranger", "Engineer", "Mixing", "Mastering")  # fmt: skip


def search_page(query: str, found: list[Listed], total: int, number: int, albums_only: bool) -> bytes:
    """Results `number` (from 1): cards without ratings, music videos among them."""
    asked = quote_plus(query)
    chosen = "Albums" if albums_only else "All"
    kinds = {"All": "", "Albums": "albums/", "Artists": "artists/", "Lists": "lists/", "Labels": "labels/",
             "Tags": "tags/", "News": "news/"}  # fmt: skip
    boxes = "".join(
        f'<div class="selectBox{" selected" if name == chosen else ""}"><a href="/search/{path}?q={asked}">{name}</a>'
        "</div>"
        for name, path in kinds.items()
    )
    after = f"/search/{kinds[chosen]}?q={asked}&p={number + 1}" if number * CARDS < total else ""
    body = spread(
        f'<div class="fullWidth"><div class="selectRow">{boxes}</div>'
        f'<h1 class="headline" style="margin-top:5px;">Search Results for "{escape(query, quote=False)}"</h1>'
        f'<div style="margin-bottom:10px;"><div class="subHeadline">Albums ({total})</div>'
        f"{''.join(map(search_card, found))}{_next(after)}</div></div>"
    )
    return page("Search - Album of The Year", "", body)


def artist_page(artist: Artist, releases: list[Listed]) -> bytes:
    """An artist's releases in sections, with ratings on the cards and no artist's name."""
    sections = []
    for kind in _SECTIONS:
        cards = [artist_card(listed) for listed in releases if listed.format == kind]
        if cards:
            sections.append(f'<h2 class="subHeadline">{_HEADINGS[kind]}</h2>{"".join(cards)}<div class="clear"></div>')
    facets = "".join(
        f'<div class="facet"><a href="?type={kind.lower()}">{kind}</a><span class="facetCount">'
        f"({sum(listed.format == kind for listed in releases)})</span></div>"
        for kind in _FACETS
    )
    credits = "".join(
        f'<div class="facet" id="facet_{place}"><a class="artistCreditList" data-album-class="{place}" '
        f'data-artist-id="{artist.index}" data-type="{kind}" href="#">{kind}</a><span class="facetCount">(0)</span>'
        "</div>"
        for place, kind in enumerate(_CREDITS)
    )
    body = spread(
        f'<div class="fullWidth"><div class="artistHeader"><h1 class="artistHeadline">{html(artist.name)}</h1></div>'
        f'<div class="facetContainer"><div class="facetTitle">Type</div>{facets}<div class="facetTitle">Credits</div>'
        f'{credits}</div><div class="facetContent" id="facetContent">{"".join(sections)}</div></div>'
    )
    head = f'<link rel="canonical" href="{SITE}{artist_path(artist)}"/>\n'
    return page(f"{artist.name} - Album of The Year", head, body)


def releases_page(title: str, listed: list[Listed], following: str) -> bytes:
    """Cards of releases; a page past the end says so in a `div.large-font`."""
    cards = "".join(map(release_card, listed)) or '<div class="large-font">No albums found.</div>'
    months = "".join(
        f'<div class="listItem"><a href="/2026/releases/{month.lower()}-{place:02d}/">{month}</a></div>'
        for place, month in enumerate(MONTHS, 1)
    )
    return _cards_page(title, cards, following, f'<div class="rightBox">{months}</div>')


def must_hear_page(title: str, listed: list[Listed], following: str) -> bytes:
    """Cards of albums that critics or users call must-hear."""
    return _cards_page(title, "".join(map(must_hear_card, listed)), following, "")


def _cards_page(title: str, cards: str, following: str, beside: str) -> bytes:
    head = f'<link rel="next" href="{SITE}{following}"/>\n' if following else ""
    body = spread(
        f'<div class="flexContainer"><div class="wideLeft"><h1 class="headline">{html(title)}</h1>{cards}'
        f'{_next(following)}</div><div class="rightContent">{beside}</div></div>'
    )
    return page(f"{title} - Album of The Year", head, body)


def _next(path: str) -> str:
    link = f'<a href="{path}"><div class="pageSelect next">NEXT</div></a>' if path else ""
    return f'<div class="pageSelectRow">{link}<div class="clear"></div></div>'
