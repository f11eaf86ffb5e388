"""A page as a browser saved it."""

import re
from datetime import datetime
from urllib.parse import urlsplit

from scrapy.http import HtmlResponse

from timbre_spider.albums.told import Read, Unread
from timbre_spider.errors import Unusable
from timbre_spider.items import AotyAlbum, SeenOn
from timbre_spider.matching.albums.sightings import sightings
from timbre_spider.sources.aoty import read_any

SITE = "https://www.albumoftheyear.org"
# A real one has 0.3 MB; one that holds its pictures, several.
LARGEST_PAGE = 32 * 2**20
_HTML = re.compile(rb"<!doctype\s+html|<html\b|<body\b", re.I)
_UTF_16 = (b"\xff\xfe", b"\xfe\xff")
# Browsers note where a page is from; SingleFile too.
_SAVED_FROM = re.compile(rb"(?:<!--\s*saved from url=\(\d+\)|Page saved with SingleFile\s+url:\s*)(\S+)")
_HEAD = 16_384
# What stands before the address in a link.
_LINK = re.compile(rb"""href\s*=\s*["']?(?P<scheme>https?)\Z""", re.I)
_LONGEST_LINK = 40


def is_page(beginning: bytes) -> bool:
    """Whether a file that begins so is HTML."""
    return beginning.startswith(_UTF_16) or (
        _HTML.search(beginning) is not None and not beginning.lstrip().startswith((b"WARC/", b"From:", b"MIME-Version"))
    )


def read_page(body: bytes, place: str, seen_at: datetime, address: str = "") -> Read | Unread:
    """What a page tells. `address` is where it is from, if somebody noted it; its own note counts otherwise."""
    if body.startswith(_UTF_16):
        body = body.decode("utf-16", "replace").encode()
    address = address or _address(body)
    origin = "{0.scheme}://{0.netloc}".format(urlsplit(address)) if address else SITE
    response = HtmlResponse(SITE + urlsplit(address).path, body=_as_served(body, origin), encoding="utf-8")
    try:
        page = read_any(response)
    except Unusable as error:
        return Unread(place, str(error).replace(response.url, "it", 1))
    by: dict[SeenOn, list[AotyAlbum]] = {}
    for seen_on, album in page.albums:
        by.setdefault(seen_on, []).append(album)
    return Read(place, page.kind, [each for on, albums in by.items() for each in sightings(albums, on, place, seen_at)])


def _address(body: bytes) -> str:
    noted = _SAVED_FROM.search(body, 0, _HEAD)
    url = noted[1].decode("utf-8", "replace") if noted else ""
    return url if url.startswith("http") else ""


def _as_served(body: bytes, origin: str) -> bytes:
    """Links as the site writes them, without its name: browsers save them with it."""
    hosts = rb"(?:www\.)?albumoftheyear\.org|" + re.escape(origin.partition("://")[2].encode())
    parts, end = [], 0
    # What few places have is looked for first: links of other sites, and none of their own pages', have "://".
    for site in re.finditer(rb"://(?i:" + hosts + rb")(?=/)", body):
        link = _LINK.search(body, max(end, site.start() - _LONGEST_LINK), site.start())
        if link:
            parts.append(body[end : link.start("scheme")])
            end = site.end()
    return b"".join([*parts, body[end:]])
