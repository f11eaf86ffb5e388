"""Stand-ins for ListenBrainz, Deezer and MusicBrainz on one server, which know the songs they are told."""

import json
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qs, urlsplit

from tests.sources.server import Asked, Reply, serving


def mbid(number: int) -> str:
    """MusicBrainz' id of the song of that number."""
    return f"00000000-0000-4000-8000-{number:012}"


def isrc(number: int) -> str:
    """The ISRC of the song of that number."""
    return f"USABC{number:07}"


@dataclass
class OpenServices:
    """Songs are "Song 7" by Ann. Each service knows the numbers in the set of its name; ListenBrainz `nearly` those
    whose names it has only almost, and `bare` those without ISRC and album. Deezer's albums hold ten songs each.

    `linked`: the albums on Spotify of MusicBrainz' releases of any artist, "" for none; `collections` the names of
    further ones, which are linked to none; `browsed` who was asked for.
    `replies` are for paths that answer otherwise, `poison` is a title no list may hold; `asked` counts paths,
    `lists` the songs of each list, `queries` the searches.
    """

    listenbrainz: set[int] = field(default_factory=set)
    nearly: set[int] = field(default_factory=set)
    bare: set[int] = field(default_factory=set)
    deezer: set[int] = field(default_factory=set)
    musicbrainz: set[int] = field(default_factory=set)
    releases: dict[str, str] = field(default_factory=dict)
    linked: list[str] = field(default_factory=list)
    collections: list[str] = field(default_factory=list)
    browsed: list[str] = field(default_factory=list)
    replies: dict[str, Reply] = field(default_factory=dict)
    poison: str | None = None
    asked: Counter[str] = field(default_factory=Counter)
    lists: list[int] = field(default_factory=list)
    queries: list[str] = field(default_factory=list)

    def __call__(self, asked: Asked) -> Reply:
        parts = urlsplit(asked.path)
        query = {name: values[0] for name, values in parse_qs(parts.query).items()}
        self.asked[parts.path] += 1
        if parts.path in self.replies:
            return self.replies[parts.path]
        match parts.path.strip("/").split("/"):
            case ["1", "metadata", "lookup"] if asked.body:
                return self._lists(json.loads(asked.body)["recordings"])
            case ["1", "metadata", "lookup"]:
                return self._alone(query["recording_name"])
            case ["1", "metadata", "recording"]:
                mbids = json.loads(asked.body)["recording_mbids"]
                self.lists.append(len(mbids))
                return _json({one: self._details(int(one[-12:])) for one in mbids})
            case ["search"]:
                self.queries.append(query["q"])
                number = number_of(query["q"].replace('"', ""))
                return _json({"data": [_track(number)] if number in self.deezer else []})
            case ["album", album, "tracks"]:
                tracks = [n for n in range(10 * int(album) - 10, 10 * int(album)) if n in self.deezer]
                return _json({"data": [{**_track(n), "isrc": isrc(n)} for n in tracks]})
            case ["recording"]:
                self.queries.append(query["query"])
                number = number_of(query["query"])
                return _json({"recordings": [_recording(number)] if number in self.musicbrainz else []})
            case ["url"]:
                urls = parse_qs(parts.query)["resource"]
                known = [url for url in urls if url.rpartition("/")[2] in self.releases]
                relations = {url: [{"release": {"id": self.releases[url.rpartition("/")[2]]}}] for url in known}
                return _json({"urls": [{"resource": url, "relations": relations[url]} for url in known]})
            case ["release"]:
                self.browsed.append(query["artist"])
                first = int(query["offset"])
                releases = [*map(_linked, self.linked), *map(_collection, self.collections)]
                return _json({"releases": releases[first : first + 100]})
            case ["release", _]:
                tracks = [{"recording": _recording(number)} for number in sorted(self.musicbrainz)]
                return _json({"title": "Harbour", "id": mbid(99), "media": [{"tracks": tracks}]})
        return Reply(404, "{}")

    def _lists(self, recordings: list[dict[str, str]]) -> Reply:
        names = [each["recording_name"] for each in recordings]
        self.lists.append(len(names))
        if self.poison in names:
            return Reply(400, json.dumps({"code": 400, "error": "too long"}))
        numbers = [number_of(name) for name in names]
        return _json([{"index": at, **(_named(n) if n in self.listenbrainz else {})} for at, n in enumerate(numbers)])

    def _alone(self, title: str) -> Reply:
        number = number_of(title)
        known = number in self.nearly
        return _json({**_named(number), "metadata": self._details(number)} if known else {})

    def _details(self, number: int) -> dict[str, object]:
        named = {"artist": {"name": "Ann"}, "recording": {"name": f"Song {number}"}}
        if number in self.bare:
            return named
        detail = {"name": f"Song {number}", "isrcs": [isrc(number)], "length": 200_000, "first_release_date": "1994-08"}
        return {**named, "recording": detail, "release": {"name": "Harbour", "mbid": mbid(99)}}


def number_of(text: str) -> int:
    """The number of the song a text names; -1 for none."""
    digits = "".join(sign if sign.isdigit() else " " for sign in text).split()
    return int(digits[-1]) if digits else -1


def _linked(spotify_id: str) -> dict[str, object]:
    url = {"ended": False, "url": {"resource": f"https://open.spotify.com/album/{spotify_id}"}}
    return {"title": "Harbour", "release-group": {"primary-type": "Album"}, "relations": [url] if spotify_id else []}


def _collection(title: str) -> dict[str, object]:
    group = {"primary-type": "Album", "secondary-types": ["Compilation"]}
    return {"title": title, "status": "Official", "release-group": group, "media": [{"track-count": 12}]}


def _named(number: int) -> dict[str, object]:
    named = {"artist_credit_name": "Ann", "artist_mbids": [mbid(900)], "recording_name": f"Song {number}"}
    return {"recording_mbid": mbid(number), **named}


def _track(number: int) -> dict[str, object]:
    album = {"id": number // 10 + 1, "title": f"Deezer's {number // 10 + 1}"}
    return {"id": number + 1, "title": f"Song {number}", "artist": {"name": "Ann"}, "duration": 200, "album": album}


def _recording(number: int) -> dict[str, object]:
    credit = [{"name": "Ann"}]
    return {"id": mbid(number), "title": f"Song {number}", "artist-credit": credit, "isrcs": [isrc(number)]}


def _json(answer: object) -> Reply:
    return Reply(body=json.dumps(answer))


@contextmanager
def asked_by(bench: Any, services: OpenServices) -> Iterator[OpenServices]:
    """`services` are those that the stages of `bench` ask."""
    with serving(services) as server:
        bench.settings |= {f"{name}_base_url": server.url for name in ("listenbrainz", "deezer", "musicbrainz")}
        bench.settings |= {"listenbrainz_token": "token"}
        yield services
