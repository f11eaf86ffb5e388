"""Last.fm's JSON, which is XML turned into JSON with all that follows [docs, saved answers]."""

import re
from dataclasses import dataclass

from timbre_spider.errors import Unusable, UserUnknown
from timbre_spider.items import ChartRow
from timbre_spider.sources.lastfm.refusal import names_no_page, names_nothing_found, refusal
from timbre_spider.sources.text import as_dict, as_list, plain, read_json, whole

_MBID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")


@dataclass(frozen=True, slots=True)
class ChartPage:
    """One page of a listener's tracks, `page` from 1; broken rows are there too, with what could be read."""

    rows: tuple[ChartRow, ...]
    page: int
    per_page: int
    total: int
    total_pages: int


@dataclass(frozen=True, slots=True)
class TopAlbum:
    """An album a listener played, as scrobbled."""

    artist: str
    title: str
    playcount: int
    rank: int


@dataclass(frozen=True, slots=True)
class AlbumPage:
    """One page of a listener's albums."""

    albums: tuple[TopAlbum, ...]
    total_pages: int


@dataclass(frozen=True, slots=True)
class UserInfo:
    """A listener: the name as its owner writes it, all scrobbles ever, and since when, in seconds since 1970."""

    name: str
    playcount: int
    registered: int | None = None


def read_chart(body: bytes, user: str, page: int, limit: int | None = None) -> ChartPage | None:
    """A page of user.getTopTracks; every row the page has is there, names as they are ("" for none). None beyond the
    last page, where Last.fm says so [saved answer, other method].

    A playcount that cannot be read is 0, a rank is then the position. `duration` is in seconds here [docs],
    "0" is unknown. Raises Unusable when the page is another user's (a known bug, rare [docs]), another page
    than asked, or not of `limit` rows a page; for error codes see `refusal`.
    """
    answer = as_dict(read_json(body, "Last.fm"))
    if whole(answer.get("error")) == 6 and names_no_page(plain(answer.get("message"))):
        return None
    chart = container(answer, "toptracks", user)
    numbers = numbers_of(chart, user, page, limit)
    first = (numbers.page - 1) * numbers.per_page + 1
    rows = tuple(_row(track, first + place) for place, track in enumerate(entries(chart.get("track"))))
    return ChartPage(rows, numbers.page, numbers.per_page, numbers.total, numbers.total_pages)


def read_top_albums(body: bytes, user: str, page: int, limit: int | None = None) -> AlbumPage:
    """A page of user.getTopAlbums; albums without a name are left out. Empty beyond the last page. Raises as
    `read_chart` does."""
    answer = as_dict(read_json(body, "Last.fm"))
    if whole(answer.get("error")) == 6 and names_no_page(plain(answer.get("message"))):
        return AlbumPage((), 0)
    chart = container(answer, "topalbums", user)
    numbers = numbers_of(chart, user, page, limit)
    first = (numbers.page - 1) * numbers.per_page + 1
    albums = []
    for place, entry in enumerate(entries(chart.get("album"))):
        album = as_dict(entry)
        artist, title = plain(name_of(album.get("artist"))), plain(name_of(album))
        if artist and title:
            rank = whole(as_dict(album.get("@attr")).get("rank")) or first + place
            albums.append(TopAlbum(artist, title, whole(album.get("playcount")) or 0, rank))
    return AlbumPage(tuple(albums), numbers.total_pages)


def read_top_tags(body: bytes) -> dict[str, int]:
    """Tags in lower case with their weight of 0 to 100, heaviest first; empty for an unknown artist or track.

    The weight is a number now and was a string in old captures [saved answers].
    """
    answer = as_dict(read_json(body, "Last.fm"))
    if whole(answer.get("error")) == 6 and names_nothing_found(plain(answer.get("message"))):
        return {}
    tags: dict[str, int] = {}
    for entry in as_list(container(answer, "toptags", "").get("tag")):
        tag = as_dict(entry)
        name, weight = plain(tag.get("name")).lower(), whole(tag.get("count"))
        if name and weight is not None:
            tags[name] = max(weight, tags.get(name, 0))
    return dict(sorted(tags.items(), key=lambda tag: (-tag[1], tag[0])))


def read_user_info(body: bytes, user: str) -> UserInfo:
    """user.getInfo. Raises UserUnknown, KeyRejected or Unusable."""
    info = container(as_dict(read_json(body, "Last.fm")), "user", user)
    name = plain(info.get("name"))
    if not name:
        raise UserUnknown(f"Last.fm has no user “{user}”. Check LASTFM_USERNAME or the user given.")
    return UserInfo(name, whole(info.get("playcount")) or 0, whole(as_dict(info.get("registered")).get("unixtime")))


def container(answer: dict[str, object], name: str, user: str) -> dict[str, object]:
    """The object of that name in an answer. Raises what the answer is an error of."""
    # Errors come with any status, 200 too [saved answers].
    if "error" in answer:
        raise refusal(whole(answer["error"]) or 0, plain(answer.get("message")), user)
    container = answer.get(name)
    if not isinstance(container, dict):
        raise Unusable(f"Last.fm's answer holds no {name}: try again later.")
    return container


def numbers_of(chart: dict[str, object], user: str, page: int, limit: int | None) -> ChartPage:
    """A page without its rows. Raises Unusable when it is another than asked for."""
    # Old captures have them in the container itself, and call the first page 0 [saved answers].
    attributes = as_dict(chart.get("@attr")) or chart
    answered_for = plain(attributes.get("user"))
    if answered_for and answered_for.lower() != plain(user).lower():
        raise Unusable(f"Last.fm answered with the chart of another user than “{user}”: try again.")
    total = whole(attributes.get("total"))
    if total is None:
        raise Unusable("Last.fm's chart does not say how long it is: try again later.")
    answered_page = whole(attributes.get("page")) or 1
    per_page = whole(attributes.get("perPage")) or limit or 1
    if total and answered_page != max(page, 1):
        raise Unusable(f"Last.fm answered with page {answered_page} instead of {page}: try again.")
    if total and limit and per_page != limit:
        raise Unusable(f"Last.fm answered with {per_page} rows a page instead of {limit}: try again.")
    return ChartPage((), answered_page, per_page, total, whole(attributes.get("totalPages")) or 0)


def entries(value: object) -> list[object]:
    """As `as_list`, but an entry that is no object stays an entry: it is accounted for as a broken row."""
    return as_list(value) if not isinstance(value, str) or not value.strip() else [value]


def _row(entry: object, place: int) -> ChartRow:
    track = as_dict(entry)
    seconds = whole(track.get("duration")) or 0
    mbid = plain(track.get("mbid")).lower()
    return ChartRow(
        artist=name_of(track.get("artist")),
        title=name_of(track),
        playcount=whole(track.get("playcount")) or 0,
        rank=whole(as_dict(track.get("@attr")).get("rank")) or place,
        mbid=mbid if _MBID.fullmatch(mbid) else None,
        duration_ms=(seconds * 1000 if 0 < seconds <= 86_400 else None),
    )


def name_of(value: object) -> str:
    """The name of an artist, album or track, as sent: in `name` or `#text`, bare, or a number."""
    if isinstance(value, dict):
        value = value.get("name", value.get("#text"))
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        return str(value)
    return value if isinstance(value, str) else ""
