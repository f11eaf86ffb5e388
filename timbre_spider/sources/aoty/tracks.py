"""The track list of an album's page [saved page, May 2026]."""

import re

from timbre_spider.items import AotyTrack
from timbre_spider.sources.aoty.page import Element, XPath, count, has_class, score, text_of
from timbre_spider.sources.text import plain

# Discs and rows in the page's order: a row is of the disc named last before it.
_LINES = XPath(f"id('tracklist')//*[{has_class('discNumber')} or self::tr]")
_NUMBER = XPath("string(./td[@class='trackNumber'])")
_TITLE = XPath("string(./td[@class='trackTitle']//a[starts-with(@href, '/song/')])")
_LENGTH = XPath("string(.//div[@class='length'])")
_RATING = XPath("./td[@class='trackRating']//span")
_DISC = re.compile(r"\d{1,2}", re.ASCII)
_CLOCK = re.compile(r"(?:(\d{1,2}):)?(\d{1,3}):(\d{2})", re.ASCII)


def read_tracks(root: Element) -> tuple[AotyTrack, ...]:
    """The tracks of a page's root; none where it lists none."""
    tracks = []
    disc = 1
    for line in _LINES(root):
        if line.tag != "tr":
            named = _DISC.search(text_of(line))
            disc = int(named[0]) if named else disc
        elif title := plain(_TITLE(line)):
            rated = _RATING(line)
            tracks.append(
                AotyTrack(
                    title=title,
                    number=count(plain(_NUMBER(line))),
                    disc=disc,
                    length_ms=_milliseconds(plain(_LENGTH(line))),
                    score=score(text_of(rated[0])) if rated else None,
                    rating_count=count(rated[0].get("title")) if rated else None,
                )
            )
    return tuple(tracks)


def _milliseconds(clock: str) -> int | None:
    """From "2:51" or "1:02:51"."""
    match = _CLOCK.fullmatch(clock)
    return 1000 * (int(match[1] or 0) * 3600 + int(match[2]) * 60 + int(match[3])) if match else None
