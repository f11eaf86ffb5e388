"""user.getRecentTracks: a listener's scrobbles, each with the album it was played from."""

from dataclasses import dataclass

from timbre_spider.items import Scrobble
from timbre_spider.sources.lastfm.ask import MOST_ROWS, url_of
from timbre_spider.sources.lastfm.read import container, entries, name_of, numbers_of
from timbre_spider.sources.lastfm.refusal import names_no_page
from timbre_spider.sources.text import as_dict, plain, read_json, whole


@dataclass(frozen=True, slots=True)
class RecentPage:
    """One page of scrobbles, newest first; `total`: how many the span has, `broken`: entries of it without a time."""

    scrobbles: tuple[Scrobble, ...]
    total: int
    total_pages: int
    broken: int


def recent_url(base_url: str, user: str, begin: int, end: int, page: int = 1, limit: int = MOST_ROWS) -> str:
    """A page of the scrobbles from `begin` to before `end`, in seconds since 1970.

    Whether `from` and `to` are part of the span is not documented, so a second more is asked for on both sides.
    """
    span = {"from": max(begin - 1, 1), "to": end}
    return url_of(base_url, "user.getRecentTracks", user=user, limit=limit, page=page, **span)


def read_recent(body: bytes, user: str, page: int, begin: int, end: int, limit: int = MOST_ROWS) -> RecentPage:
    """A page of `recent_url`; what is playing now, and what lies outside of the span, is left out.

    A page beyond the last is empty. Raises as `read_chart` does.
    """
    answer = as_dict(read_json(body, "Last.fm"))
    if whole(answer.get("error")) == 6 and names_no_page(plain(answer.get("message"))):
        return RecentPage((), 0, 0, 0)
    tracks = container(answer, "recenttracks", user)
    numbers = numbers_of(tracks, user, page, limit)
    scrobbles, broken = [], 0
    for entry in map(as_dict, entries(tracks.get("track"))):
        if plain(as_dict(entry.get("@attr")).get("nowplaying")).lower() == "true":
            continue
        at = whole(as_dict(entry.get("date")).get("uts"))
        if at is None:
            broken += 1
        elif begin <= at < end:
            album = name_of(entry.get("album")) or None
            scrobbles.append(Scrobble(name_of(entry.get("artist")), name_of(entry), at, album))
    return RecentPage(tuple(scrobbles), numbers.total, numbers.total_pages, broken)
