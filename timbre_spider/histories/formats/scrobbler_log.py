"""`.scrobbler.log`, which portable players (Rockbox) write: tab-separated, after three lines that begin with "#"."""

from timbre_spider.histories.format import Container, Format, named
from timbre_spider.histories.play import Entry, NoPlay, Play
from timbre_spider.histories.values import mbid, moment, text, thousands

FIRST_LINE = "#AUDIOSCROBBLER/"
COLUMNS = ("artist", "album", "title", "track number", "length", "rating", "timestamp", "mbid")


def _read(entry: Entry) -> Play | NoPlay:
    rating = text(entry.get("rating"))
    if rating == "S":
        return NoPlay.SKIPPED
    if rating != "L":
        raise ValueError("neither listened (L) nor skipped (S)")
    artist, title = named(text(entry.get("artist")), text(entry.get("title")))
    return Play(
        artist,
        title,
        moment(entry.get("timestamp")),
        text(entry.get("album")),
        mbid=mbid(entry.get("mbid")),
        duration_ms=thousands(entry.get("length")),
    )


LOG = Format(
    "scrobbler log",
    "scrobbler_log",
    frozenset({Container.TABLE}),
    lambda entry: (*entry,)[: len(COLUMNS)] == COLUMNS,
    _read,
)
