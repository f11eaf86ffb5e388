"""Asking Spotify: through its gate, in worker threads, patiently."""

import asyncio
import logging
import re
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from typing import Any, Literal, Self

from timbre_spider.config import Config
from timbre_spider.errors import KeyRejected, Parked, SourceError, Unusable
from timbre_spider.items import SpotifyAlbum
from timbre_spider.sources.asking import patiently
from timbre_spider.sources.gate import Gate
from timbre_spider.sources.judge import FINE, Judgement, judge
from timbre_spider.sources.spotify.calls import Calls
from timbre_spider.sources.spotify.failure import CallFailure, Denied, as_failure
from timbre_spider.sources.spotify.read import (
    Page,
    read_album,
    read_album_list,
    read_album_tracks,
    read_artist_albums,
    read_search,
    read_track,
    read_track_list,
)

logger = logging.getLogger(__name__)

Mode = Literal["auto", "development", "extended"]

# Search results a page [docs, February 2026]; asking for more is answered 400 "Invalid limit" [observed].
_PAGE_SIZES = {"development": 10, "extended": 50}
# [docs]
_DEEPEST_OFFSET = 1000
TRACKS_A_PAGE = 50
_ID = re.compile(r"[0-9A-Za-z]{1,64}")


class SpotifyClient:
    """Searches, tracks and albums; `mode` holds once `find_mode` has found it out, where it is not told to be
    "development".

    Every question raises KeyRejected, Refused, Parked, Stopped or Unusable when it cannot be answered.
    """

    def __init__(
        self,
        calls: Calls,
        gate: Gate,
        *,
        mode: Mode = "auto",
        market: str = "US",
        threads: int = 8,
    ) -> None:
        self.mode = mode
        self._locked: dict[str, Parked] = {}
        self._calls = calls
        self._gate = gate
        self._market = market
        self._threads = ThreadPoolExecutor(threads, thread_name_prefix="spotify")
        # A key told to be a development one is believed; of any other only an answer tells what it may.
        self.mode_is_known = mode == "development"

    @classmethod
    def from_config(cls, config: Config, gate: Gate) -> Self:
        """The client of a crawl. Raises KeyRejected when there is no key."""
        client_id, secret = config.spotify_client_id, config.spotify_client_secret
        if client_id is None or secret is None:
            raise KeyRejected("Spotify needs both SPOTIFY_CLIENT_ID and SPOTIFY_CLIENT_SECRET: set them.")
        if not (client_id.get_secret_value() + secret.get_secret_value()).isascii():
            raise KeyRejected("SPOTIFY_CLIENT_ID or SPOTIFY_CLIENT_SECRET has a letter no key has: copy it again.")
        threads = gate.max_in_flight or config.scrape_concurrency
        calls = Calls.from_config(
            config,
            connections=threads,
            traffic=gate.traffic,
            is_shut=lambda kind: gate.is_shut or client.is_locked(kind),
        )
        market = config.spotify_market
        client = cls(calls, gate, mode=config.spotify_mode, market=market, threads=threads)
        return client

    def is_locked(self, bucket: str) -> bool:
        """Whether this kind of endpoint has told us to leave it alone until a time still to come."""
        locked = self._locked.get(bucket)
        return locked is not None and locked.until > self._gate.now()

    async def find_mode(self) -> None:
        """Settles `mode`, by a search for more results than an individual's key gets."""
        most = _PAGE_SIZES["extended"]
        try:
            await self._ask("search", lambda: self._calls.search("a", most, 0, self._market, albums=False))
        except Denied as denied:
            if "limit" not in denied.failure.message.lower():
                raise
            if self.mode == "extended":
                logger.warning("SPOTIFY_MODE says extended, the key is in development mode: going on so.")
            self.mode = "development"
        else:
            self.mode = "extended"
        self.mode_is_known = True
        logger.info("Spotify's key is in %s mode: %s results a search.", self.mode, self.page_size)

    @property
    def page_size(self) -> int:
        """Results a search brings at most, as far as is known."""
        return _PAGE_SIZES["extended" if self.mode == "extended" else "development"]

    @property
    def together(self) -> bool:
        """Whether several albums or tracks go into one call, as far as is known."""
        return self.mode == "extended"

    async def search_page(self, query: str, offset: int = 0, *, albums: bool = False) -> Page:
        """One page of tracks, and of albums too; `offset` counts results and goes up to 1,000."""
        if offset > _DEEPEST_OFFSET:
            return Page([])
        limit = self.page_size
        answer = await self._ask(
            "search", lambda: self._calls.search(query, limit, offset, self._market, albums=albums)
        )
        page = read_search(answer, extended=self.mode == "extended")
        if page is None:
            raise Unusable("Spotify's answer holds no tracks: try again later.")
        return page

    async def track(self, spotify_id: str) -> Page:
        """One track; an empty page if there is none of this id."""
        if not _ID.fullmatch(spotify_id):
            return Page([])
        answer = await self._ask_by_id("tracks", lambda: self._calls.track(spotify_id, self._market))
        track = read_track(answer, extended=self.mode == "extended")
        return Page([track] if track else [])

    async def tracks(self, spotify_ids: Sequence[str]) -> Page:
        """Up to 50 tracks; those that are there."""
        answer = await self._ask_by_id("tracks", lambda: self._calls.tracks(spotify_ids, self._market))
        return read_track_list(answer, extended=True) or Page([])

    async def album(self, album_id: str) -> Page:
        """An album and its first 50 tracks; an empty page if there is none of this id."""
        if not _ID.fullmatch(album_id):
            return Page([])
        answer = await self._ask_by_id("albums", lambda: self._calls.album(album_id, self._market))
        return read_album(answer) or Page([])

    async def albums(self, album_ids: Sequence[str]) -> Page:
        """Up to 20 albums with their first 50 tracks; those that are there."""
        answer = await self._ask_by_id("albums", lambda: self._calls.albums(album_ids, self._market))
        return read_album_list(answer) or Page([])

    async def album_tracks(self, album: SpotifyAlbum, offset: int = 0) -> Page:
        """Up to 50 tracks of an album."""
        answer = await self._ask_by_id(
            "albums/tracks",
            lambda: self._calls.album_tracks(album.album_id, TRACKS_A_PAGE, offset, self._market),
        )
        return read_album_tracks(answer, album) or Page([])

    async def artist_albums(self, artist_id: str, offset: int = 0) -> Page:
        """A page of an artist's albums, as many as a search brings results."""
        if not _ID.fullmatch(artist_id):
            return Page([])
        limit = self.page_size
        answer = await self._ask_by_id(
            "artists/albums", lambda: self._calls.artist_albums(artist_id, limit, offset, self._market)
        )
        return read_artist_albums(answer) or Page([])

    async def check_key(self) -> None:
        """Whether the key gets a token, which costs no quota; raises as every question does."""
        await self._ask("token", lambda: True)

    def close(self) -> None:
        """Start nothing more; a call under way ends by itself within 10 s."""
        self._threads.shutdown(wait=False)
        self._calls.close()

    async def _ask_by_id(self, bucket: str, call: Callable[[], Any]) -> Any:
        try:
            return await self._ask(bucket, call)
        except Denied as denied:
            # An id that cannot be one is answered with 400 "Invalid base62 id" [observed].
            if denied.failure.status in (400, 404):
                return None
            raise

    async def _ask(self, bucket: str, call: Callable[[], Any]) -> Any:
        """The answer to a call of `Calls`. A kind of endpoint that is locked is asked nothing; the others go on."""

        def lock(until: datetime, reason: str) -> bool:
            self._locked[bucket] = Parked(until, reason)
            # Whoever plans the calls says what is locked.
            return False

        async with self._gate.hold():
            answer = await patiently(self._gate, lambda is_retry: self._judged(bucket, call, is_retry), lock)
        if isinstance(answer, CallFailure):
            raise Denied(answer)
        return answer

    async def _judged(self, bucket: str, call: Callable[[], Any], is_retry: bool) -> tuple[Any, Judgement]:
        """An answer or a CallFailure, asked again with a fresh token where the one at hand has run out."""
        if self.is_locked(bucket):
            locked = self._locked[bucket]
            raise Parked(locked.until, str(locked))
        self._gate.traffic.retries += is_retry
        answer, token = await self._try(call, None)
        if isinstance(answer, CallFailure) and answer.status == 401 and token is not None:
            await self._gate.turn()
            answer, _ = await self._try(call, token)
        if isinstance(answer, CallFailure):
            return answer, judge("spotify", answer.status, answer.headers, answer.body)
        return answer, FINE

    async def _try(self, call: Callable[[], Any], rejected: str | None) -> tuple[Any, str | None]:
        """An answer or a CallFailure, and the token it was asked with. Raises NoAnswer."""
        token = self._calls.cached_token()
        try:
            if token is None or token == rejected:
                token = await self._in_thread(lambda: self._calls.fetch_token(rejected))
                # One thread may be blocked for 10 s; after a stop signal that is enough.
                self._gate.raise_if_shut()
            answer = await self._in_thread(call)
        except SourceError:
            raise
        except Exception as error:
            return as_failure(error), token
        # spotipy returns None for a body that is no JSON [read in its source].
        return (CallFailure(200) if answer is None else answer), token

    async def _in_thread(self, call: Callable[[], Any]) -> Any:
        return await asyncio.get_running_loop().run_in_executor(self._threads, call)
