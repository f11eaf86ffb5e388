"""What each service is asked about a few songs, by our own questions, and what our readers make of the answers."""

import json
import time
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any
from urllib.error import HTTPError, URLError
from urllib.parse import quote
from urllib.request import Request, urlopen

from timbre_spider.config import Config
from timbre_spider.errors import SourceError
from timbre_spider.sources import deezer, lastfm, listenbrainz, musicbrainz
from timbre_spider.sources.recording import Question
from timbre_spider.sources.spotify import album_query, artist_query, track_query
from timbre_spider.sources.spotify.calls import Calls
from timbre_spider.sources.spotify.failure import as_failure
from timbre_spider.sources.spotify.read import read_album, read_artist_albums, read_search, read_track

Song = tuple[str, str, str]
"""Artist, title and album."""

_TRIES = 3


@dataclass
class Told:
    """Answers by what was asked (`service what`), how many of them our reader found anything in, and what failed."""

    answers: defaultdict[str, list[Any]] = field(default_factory=lambda: defaultdict(list))
    read: defaultdict[str, int] = field(default_factory=lambda: defaultdict(int))
    failed: dict[str, str] = field(default_factory=dict)

    def add(self, what: str, answer: object, read: object) -> None:
        """An answer, and what our reader made of it."""
        self.answers[what].append(answer)
        self.read[what] += bool(read)


class Failed(Exception):
    """A service gave no answer; the text says why, for people."""


def ask_all(config: Config, songs: Sequence[Song], pause: float) -> Told:
    """Asks each service whose key is set, `pause` seconds between two questions; what fails ends that service."""
    told = Told()
    get = _Getting(config.user_agent, pause)
    services: list[tuple[str, Callable[[], None]]] = [
        ("listenbrainz", lambda: _ask_listenbrainz(config, songs, told, get)),
        ("deezer", lambda: _ask_deezer(config, songs, told, get)),
        ("musicbrainz", lambda: _ask_musicbrainz(config, songs, told, get)),
    ]
    if config.lastfm_api_key is not None and config.lastfm_username:
        services.append(("lastfm", lambda: _ask_lastfm(config, songs, told, get)))
    if config.spotify_client_id is not None and config.spotify_client_secret is not None:
        services.append(("spotify", lambda: _ask_spotify(config, songs, told, pause)))
    for service, ask in services:
        try:
            ask()
        except (Failed, SourceError) as error:
            told.failed[service] = str(error)
    return told


class _Getting:
    def __init__(self, user_agent: str, pause: float) -> None:
        self._user_agent, self._pause = user_agent, pause

    def __call__(self, question: Question, token: str = "", key: str = "") -> bytes:
        """The body of an answer. Raises Failed; no address is in its words, for it may hold a key."""
        headers = {**dict(question.headers), "User-Agent": self._user_agent}
        if token:
            headers["Authorization"] = f"Token {token}"
        url = question.url + (f"&api_key={quote(key)}" if key else "")
        for attempt in range(1, _TRIES + 1):
            time.sleep(self._pause * attempt)
            try:
                request = Request(url, question.body or None, headers, method=question.method)
                with urlopen(request, timeout=20) as answer:
                    return bytes(answer.read())
            except HTTPError as error:
                if attempt == _TRIES or error.code not in (429, 503):
                    raise Failed(f"HTTP {error.code}: {error.read(120).decode(errors='replace')}") from None
            except (URLError, OSError) as error:
                if attempt == _TRIES:
                    raise Failed(f"no answer ({type(error).__name__})") from None
        raise AssertionError("the last attempt ends the loop")


def _ask_listenbrainz(config: Config, songs: Sequence[Song], told: Told, get: _Getting) -> None:
    base, names = config.listenbrainz_base_url, [(artist, title) for artist, title, _ in songs]
    token = config.listenbrainz_token.get_secret_value() if config.listenbrainz_token else ""
    body = get(listenbrainz.lookup_question(base, names), token)
    known = [found for found in listenbrainz.read_lookup(body, names) if found]
    told.add("listenbrainz look-up of several", json.loads(body), known)
    body = get(listenbrainz.recordings_question(base, [each.id for each in known]), token)
    read = [each for each in listenbrainz.read_recordings(body, known) if each.isrc]
    told.add("listenbrainz recordings", json.loads(body), read)
    for artist, title in names[:3]:
        body = get(listenbrainz.fuzzy_question(base, artist, title), token)
        told.add("listenbrainz look-up of one", json.loads(body), listenbrainz.read_fuzzy(body))


