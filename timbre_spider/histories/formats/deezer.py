"""Deezer's export: a workbook whose sheet "10_listeningHistory" has every play with its ISRC."""

from timbre_spider.histories.format import Container, Format, has, named
from timbre_spider.histories.play import Entry, Play
from timbre_spider.histories.values import isrc, moment, text, thousands


def _read(entry: Entry) -> Play:
    artist, title = named(text(entry.get("artist")), text(entry.get("song title")))
    return Play(
        artist,
        title,
        moment(entry.get("date")),
        text(entry.get("album title")),
        isrc=isrc(entry.get("isrc")),
        played_ms=thousands(entry.get("listening time")),
    )


LISTENING = Format(
    "Deezer export",
    "deezer",
    frozenset({Container.WORKBOOK, Container.TABLE}),
    has("song title", "artist", "isrc"),
    _read,
)
