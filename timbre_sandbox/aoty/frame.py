"""What the pages of Album of the Year share: their frame (May 2026) and addresses."""

from html import escape

from ..coarse import slug
from ..world.model import Album, AotyEntry, Artist
from ..world.words import GENRES

SITE = "https://www.albumoftheyear.org"
CDN = "https://cdn2.albumoftheyear.org"
MONTHS = ("January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
           "December")  # fmt: skip
_FIRST_ARTIST = 100


def spread(markup: str, depth: int = 5) -> str:
    """Markup with each element on a line of its own, as the saved pages have it: half of a page is such space."""
    return markup.replace("><", ">\n" + "    " * depth + "<")


def _columns() -> str:
    columns = {
        "ALBUMS": {"Highest Rated": "/ratings/6-highest-rated/2026/1", "Must Hear Albums": "/must-hear/",
                   "Year End Lists": "/lists.php", "New Releases": "/releases/", "Upcoming": "/upcoming/"},
        "ARTISTS": {"Highest Rated": "/bands/top-artists/", "Random": "/random/artist/"},
        "GENRE": {name: f"/genre/{number}-{slug(name)}/" for name, (number, _) in list(GENRES.items())[:8]},
        "COMMUNITY": {"Users": "/users/", "User Lists": "/lists/", "Donate": "/donate/", "Discord": "/discord/"},
        "SITE": {"About": "/about/", "FAQ": "/faq/", "Contact": "/contact/", "Privacy": "/privacy/"},
    }  # fmt: skip
    return "".join(
        f'<div class="footerColumn"><div><strong>{heading}</strong></div>'
        + "".join(f'<div><a href="{path}">{name}</a></div>' for name, path in links.items())
        + "</div>"
        for heading, links in columns.items()
    )


def _advertising(place: str) -> str:
    return (
        f'<div class="headerAd"><div data-pw-desk="{place}" id="pwDesk{place}"></div><script type="text/javascript">'
        f'window.ramp.que.push(function() {{window.ramp.addTag("pwDesk{place}");}})</script></div>'
    )


_SOCIAL = "".join(
    f'<a href="https://{host}" target="_blank" rel="nofollow"><i class="fa-brands fa-{name}"></i></a>'
    for name, host in {
        "facebook-f": "www.facebook.com/albumoftheyear", "twitter": "www.twitter.com/aoty",
        "instagram": "www.instagram.com/aotyorg/", "threads": "www.threads.net/@aotyorg",
        "bluesky": "bsky.app/profile/aoty.org", "spotify": "open.spotify.com/user/aoty",
    }.items()
)  # fmt: skip
_NAVIGATION = "".join(
    f'<div class="navBlock"><a href="{path}">{name}</a></div>'
    for name, path in {
        "Best Albums": "/ratings/6-highest-rated/2026/1", "Discover": "/discover/", "New Releases": "/releases/",
        "Lists": "/lists.php", "Genres": "/genre.php", "News": "/l/newsworthy/", "Community": "/users/",
        "Sign In": "/account/",
    }.items()
)  # fmt: skip
_SCRIPTS = "".join(
    f'<script defer type="text/javascript" src="/js/{name}.js?v=1778257874"></script>'
    for name in ("jquery", "search", "rating", "lists", "comments", "stats", "menu", "lazy", "credits", "share")
)
_HEAD = spread(
    '<link rel="preconnect" href="https://cdn2.albumoftheyear.org" crossorigin/>'
    '<link rel="stylesheet" type="text/css" href="/style.css?v=1778257874"/><link rel="shortcut icon" '
    'href="/favicon.ico"/><meta name="viewport" content="width=device-width, initial-scale=1"/>'
    + "".join(
        f'<link rel="apple-touch-icon" sizes="{size}x{size}" href="/images/icon-{size}.png"/>' for size in (57, 76, 120)
    )
    + "<script>window.dataLayer = window.dataLayer || []; function gtag(){dataLayer.push(arguments);} "
    "gtag('js', new Date()); window.ramp = window.ramp || {}; window.ramp.que = window.ramp.que || [];</script>"
    + _SCRIPTS,
    2,
)
_TOP = '<body id="graybg">\n' + spread(
    '<div id="header" class="header"><div id="content"><div class="logo"><a href="/"><span>Album of the Year</span></a>'
    '</div><form id="search" action="/search/" method="get"><span><input type="text" name="q" placeholder="Search" '
    'autocomplete="off"/></span></form><div id="searchSuggestions"></div><div class="clear"></div></div></div>'
    f'<div class="nav" id="nav"><div id="content">{_NAVIGATION}<div class="navSocialMobile">{_SOCIAL}</div></div></div>'
    f'{_advertising("LbAtf")}<div id="centerContent">'
)
_BOTTOM = spread(
    '</div><div class="clear"></div><br/><div class="footerButtons"><div class="footerButton spotify">'
    '<a href="https://open.spotify.com/playlist/5AlWnnrZ2RMGWLyTqQH8wV" rel="nofollow" target="_blank">'
    '<i class="fa-brands fa-spotify"></i>April Playlist</a></div><div class="footerButton donate">'
    '<a href="/subscribe/">Go Ad-Free</a></div></div><div class="footer"><div class="footerContent">'
    f'{_columns()}<div class="clear"></div><div class="copyright">&copy; 2026 Album of The Year</div></div>'
    f'<div id="overlay"></div>{_SCRIPTS}</div></body></html>\n'
)


def html(text: str) -> str:
    """Text as the site escapes it: the apostrophe as &#039;."""
    return escape(text).replace("&#x27;", "&#039;")


def artist_path(artist: Artist) -> str:
    return f"/artist/{_FIRST_ARTIST + artist.index}-{slug(artist.name) or 'artist'}/"


def artist_index(number: int) -> int:
    """The index of the artist with the site's number."""
    return number - _FIRST_ARTIST


def album_path(entry: AotyEntry) -> str:
    return f"/album/{entry.number}-{entry.slug}.php"


def genre_path(genre: str) -> str:
    return f"/genre/{GENRES[genre][0]}-{slug(genre)}/"


def page(title: str, head: str, body: str) -> bytes:
    """A whole page."""
    return (
        f'<!DOCTYPE html>\n<html lang="en">\n<head>\n<meta charset="utf-8"/>\n<title>{html(title)}'
        f"</title>\n{head}{_HEAD}\n</head>\n{_TOP}{body}{_BOTTOM}"
    ).encode()


def names_of(album: Album) -> str:
    """The artists as cards join them."""
    names = [artist.name for artist in album.artists]
    return " & ".join(filter(None, (", ".join(names[:-1]), names[-1])))


def long_date(date: str) -> str:
    """A date as lists show it: "August 22, 2025", "August 2025" or "2025"."""
    year, *rest = date.split("-")
    if not rest:
        return year
    month = MONTHS[int(rest[0]) - 1]
    return f"{month} {int(rest[1])}, {year}" if len(rest) > 1 else f"{month} {year}"


def colour(score: float) -> str:
    return "green" if score >= 70 else "yellow" if score >= 50 else "red"


def bar(score: float) -> str:
    """A score as a bar."""
    name = colour(score)
    return f'<div class="ratingBar {name}"><div class="{name}" style="width:{score:.0f}%;"></div></div>'
