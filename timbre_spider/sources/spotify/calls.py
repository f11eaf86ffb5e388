"""spotipy, set up for a crawl: blocking calls for worker threads."""

import logging
import threading
from collections.abc import Callable, Sequence
from typing import Any, Self
from urllib.parse import urlsplit

import requests
from requests.adapters import HTTPAdapter
from spotipy import Spotify
from spotipy.cache_handler import MemoryCacheHandler
from spotipy.oauth2 import SpotifyClientCredentials

from timbre_spider.config import Config
from timbre_spider.sources.traffic import Traffic

# Seconds to connect and between bytes: a thread that is asked to end does so within 10 s.
_TIMEOUT = (3.05, 6.0)


class Calls:
    """Threads may share it. With a session of its own spotipy neither retries nor sleeps by itself, and keeps
    Retry-After [measured]; with its default one it sleeps through a lock of a day.
    """

    def __init__(
        self,
        client_id: str,
        client_secret: str,
        *,
        base_url: str,
        auth_url: str,
        connections: int,
        user_agent: str,
        traffic: Traffic | None = None,
        is_shut: Callable[[str], bool] = lambda kind: False,
    ) -> None:
        """`is_shut`: whether a kind of endpoint is to be left alone; asked all the same, it is counted."""
        # It logs every failure as an error, and headers with tokens at DEBUG; our errors say the same once.
        logging.getLogger("spotipy").setLevel(logging.CRITICAL)
        self._session = requests.Session()
        self._session.headers["User-Agent"] = user_agent
        # Keeps a .netrc from replacing the token, but the environment's proxies and certificates in use.
        self._session.auth = _as_it_is
        # Spotify has no redirects [docs]: whoever answers with one is not asked for more.
        self._session.max_redirects = 0
        for scheme in ("https://", "http://"):
            self._session.mount(scheme, _CountingAdapter(traffic or Traffic(), is_shut, base_url, connections))
        self._credentials = SpotifyClientCredentials(
            client_id,
            client_secret,
            requests_session=self._session,
            requests_timeout=_TIMEOUT,
            cache_handler=MemoryCacheHandler(),
        )
        self._credentials.OAUTH_TOKEN_URL = auth_url
        self._spotify = Spotify(
            auth_manager=self._credentials, requests_session=self._session, requests_timeout=_TIMEOUT
        )
        self._spotify.prefix = base_url
        self._one_token = threading.Lock()

    @classmethod
    def from_config(
        cls,
        config: Config,
        *,
        connections: int = 1,
        traffic: Traffic | None = None,
        is_shut: Callable[[str], bool] = lambda kind: False,
    ) -> Self:
        """With the key of `config`, which must have one."""
        assert config.spotify_client_id is not None
        assert config.spotify_client_secret is not None
        return cls(
            config.spotify_client_id.get_secret_value(),
            config.spotify_client_secret.get_secret_value(),
            base_url=config.spotify_base_url,
            auth_url=config.spotify_auth_url,
            connections=connections,
            user_agent=config.user_agent,
            traffic=traffic,
            is_shut=is_shut,
        )

    def cached_token(self) -> str | None:
        """The token at hand, if it lives for another minute."""
        token = self._credentials.cache_handler.get_cached_token()
        fresh = token and not self._credentials.is_token_expired(token)
        return str(token["access_token"]) if fresh else None

    def fetch_token(self, refused: str | None) -> str:
        """A token other than the `refused` one; of several threads one asks for it."""
        with self._one_token:
            token = self.cached_token()
            if token is None or token == refused:
                token = str(self._credentials.get_access_token(as_dict=False, check_cache=False))
            return token

    def search(self, query: str, limit: int, offset: int, market: str, *, albums: bool) -> Any:
        """GET /search for tracks, and for albums too, each up to `limit`."""
        kinds = "track,album" if albums else "track"
        return self._spotify.search(query, limit=limit, offset=offset, type=kinds, market=market)

    def track(self, spotify_id: str, market: str) -> Any:
        """GET /tracks/{id}."""
        return self._spotify.track(spotify_id, market=market)

    def tracks(self, spotify_ids: Sequence[str], market: str) -> Any:
        """GET /tracks?ids, of extended mode."""
        return self._spotify.tracks(spotify_ids, market=market)

    def album(self, album_id: str, market: str) -> Any:
        """GET /albums/{id}."""
        return self._spotify.album(album_id, market=market)

    def albums(self, album_ids: Sequence[str], market: str) -> Any:
        """GET /albums?ids, of extended mode."""
        return self._spotify.albums(album_ids, market=market)

    def album_tracks(self, album_id: str, limit: int, offset: int, market: str) -> Any:
        """GET /albums/{id}/tracks."""
        return self._spotify.album_tracks(album_id, limit=limit, offset=offset, market=market)

    def artist_albums(self, artist_id: str, limit: int, offset: int, market: str) -> Any:
        """GET /artists/{id}/albums: albums and collections of the artist's own."""
        return self._spotify.artist_albums(
            artist_id, include_groups="album,compilation", country=market, limit=limit, offset=offset
        )

    def close(self) -> None:
        """Let go of connections."""
        self._session.close()


class _CountingAdapter(HTTPAdapter):
    """Tells the traffic of every request, tokens' included."""

    def __init__(self, traffic: Traffic, is_shut: Callable[[str], bool], base_url: str, connections: int) -> None:
        self._traffic, self._is_shut, self._base_url = traffic, is_shut, base_url
        super().__init__(pool_maxsize=connections)

    def send(self, request: requests.PreparedRequest, *args: Any, **options: Any) -> requests.Response:
        self._traffic.sent(while_shut=self._is_shut(_kind_of(request.url or "", self._base_url)))
        response = super().send(request, *args, **options)
        self._traffic.answered(response.status_code)
        return response


def _kind_of(url: str, base_url: str) -> str:
    """The kind of endpoint, as its quota is counted: "search", "albums", "albums/tracks"; a token's is no such kind."""
    match urlsplit(url.removeprefix(base_url)).path.strip("/").split("/"):
        case [things, _, parts]:
            return f"{things}/{parts}"
        case [things, *_]:
            return things
    return ""


def _as_it_is(request: requests.PreparedRequest) -> requests.PreparedRequest:
    return request
