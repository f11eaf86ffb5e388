"""MusicBrainz's releases of an artist: several of most albums, bootlegs, and what volunteers linked them to."""

from collections.abc import Iterable
from typing import Any

from .metabrainz import MetaBrainz, links_to_spotify
from .shares import share
from .world.ids import mbid
from .world.model import Album, Artist

# Assumed: pressings of an album beside the one that is linked, and live recordings of an artist that nobody sells.
_MOST_PRESSINGS, _MOST_BOOTLEGS = 5, 60
# Assumed, of the releases: linked to another shop, to a single track, to a page that is gone, and said to be gone.
_ELSEWHERE, _TO_A_TRACK, _DEAD, _ENDED = 0.5, 0.03, 0.03, 0.02
_PRESSING, _BOOTLEG, _URL = 8, 9, 10
_KINDS = {"album": "Album", "compilation": "Album", "single": "Single", "ep": "EP"}


def releases_of(artist: Artist, known: MetaBrainz, included: set[str]) -> list[dict[str, Any]]:
    """All releases credited to an artist, oldest first, with the parts asked for."""
    albums = [album for album in artist.albums if album.index in known.albums]
    told = [each for album in albums for each in _of_album(album, included)]
    told += [_bootleg(artist, number, included) for number in range(int(_MOST_BOOTLEGS * _fame(artist)))]
    return sorted(told, key=lambda release: (release["date"] or "9999", release["id"]))


def _fame(artist: Artist) -> float:
    return artist.fame / 100 * share("bootlegs", artist.index)


def _of_album(album: Album, included: set[str]) -> Iterable[dict[str, Any]]:
    yield _release(mbid(3, album.index), album, album.date, _links(album), included)
    pressings = int(_MOST_PRESSINGS * share("pressings", album.index) ** 2)
    for number in range(pressings):
        one = album.index * _MOST_PRESSINGS + number
        date = album.date[:4] if share("dated", one) < 0.5 else album.date
        yield _release(mbid(_PRESSING, one), album, date, _elsewhere("pressing", one), included)


def _bootleg(artist: Artist, number: int, included: set[str]) -> dict[str, Any]:
    one = artist.index * _MOST_BOOTLEGS + number
    date = f"{1970 + one % 50}-{1 + one % 12:02}-{1 + one % 28:02}"
    title = f"{date}: Somewhere"
    release: dict[str, Any] = {"id": mbid(_BOOTLEG, one), "title": title, "status": "Bootleg", "date": date}
    if "release-groups" in included:
        release["release-group"] = _group(one, title, "Album", ["Live"], date)
    if "media" in included:
        release["media"] = [{"position": 1, "format": "CD-R", "track-count": 5 + one % 20}]
    return release | ({"relations": []} if "url-rels" in included else {})


def _release(one: str, album: Album, date: str, links: list[dict[str, Any]], included: set[str]) -> dict[str, Any]:
    release: dict[str, Any] = {"id": one, "title": album.title, "status": "Official", "date": date}
    if "release-groups" in included:
        secondary = [name for name in ("Compilation", "Live") if name.lower() == album.group]
        first = album.original or album
        kind = _KINDS.get(album.group, _KINDS.get(album.kind, "Album"))
        release["release-group"] = _group(first.index, first.title, kind, secondary, first.date)
    if "media" in included:
        release["media"] = [{"position": 1, "format": "CD", "track-count": len(album.tracks)}]
    return release | ({"relations": links} if "url-rels" in included else {})


def _group(index: int, title: str, kind: str, secondary: list[str], date: str) -> dict[str, Any]:
    group = {"id": mbid(4, index), "title": title, "first-release-date": date}
    return group | {"primary-type": kind, "secondary-types": secondary}


def _links(album: Album) -> list[dict[str, Any]]:
    ids = [(each, False) for each in links_to_spotify(album)]
    for rate, ended in ((_DEAD, False), (_ENDED, True)):
        if share("gone", ended, album.index) < rate:
            ids.append((f"{album.spotify_id[:20]}00", ended))
    links = [_link("free streaming", f"https://open.spotify.com/album/{each}", ended) for each, ended in ids]
    if share("linked to a track", album.index) < _TO_A_TRACK:
        links.append(_link("free streaming", f"https://open.spotify.com/track/{album.tracks[0].spotify_id}"))
    return links + _elsewhere("album", album.index)


def _elsewhere(*which: object) -> list[dict[str, Any]]:
    if share("elsewhere", *which) >= _ELSEWHERE:
        return []
    number = int(share("number", *which) * 10**8)
    return [
        _link("discogs", f"https://www.discogs.com/release/{number}"),
        _link("streaming", f"https://tidal.com/album/{number}"),
    ]


def _link(kind: str, resource: str, ended: bool = False) -> dict[str, Any]:
    url = {"id": mbid(_URL, int(share("url", resource) * 10**6)), "resource": resource}
    return {"type": kind, "direction": "forward", "target-type": "url", "ended": ended, "url": url}
