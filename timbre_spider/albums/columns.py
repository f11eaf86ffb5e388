"""Which column of a data set tells what, and an album out of its row."""

import re
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from functools import lru_cache
from typing import Any

from timbre_spider.albums.pages import SITE
from timbre_spider.items import AotyAlbum
from timbre_spider.sources.aoty.page import count, format_named
from timbre_spider.sources.aoty.page import date as date_of
from timbre_spider.sources.text import plain

# The names columns have, in small letters and digits alone, the plainest first.
NAMES = {
    "title": ("title", "album", "albumtitle", "albumname", "name", "release"),
    "artist": ("artist", "artistname", "albumartist", "artists", "artistnames", "band", "performer"),
    "url": ("albumlink", "albumurl", "aotyurl", "aotylink", "url", "link", "href", "aotyid", "albumid"),
    "artist_url": ("artistlink", "artisturl"),
    "user_score": ("userscore", "aotyuserscore", "usersscore", "userrating", "score", "rating"),
    "rating_count": ("ratingcount", "userratingcount", "userratings", "numratings", "numberofratings", "ratingscount",
        "usercount", "ratings", "numuserratings", "numberofuserratings"),
    "critic_score": ("criticscore", "aotycriticscore", "criticsscore", "criticrating"),
    "critic_count": ("criticcount", "criticreviews", "numcriticreviews", "criticreviewcount", "numberofcriticreviews",
        "criticratings", "numcritics"),
    "release_date": ("releasedate", "date", "released", "releaseyear", "year"),
    "genres": ("genres", "genre", "primarygenres"),
    "secondary_genres": ("secondarygenres", "secondarygenre"),
    "tags": ("tags", "vibes", "tag", "descriptors"),
    "labels": ("labels", "label"),
    "format": ("format", "albumtype", "type"),
    "must_hear": ("musthear",),
    "spotify_album_id": ("spotifyalbumid", "spotifyid", "spotifyurl", "spotifylink", "spotifyuri", "spotify"),
}  # fmt: skip

_OTHERS = re.compile(r"[^a-z0-9]+")
# In a path: at its beginning, or behind one slash.
_ADDRESS = re.compile(r"album/(?<![^/]album/)(?<!//album/)\d{1,9}(?!\d)", re.ASCII)
# As most are written, which is told at a look.
_WHOLE_ADDRESS = re.compile(r"https?://(?:www\.)?albumoftheyear\.org/album/\d{1,9}-[\w.-]*", re.ASCII)
_NUMBER = re.compile(r"[1-9]\d{0,8}", re.ASCII)
_SPOTIFY_ID = re.compile(r"(?:^|[/:])([0-9A-Za-z]{22})(?![0-9A-Za-z])", re.ASCII)
_ISO_DAY = re.compile(r"\d{4}-\d\d-\d\d(?=[T ])", re.ASCII)
# "['Rock', 'Pop']", "Rock, Pop", "Rock; Pop", "Rock|Pop"
_BETWEEN = re.compile(r"\s*[,;|]\s*")
_AROUND = " []'\"{}()"
_NOTHING = frozenset({"", "nr", "n/a", "na", "nan", "none", "null", "-", "unknown"})


class ColumnError(ValueError):
    """A data set lacks a column that is needed, or that was asked for; what to do is said."""


def columns_of(header: Sequence[str], asked: Mapping[str, str]) -> dict[str, int]:
    """The place of each field's column. `asked` names columns by field and wins. Raises ColumnError."""
    places: dict[str, int] = {}
    folded: dict[str, int] = {}
    for at, name in enumerate(header):
        places.setdefault(plain(name), at)
        folded.setdefault(_OTHERS.sub("", name.lower()), at)
    found: dict[str, int] = {}
    for field, names in NAMES.items():
        if field in asked:
            if asked[field] not in places:
                raise ColumnError(f"it has no column {asked[field]!r}, but {', '.join(places) or 'none'}.")
            found[field] = places[asked[field]]
        elif named := next((name for name in names if name in folded), None):
            found[field] = folded[named]
    if missing := [field for field in ("title", "artist", "url") if field not in found]:
        raise ColumnError(
            f"no column tells {', '.join(missing)}: of {', '.join(places) or 'none'}, name the right one with "
            f"--map {missing[0]}=COLUMN."
        )
    return found


def album_of(values: Sequence[Any], columns: Mapping[str, int]) -> AotyAlbum:
    """The album of a row, in which lists are tuples of texts. Raises ValueError, saying why it is none."""
    told = {field: _READERS[field](values[at]) for field, at in columns.items() if at < len(values)}
    if not told.get("artist") or not told.get("title"):
        raise ValueError("names no artist or no title")
    if not told.get("url"):
        raise ValueError(f"{plain(str(values[columns['url']]))[:80]!r} is no address of an album's page")
    secondary = told.get("secondary_genres")
    if secondary:
        told["genres"] = tuple(dict.fromkeys((*told.get("genres", ()), *secondary)))
    return AotyAlbum(**told)


def _text(value: Any) -> str:
    if isinstance(value, str):
        return plain(value)
    return plain(" & ".join(value) if isinstance(value, tuple) else "" if value is None else str(value))


def _address(value: Any) -> str:
    """The page's address on the site; a number alone is one too."""
    if isinstance(value, str) and _WHOLE_ADDRESS.fullmatch(value):
        return value
    text = _text(value).removesuffix(".0")
    if text.isdigit() and text.isascii():
        return f"{SITE}/album/{text}.php" if _NUMBER.fullmatch(text) else ""
    if not _ADDRESS.search(text):
        return ""
    return f"{SITE}{text}" if text.startswith("/") else text


@lru_cache(maxsize=2**15)
def _score(value: Any) -> float | None:
    text = _text(value).removesuffix("/100").removesuffix("%")
    if text.lower() in _NOTHING:
        return None
    try:
        number = float(text)
    except ValueError:
        number = -1.0
    if not 0 <= number <= 100:
        raise ValueError(f"a score is {text[:20]!r}, no number from 0 to 100")
    return number


@lru_cache(maxsize=2**15)
def _count(value: Any) -> int | None:
    return count(_text(value).removesuffix(".0"))


@lru_cache(maxsize=2**15)
def _date(value: Any) -> str | None:
    text = value.isoformat() if isinstance(value, date) else _text(value).removesuffix(".0")
    day = _ISO_DAY.match(text)
    return date_of(day[0] if day else text)


@lru_cache(maxsize=2**15)
def _list(value: Any) -> tuple[str, ...]:
    parts = value if isinstance(value, tuple) else _BETWEEN.split(_text(value).strip(_AROUND))
    words = (plain(each).strip(_AROUND) for each in parts)
    return tuple(dict.fromkeys(each for each in words if each.lower() not in _NOTHING))


@lru_cache(maxsize=2**15)
def _format(value: Any) -> str | None:
    return format_named(_text(value)) or None


def _whose(value: Any) -> str | None:
    return {"both": "both", "user": "users", "users": "users", "critic": "critics", "critics": "critics"}.get(
        _text(value).lower()
    )


def _spotify(value: Any) -> str | None:
    match = _SPOTIFY_ID.search(_text(value))
    return match[1] if match else None


_READERS: dict[str, Callable[[Any], Any]] = {
    "title": _text, "artist": _text, "url": _address, "artist_url": lambda value: _text(value) or None,
    "user_score": _score, "rating_count": _count, "critic_score": _score, "critic_count": _count,
    "release_date": _date, "genres": _list, "secondary_genres": _list, "tags": _list, "labels": _list,
    "format": _format, "must_hear": _whose, "spotify_album_id": _spotify,
}  # fmt: skip
