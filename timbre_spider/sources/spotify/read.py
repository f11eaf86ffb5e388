"""Spotify's objects as it sends them in 2026 [docs], with the holes they have been seen with [observed]."""

import re
from dataclasses import dataclass, field, replace

from timbre_spider.items import SpotifyAlbum, SpotifyTrack
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
class Page:
    """What of an answer can be used, in its order. `results` counts nulls and the like too; `total` is how many there
    are on all pages (of albums, where only albums were asked for); None where that is not told."""

    tracks: list[SpotifyTrack]
    results: int = 0
    total: int | None = None
    albums: list[SpotifyAlbum] = field(default_factory=list)


def read_search(answer: object, *, extended: bool = False) -> Page | None:
    """A page of a search; None when the answer holds no list of tracks."""
    found, albums = as_dict(as_dict(answer).get("tracks")), as_dict(as_dict(answer).get("albums"))
    items = found.get("items")
    if not isinstance(items, list):
        return None
    tracks = [track for item in items if (track := read_track(item, extended=extended))]
    return Page(tracks, len(items), whole(found.get("total")), _albums(albums))


def read_track_list(answer: object, *, extended: bool = False) -> Page | None:
    """Several tracks asked for by their ids; None when the answer holds no list of them."""
    items = as_dict(answer).get("tracks")
    if not isinstance(items, list):
        return None
    return Page([track for item in items if (track := read_track(item, extended=extended))], len(items))


def read_album(answer: object) -> Page | None:
    """A full album with its first tracks; None for what is no album."""
    album = _album(answer)
    return read_album_tracks(as_dict(answer).get("tracks"), album) if album else None


def read_album_list(answer: object) -> Page | None:
    """Several full albums with their first tracks; None when the answer holds no list of them."""
    items = as_dict(answer).get("albums")
    if not isinstance(items, list):
        return None
    pages = [page for item in items if (page := read_album(item))]
    return Page(
        [track for page in pages for track in page.tracks],
        sum(page.results for page in pages),
        albums=[album for page in pages for album in page.albums],
    )


def read_album_tracks(answer: object, album: SpotifyAlbum) -> Page | None:
    """A page of an album's tracks, which know neither their ISRC nor their album [docs]. What others told of the album
    is none of Spotify's words."""
    found, own = as_dict(answer), not album.linked
    items = found.get("items")
    if not isinstance(items, list):
        return None
    tracks = [
        replace(
            track,
            album_id=album.album_id,
            album_name=album.name if own else None,
            album_type=album.album_type if own else None,
            release_date=album.release_date if own else None,
        )
        for item in items
        if (track := read_track(item))
    ]
    return Page(tracks, len(items), whole(found.get("total")), [album])


def read_artist_albums(answer: object) -> Page | None:
    """A page of an artist's albums; None when the answer holds no list."""
    found = as_dict(answer)
    items = found.get("items")
    return Page([], len(items), whole(found.get("total")), _albums(found)) if isinstance(items, list) else None


def _albums(page: dict[str, object]) -> list[SpotifyAlbum]:
    return [album for item in _items(page.get("items")) if (album := _album(item))]


def _album(value: object) -> SpotifyAlbum | None:
    fields = as_dict(value)
    album_id, name = plain(fields.get("id")), plain(fields.get("name"))
    if not (album_id and name):
        return None
    artists = (plain(as_dict(artist).get("name")) for artist in _items(fields.get("artists")))
    return SpotifyAlbum(
        album_id,
        name,
        tuple(filter(None, artists)),
        plain(fields.get("album_type")).lower() or None,
        _date(fields.get("release_date")),
        whole(fields.get("total_tracks")) or 0,
    )


def _items(value: object) -> list[object]:
    return value if isinstance(value, list) else []


def _popularity(value: object, least: int) -> int | None:
    number = whole(value)
    return number if number is not None and least <= number <= 100 else None


def _date(value: object) -> str | None:
    date = plain(value)
    return date if _DATE.fullmatch(date) else None
