"""Servers people keep for themselves: Maloja and Koito."""

from timbre_spider.histories.format import Container, Format, named
from timbre_spider.histories.play import Entry, Play
from timbre_spider.histories.values import mbid, moment, names, text, thousands


def _maloja(entry: Entry) -> Play:
    track = entry["track"]
    artist, title = named(names(track.get("artists")), text(track.get("title")))
    album = track.get("album")
    return Play(
        artist,
        title,
        moment(entry.get("time")),
        text(album.get("albumtitle")) if isinstance(album, dict) else None,
        played_ms=thousands(entry.get("duration")),
        duration_ms=thousands(track.get("length")),
    )


def _koito(entry: Entry) -> Play:
    track, album, artists = entry["track"], entry.get("album"), entry.get("artists")
    credited = [_alias(artist) for artist in artists] if isinstance(artists, list) else None
    artist, title = named(names(credited), _alias(track))
    return Play(
        artist,
        title,
        moment(entry["listened_at"]),
        _alias(album),
        mbid=mbid(track.get("mbid")),
        duration_ms=thousands(track.get("duration")),
    )


def _alias(thing: object) -> str | None:
    """The name of an artist, a track or an album: its first alias, the primary one where one is."""
    aliases = thing.get("aliases") if isinstance(thing, dict) else None
    told = [alias for alias in aliases if isinstance(alias, dict)] if isinstance(aliases, list) else []
    ordered = sorted(told, key=lambda alias: not alias.get("is_primary"))
    return next((name for alias in ordered if (name := text(alias.get("alias")))), None)


MALOJA = Format(
    "Maloja export",
    "maloja",
    frozenset({Container.JSON}),
    lambda entry: isinstance(entry.get("track"), dict) and "artists" in entry["track"],
    _maloja,
    ("scrobbles.item",),
)
KOITO = Format(
    "Koito export",
    "koito",
    frozenset({Container.JSON}),
    lambda entry: isinstance(entry.get("track"), dict) and "listened_at" in entry,
    _koito,
    ("listens.item",),
)
