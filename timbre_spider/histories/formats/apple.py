"""Apple Music's tables: every play (two generations of columns), plays by day, and what was played last.

They tell the same plays in different ways, so each has a source of its own.
"""

import re

from timbre_spider.histories.format import Container, Format, has, named
from timbre_spider.histories.play import Entry, NoPlay, Play
from timbre_spider.histories.values import moment, text, whole

_KIND_OF_ALBUM = re.compile(r" - (?:Single|EP)$")
_TABLE = frozenset({Container.TABLE})


def _activity(entry: Entry) -> Play | NoPlay:
    """Each entry is an event, one a play. The newer generation often names no artist: the days' tracks do."""
    event = text(entry.get("event type"))
    if event is not None and event != "PLAY_END":
        return NoPlay.SKIPPED
    if (text(entry.get("media type")) or "AUDIO") != "AUDIO":
        return NoPlay.VIDEO
    title = text(entry.get("song name")) or text(entry.get("content name"))
    artist = text(entry.get("artist name")) or text(entry.get("container artist name"))
    if artist is None:
        return NoPlay.NAMELESS
    artist, title = named(artist, title)
    at = moment(entry.get("event start timestamp")) or moment(entry.get("event end timestamp"))
    return Play(
        artist,
        title,
        at,
        album(entry.get("album name") or entry.get("container album name")),
        played_ms=whole(entry.get("play duration milliseconds")),
        duration_ms=whole(entry.get("media duration in milliseconds")),
    )


def _day(entry: Entry) -> Play | NoPlay:
    """A track on a day, with how often it was played and for how long in all."""
    if (text(entry.get("media type")) or "AUDIO") != "AUDIO":
        return NoPlay.VIDEO
    plays = whole(entry.get("play count")) or 0
    if not plays:
        return NoPlay.SKIPPED
    artist, title = described(entry.get("track description"))
    heard = whole(entry.get("play duration milliseconds"))
    # Several plays of a day have no times of their own: they are told apart by the hour, as the file tells them.
    at = moment(entry.get("date played"))
    hour = whole(str(entry.get("hours") or "").partition(",")[0])
    if at is not None and hour is not None and hour < 24:
        at += hour * 3600
    return Play(artist, title, at, played_ms=None if heard is None else heard // plays, plays=plays)


def _recent(entry: Entry) -> Play | NoPlay:
    """A track with how often it was played in all."""
    if (text(entry.get("media type")) or "AUDIO") != "AUDIO":
        return NoPlay.VIDEO
    artist, title = described(entry.get("track description"))
    return Play(
        artist,
        title,
        moment(entry.get("last event end timestamp")),
        album(entry.get("container description")),
        plays=max(whole(entry.get("total plays")) or 1, 1),
    )


def album(value: object) -> str | None:
    """An album's name without what Apple puts behind those of singles and EPs."""
    name = text(value)
    return _KIND_OF_ALBUM.sub("", name) if name else None


def described(value: object) -> tuple[str, str]:
    """(artist, title) out of "Artist - Title". Raises ValueError for anything else."""
    artist, dash, title = (text(value) or "").partition(" - ")
    if not dash:
        raise ValueError("no artist and title in the description")
    return named(text(artist), text(title))


ACTIVITY = Format(
    "Apple Music play activity",
    "apple",
    _TABLE,
    lambda entry: ("song name" in entry or "content name" in entry) and "play duration milliseconds" in entry,
    _activity,
)
DAYS = Format(
    "Apple Music daily tracks", "apple_days", _TABLE, has("track description", "date played", "play count"), _day
)
RECENT = Format("Apple Music recently played", "apple_recent", _TABLE, has("track description", "total plays"), _recent)
