"""Spotify's objects as it sends them in 2026 [docs], with the holes they have been seen with [observed]."""

import re
from dataclasses import dataclass

from timbre_spider.items import SpotifyTrack
from timbre_spider.sources.text import as_dict, plain, valid_isrc, whole

_DATE = re.compile(r"(?!0000)\d{4}(-\d{2}(-\d{2})?)?", re.ASCII)


def read_track(track: object, *, extended: bool = False) -> SpotifyTrack | None:
    """A full track object; None for what is no track of Spotify's (null, a local file, no id, no name).

    Development mode sends no popularity, or 0 for it [docs, observed]: both are None. To a key in `extended` mode 0
    is a popularity. An ISRC that is not of an ISRC's shape is None.
    """
    fields = as_dict(track)
    spotify_id, title = plain(fields.get("id")), plain(fields.get("name"))
    artists = [as_dict(artist) for artist in _items(fields.get("artists"))]
    named = [artist for artist in artists if plain(artist.get("name"))]
    if not (spotify_id and title and named):
        return None
    album = as_dict(fields.get("album"))
    explicit = fields.get("explicit")
    return SpotifyTrack(
        spotify_id=spotify_id,
        title=title,
        artists=tuple(plain(artist.get("name")) for artist in named),
        isrc=valid_isrc(as_dict(fields.get("external_ids")).get("isrc")),
        duration_ms=whole(fields.get("duration_ms")) or None,
        popularity=_popularity(fields.get("popularity"), least=0 if extended else 1),
        album_id=plain(album.get("id")) or None,
        artist_id=plain(named[0].get("id")) or None,
        album_name=plain(album.get("name")) or None,
        album_type=plain(album.get("album_type")).lower() or None,
        release_date=_date(album.get("release_date")),
        explicit=explicit if isinstance(explicit, bool) else None,
        track_number=whole(fields.get("track_number")) or None,
    )


@dataclass(frozen=True, slots=True)
class SearchPage:
    """The tracks of a search that can be used, in its order; `results` counts nulls and the like too."""

    tracks: list[SpotifyTrack]
    results: int


def read_search(answer: object, *, extended: bool = False) -> SearchPage | None:
    """A page of a search; None when the answer holds no list of tracks."""
    items = as_dict(as_dict(answer).get("tracks")).get("items")
    if not isinstance(items, list):
        return None
    return SearchPage([track for item in items if (track := read_track(item, extended=extended))], len(items))


def _items(value: object) -> list[object]:
    return value if isinstance(value, list) else []


def _popularity(value: object, least: int) -> int | None:
    number = whole(value)
    return number if number is not None and least <= number <= 100 else None


def _date(value: object) -> str | None:
    date = plain(value)
    return date if _DATE.fullmatch(date) else None
