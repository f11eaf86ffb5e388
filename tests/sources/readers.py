"""Every reader of what services send, with an answer as the service sends it."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

from scrapy.http import HtmlResponse

from tests.sources.mutated import Random, mutated_html, mutated_json
from timbre_spider.config import SERVICES
from timbre_spider.errors import TimbreError
from timbre_spider.sources import aoty, deezer, lastfm, listenbrainz, musicbrainz
from timbre_spider.sources.judge import judge
from timbre_spider.sources.listenbrainz import labs, listener
from timbre_spider.sources.recording import Recording
from timbre_spider.sources.retry_after import retry_after
from timbre_spider.sources.spotify import read as spotify

PAGES = Path(__file__).parent / "aoty" / "pages"
SAVED = Path(__file__).parents[3] / "shared/fixtures"

_MBID = "e97f805a-ab48-4c52-855e-07049142113d"
_TRACK = {
    "name": "Lantern", "duration": "222", "playcount": "9", "mbid": "", "streamable": {"#text": "0", "fulltrack": "0"},
    "artist": {"name": "Ann", "mbid": "", "url": "u"}, "@attr": {"rank": "1"},
}  # fmt: skip
_ATTR = {"user": "ann", "page": "1", "perPage": "1000", "total": "2", "totalPages": "1"}
_MATCH = {
    "index": 0, "artist_credit_name": "Ann", "artist_mbids": ["a"], "recording_mbid": _MBID, "release_mbid": _MBID,
    "recording_name": "Lantern", "release_name": "Harbour", "artist_name_arg": "Ann", "recording_name_arg": "Lantern",
}  # fmt: skip
_RECORDING = {
    "artist": {"name": "Ann", "artist_credit_id": 1, "artists": [{"name": "Ann", "join_phrase": ""}]},
    "recording": {"name": "Lantern", "length": 222_000, "isrcs": ["GBFFP0300052"], "first_release_date": "1994-08-22"},
    "release": {"name": "Harbour", "mbid": "l1", "year": 1994},
    "tag": {"artist": [{"tag": "x", "count": 1}]},
}  # fmt: skip
_DEEZER = {
    "id": 5, "title": "Lantern", "duration": 222, "isrc": "GBFFP0300052", "release_date": "1994-08-22",
    "artist": {"id": 1, "name": "Ann"}, "album": {"id": 6, "title": "Harbour"},
}  # fmt: skip
_MUSICBRAINZ = {
    "id": _MBID, "title": "Lantern", "length": 222_000, "isrcs": ["GBFFP0300052"], "first-release-date": "1994",
    "artist-credit": [{"name": "Ann", "joinphrase": " & ", "artist": {"name": "Ann"}}, {"artist": {"name": "Bob"}}],
    "releases": [{"id": "l", "title": "Harbour"}],
}  # fmt: skip
_SPOTIFY = {
    "id": "1" * 22, "name": "Lantern", "artists": [{"id": "2" * 22, "name": "Ann"}], "duration_ms": 222_000,
    "external_ids": {"isrc": "GBFFP0300052"}, "popularity": 5, "explicit": False, "track_number": 1,
    "album": {"id": "3" * 22, "name": "Harbour", "album_type": "album", "release_date": "1994-08-22"},
}  # fmt: skip
_HEARD = {"artist_name": "Ann", "track_name": "Lantern", "release_name": "Harbour", "listen_count": 9}
_LABS = {"artist_name": "Ann", "release_name": "Harbour", "track_name": "Lantern", "spotify_track_ids": ["1" * 22]}
_LOOKED_UP = [Recording(_MBID, "Ann", "Lantern")]

JSON: dict[str, tuple[Callable[[bytes], object], Any]] = {
    "lastfm chart": (
        lambda body: lastfm.read_chart(body, "ann", 1, 1000),
        {"toptracks": {"track": [_TRACK, _TRACK], "@attr": _ATTR}},
    ),
    "lastfm albums": (
        lambda body: lastfm.read_top_albums(body, "ann", 1),
        {"topalbums": {"album": [_TRACK, _TRACK], "@attr": _ATTR}},
    ),
    "lastfm tags": (lastfm.read_top_tags, {"toptags": {"tag": [{"name": "a", "count": 9, "url": "u"}]}}),
    "lastfm user": (lambda body: lastfm.read_user_info(body, "ann"), {"user": {"name": "ann", "playcount": "9"}}),
    "lastfm error": (lastfm.read_top_tags, {"error": 6, "message": "not found", "links": []}),
    "listenbrainz lookup": (
        lambda body: listenbrainz.read_lookup(body, [("Ann", "Lantern")] * 2),
        [_MATCH, {**_MATCH, "index": 1}],
    ),
    "listenbrainz fuzzy": (listenbrainz.read_fuzzy, {**_MATCH, "metadata": _RECORDING}),
    "listenbrainz top": (
        lambda body: listener.read_top(body, "ann", "all_time", 0),
        {"payload": {"user_id": "ann", "total_recording_count": 1, "recordings": [_HEARD], "count": 1}},
    ),
    "listenbrainz listens": (
        lambda body: listener.read_listens(body, "ann"),
        {"payload": {"user_id": "ann", "count": 1, "listens": [{"listened_at": 1, "track_metadata": _HEARD}]}},
    ),
    "listenbrainz recordings": (lambda body: listenbrainz.read_recordings(body, _LOOKED_UP), {_MBID: _RECORDING}),
    "labs ids": (lambda body: labs.read_ids(body, [("Ann", "Harbour", "Lantern")] * 2), [_LABS, _LABS]),
    "labs error": (lambda body: labs.read_ids(body, [("Ann", "Harbour", "Lantern")]), {"code": 400, "error": "no"}),
    "listenbrainz error": (listenbrainz.read_fuzzy, {"code": 400, "error": "too long"}),
    "deezer search": (deezer.read_search, {"data": [_DEEZER, _DEEZER], "total": 2, "next": "u"}),
    "deezer album": (lambda body: deezer.read_album_tracks(body, "Harbour", "6"), {"data": [_DEEZER], "next": "u"}),
    "deezer error": (deezer.read_search, {"error": {"type": "DataException", "message": "no", "code": 800}}),
    "musicbrainz search": (musicbrainz.read_search, {"recordings": [_MUSICBRAINZ], "count": 1}),
    "musicbrainz urls": (
        musicbrainz.read_urls,
        {"urls": [{"resource": "u", "relations": [{"type": "free streaming", "release": {"id": _MBID}}]}]},
    ),
    "musicbrainz release": (
        musicbrainz.read_release,
        {"id": _MBID, "title": "Harbour", "media": [{"tracks": [{"position": 1, "recording": _MUSICBRAINZ}]}]},
    ),
    "musicbrainz releases": (
        musicbrainz.read_releases,
        {
            "releases": [
                {
                    "id": _MBID,
                    "title": "Harbour",
                    "date": "2004",
                    "release-group": {"primary-type": "Album", "secondary-types": ["Live"]},
                    "media": [{"position": 1, "track-count": 12}],
                    "relations": [
                        {"ended": False, "url": {"id": _MBID, "resource": f"https://open.spotify.com/album/{'b' * 22}"}}
                    ],
                }
            ],
            "release-count": 1,
        },
    ),
    "musicbrainz error": (musicbrainz.read_search, {"error": "rate limit", "help": "x"}),
    "spotify search": (
        lambda body: spotify.read_search(json.loads(body)),
        {"tracks": {"items": [_SPOTIFY, None, _SPOTIFY], "total": 3}},
    ),
    "spotify track": (lambda body: spotify.read_track(json.loads(body), extended=True), _SPOTIFY),
}


def _on(page: bytes) -> HtmlResponse:
    return HtmlResponse("http://127.0.0.1:1/album/1.php", body=page)


HTML: dict[str, tuple[Callable[[bytes], object], str, str]] = {
    "aoty album": (lambda page: aoty.read_album(_on(page)), "album.html", "album-2026-05.html"),
    "aoty search": (lambda page: aoty.read_search(_on(page)), "search.html", "search-albums-2026-05.html"),
    "aoty old album": (lambda page: aoty.read_album(_on(page)), "album-2026-02.html", "album-2026-05.html"),
    "aoty artist": (lambda page: aoty.read_artist(_on(page)), "artist.html", "artist-2024-06.html"),
    "aoty cards": (lambda page: aoty.read_any(_on(page)), "search.html", "releases-2026-05.html"),
    "aoty any": (lambda page: aoty.read_any(_on(page)), "album.html", "must-hear-2010-2026-05.html"),
    "aoty chart": (lambda page: aoty.read_chart(_on(page)), "chart.html", "list-2026-05.html"),
}
READERS = [*JSON, *HTML]


def read_as_it_is(reader: str) -> object:
    """What the reader makes of its answer, unharmed."""
    if reader in HTML:
        read, own, _ = HTML[reader]
        return read((PAGES / own).read_bytes())
    read, answer = JSON[reader]
    return read(json.dumps(answer).encode())


def read_mutated(reader: str, seed: int) -> tuple[bytes, Exception | None]:
    """A wrong answer for the reader, made from `seed`; and what it raised that is none of our errors."""
    random = Random(seed)
    if reader in HTML:
        read, own, saved = HTML[reader]
        real = SAVED / "aoty" / saved
        # Real pages are large: now and then.
        source = real if real.exists() and random.random() < 0.02 else PAGES / own
        body = mutated_html(random, source.read_bytes())
    else:
        read, answer = JSON[reader]
        body = mutated_json(random, answer)
        if reader.startswith("spotify") and not _is_json(body):
            # spotipy reads it itself.
            return body, None
    try:
        read(body)
        _judged(random, body)
    except TimbreError:
        return body, None
    except Exception as error:
        return body, error
    return body, None


def _judged(random: Random, body: bytes) -> None:
    odd = random.choice(["", "0", "-1", "7", "7.5", "²", "soon", "Thu, 99 Foo 2026", "9" * 400, "\x00", "1e5", "inf"])
    names = ("retry-after", "x-ratelimit-remaining", "x-ratelimit-reset-in", "cf-mitigated")
    headers = {name: odd for name in names if random.random() < 0.4}
    for service in SERVICES:
        judge(service, random.choice([200, 400, 401, 403, 404, 429, 500, 503]), headers, body)
    retry_after(odd)


def _is_json(body: bytes) -> bool:
    try:
        json.loads(body)
    except (ValueError, RecursionError):
        return False
    return True