def _ask_deezer(config: Config, songs: Sequence[Song], told: Told, get: _Getting) -> None:
    for artist, title, _ in songs:
        body = get(deezer.search_question(config.deezer_base_url, artist, title))
        found = deezer.read_search(body)
        told.add("deezer search", json.loads(body), found)
        if found and found[0].album_id and len(told.answers["deezer album's tracks"]) < 3:
            album_id = found[0].album_id
            body = get(deezer.album_tracks_question(config.deezer_base_url, album_id))
            tracks, _ = deezer.read_album_tracks(body, found[0].album, album_id)
            told.add("deezer album's tracks", json.loads(body), tracks)


def _ask_musicbrainz(config: Config, songs: Sequence[Song], told: Told, get: _Getting) -> None:
    for artist, title, _ in songs:
        body = get(musicbrainz.search_question(config.musicbrainz_base_url, artist, title))
        found = musicbrainz.read_search(body)
        told.add("musicbrainz search", json.loads(body), found)
        release = next((each.album_id for each in found if each.album_id), None)
        if release and len(told.answers["musicbrainz release"]) < 2:
            body = get(musicbrainz.release_question(config.musicbrainz_base_url, release))
            told.add("musicbrainz release", json.loads(body), musicbrainz.read_release(body))


def _ask_lastfm(config: Config, songs: Sequence[Song], told: Told, get: _Getting) -> None:
    assert config.lastfm_api_key is not None
    base, user, key = config.lastfm_base_url, config.lastfm_username or "", config.lastfm_api_key.get_secret_value()

    def ask(url: str) -> bytes:
        return get(Question(url), key=key)

    body = ask(lastfm.chart_url(base, user, limit=10))
    page = lastfm.read_chart(body, user, 1, 10)
    told.add("lastfm chart", json.loads(body), page and page.rows)
    body = ask(lastfm.user_url(base, user))
    told.add("lastfm user", json.loads(body), lastfm.read_user_info(body, user))
    for artist, _, _ in songs[:3]:
        body = ask(lastfm.artist_tags_url(base, artist))
        told.add("lastfm tags of an artist", json.loads(body), lastfm.read_top_tags(body))


def _ask_spotify(config: Config, songs: Sequence[Song], told: Told, pause: float) -> None:
    with_key = Calls.from_config(config)
    try:
        for what, call, read in spotify_questions(with_key, songs, config.spotify_market):
            time.sleep(pause)
            answer = call()
            told.add(f"spotify {what}", answer, read(answer))
    except Exception as error:
        failure = as_failure(error)
        raise Failed(f"HTTP {failure.status}: {failure.message}") from None
    finally:
        with_key.close()


Asking = tuple[str, Callable[[], Any], Callable[[Any], object]]


def spotify_questions(calls: Calls, songs: Sequence[Song], market: str) -> Iterator[Asking]:
    """One kind of call after the other, as few as there are kinds: each counts for a quota of its own."""
    seen: dict[str, Any] = {}

    def searched(query: str, *, albums: bool = False) -> Any:
        seen["search"] = calls.search(query, 10, 0, market, albums=albums)
        return seen["search"]

    def tracks(answer: object) -> list[Any]:
        page = read_search(answer)
        return page.tracks if page else []

    for artist, title, album in songs[:3]:
        for query in (track_query(artist, title), album_query(artist, album), artist_query(artist)):
            yield "search", lambda query=query: searched(query, albums=True), tracks  # type: ignore[misc]
    found = tracks(seen["search"])
    if not found:
        return
    track = found[0]
    yield "track", lambda: calls.track(track.spotify_id, market), read_track
    yield "album", lambda: calls.album(track.album_id, market), read_album
    yield "album's tracks", lambda: calls.album_tracks(track.album_id, 50, 0, market), _has_items
    yield "artist's albums", lambda: calls.artist_albums(track.artist_id, 10, 0, market), read_artist_albums


def _has_items(answer: Any) -> bool:
    return bool(answer["items"])
