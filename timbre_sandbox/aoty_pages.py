"""What the pages of Album of the Year share: their frame (May 2026, without advertising) and addresses."""

from html import escape

from .coarse import slug
from .world.model import Album, AotyEntry, Artist
from .world.words import GENRES

SITE = "https://www.albumoftheyear.org"
CDN = "https://cdn2.albumoftheyear.org"
MONTHS = ("January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
           "December")  # fmt: skip
_FORMATS = {"studio": "LP", "ep": "EP", "single": "Single", "live": "Live", "compilation": "Compilation"}
_FIRST_ARTIST = 100
_HEAD = """<link rel="preconnect" href="https://cdn2.albumoftheyear.org" crossorigin/>
<link rel="stylesheet" type="text/css" href="/style.css?v=1778257874">
<link rel="shortcut icon" href="/favicon.ico"/>
<script>window.dataLayer = window.dataLayer || [];
function gtag(){dataLayer.push(arguments);} gtag('js', new Date());</script>
"""
_TOP = """<body id="graybg">
<div id="nav"><div id="content"><div class="logo"><a href="/"><span>Album of the Year</span></a></div>
<ul id="menu"><li><a href="/releases/">New Releases</a></li><li>
<a href="/ratings/user-highest-rated/2026/1/">Best Albums</a></li>
<li><a href="/must-hear/">Must Hear</a></li><li><a href="/genre.php">Genres</a></li><li>
<a href="/lists.php">Lists</a></li></ul>
<form id="search" action="/search/" method="get">
<input type="text" name="q" placeholder="Search" autocomplete="off"/></form>
<div class="signIn"><a href="/account/">Sign In</a></div></div></div>
<div id="centerContent">
"""
_BOTTOM = """</div>
<div id="footer"><div class="footerLinks"><a href="/about/">About</a> <a href="/faq/">FAQ</a>
<a href="/contact/">Contact</a>
<a href="/privacy/">Privacy</a></div><div class="copyright">&copy; 2026 Album of The Year</div></div>
</body>
</html>
"""


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
        f"</title>\n{head}{_HEAD}"
        f"</head>\n{_TOP}{body}{_BOTTOM}"
    ).encode()


def names_of(album: Album) -> str:
    """The artists as cards join them."""
    names = [artist.name for artist in album.artists]
    return " & ".join(filter(None, (", ".join(names[:-1]), names[-1])))


def format_of(album: Album) -> str:
    return _FORMATS[album.group]


def long_date(date: str) -> str:
    """A date as lists show it: "August 22, 2025", "August 2025" or "2025"."""
    year, *rest = date.split("-")
    if not rest:
        return year
    month = MONTHS[int(rest[0]) - 1]
    return f"{month} {int(rest[1])}, {year}" if len(rest) > 1 else f"{month} {year}"
