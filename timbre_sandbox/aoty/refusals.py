"""What Album of the Year answers instead of a page: challenges, limits, a robots.txt that cannot be read."""

from email.utils import formatdate

from ..clock import Clock
from ..exchange import Reply
from .frame import page

HTML = b"text/html; charset=UTF-8"
_RETRY_SECONDS = 20
_ROBOTS_2019 = """User-agent: *
Disallow: /search.php
Disallow: /feed/
Disallow: /add-album.php
Disallow: /add-rating.php
Disallow: /add-review.php
Disallow: /album/corrections.php

User-agent: SemrushBot
Crawl-delay: 5

User-agent: Yandex
Crawl-delay: 5
"""
# Second hand: today's file forbids searches, users, tags and sorted pages.
_ROBOTS_2026 = _ROBOTS_2019.replace(
    "Disallow: /search.php\n", "Disallow: /search\nDisallow: /user\nDisallow: /tag\nDisallow: /*?sort=\n"
)
_CHALLENGE = (
    b'<!DOCTYPE html><html lang="en-US"><head><title>Just a moment...</title>'
    b'<meta http-equiv="Content-Type" content="text/html; '
    b'charset=UTF-8"><meta name="robots" content="noindex,nofollow"></head><body>'
    b'<div class="main-wrapper" role="main"><noscript>'
    b"Enable JavaScript and cookies to continue</noscript></div>"
    b'<script src="/cdn-cgi/challenge-platform/h/b/orchestrate/chl_page/v1">'
    b"</script></body></html>"
)


def robots(kind: str) -> Reply:
    """robots.txt of "2019" or "2026", or the status it is answered with instead."""
    if kind in ("2019", "2026"):
        text = _ROBOTS_2019 if kind == "2019" else _ROBOTS_2026
        return Reply(text.encode(), content_type=b"text/plain")
    return plain(int(kind))


def challenge(status: int = 403) -> Reply:
    """Cloudflare's challenge; with status 200, an interstitial without its header, which an expired cookie gets."""
    headers = [(b"server", b"cloudflare")]
    return Reply(_CHALLENGE, status, HTML, headers if status == 200 else [(b"cf-mitigated", b"challenge"), *headers])


def limited(clock: Clock, as_date: bool) -> Reply:
    """429; Retry-After in seconds or as a date."""
    value = formatdate(clock.now() + _RETRY_SECONDS, usegmt=True) if as_date else str(_RETRY_SECONDS)
    return Reply(plain(429).body, 429, HTML, [(b"retry-after", value.encode())])


def plain(status: int) -> Reply:
    """A page with nothing but its status."""
    name = {403: "Forbidden", 404: "Page Not Found", 429: "Too Many Requests", 503: "Service Unavailable"}
    title = name.get(status, "Internal Server Error")
    body = f'<div class="fullWidth"><h1>{title}</h1></div>\n'
    return Reply(page(f"{title} - Album of The Year", "", body), status, HTML)
