"""Asking Spotify: through its gate, in worker threads, patiently."""

import asyncio
import logging
import re
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any, Literal, Self

from timbre_spider.config import Config
from timbre_spider.errors import KeyRejected, Parked, Refused, SourceError, Unusable
from timbre_spider.items import SpotifyTrack
from timbre_spider.sources.gate import Gate
from timbre_spider.sources.spotify.calls import Calls
from timbre_spider.sources.spotify.failure import CallFailure, as_failure
from timbre_spider.sources.spotify.read import SearchPage, read_search, read_track
from timbre_spider.sources.spotify.verdict import Denied, Patience, wait_after

logger = logging.getLogger(__name__)

Mode = Literal["auto", "development", "extended"]

# Search results a page [docs, February 2026]; asking for more is answered 400 "Invalid limit" [observed].
_PAGE_SIZES = {"development": 10, "extended": 50, "auto": 50}
# [docs]
_DEEPEST_OFFSET = 1000
_ID = re.compile(r"[0-9A-Za-z]{1,64}")


class SpotifyClient:
    """Searches and tracks; `mode` is found out by the first search where it is "auto".

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
        patience: Patience | None = None,
    ) -> None:
        self.mode = mode
        self._calls = calls
        self._gate = gate
        self._market = market
        self._patience = patience or Patience()
        self._threads = ThreadPoolExecutor(threads, thread_name_prefix="spotify")
        self._finding_mode = asyncio.Lock()

    @classmethod
    def from_config(cls, config: Config, gate: Gate, patience: Patience | None = None) -> Self:
        """The client of a crawl. Raises KeyRejected when there is no key."""
        client_id, secret = config.spotify_client_id, config.spotify_client_secret
        if client_id is None or secret is None:
            raise KeyRejected("Spotify needs both SPOTIFY_CLIENT_ID and SPOTIFY_CLIENT_SECRET: set them.")
        if not (client_id.get_secret_value() + secret.get_secret_value()).isascii():
            raise KeyRejected("SPOTIFY_CLIENT_ID or SPOTIFY_CLIENT_SECRET has a letter no key has: copy it again.")
        threads = gate.max_in_flight or config.scrape_concurrency
        calls = Calls(
            client_id.get_secret_value(),
            secret.get_secret_value(),
            base_url=config.spotify_base_url,
            auth_url=config.spotify_auth_url,
            connections=threads,
            user_agent=config.user_agent,
            traffic=gate.traffic,
            is_shut=lambda: gate.is_shut,
        )
        market = config.spotify_market
        return cls(calls, gate, mode=config.spotify_mode, market=market, threads=threads, patience=patience)

    @property
    def page_size(self) -> int:
        """Results a search brings at most, as far as is known."""
        return _PAGE_SIZES[self.mode]

    async def search_tracks(self, query: str) -> list[SpotifyTrack]:
        """The first page of tracks in Spotify's order."""
        return (await self.search_page(query)).tracks

    async def search_page(self, query: str, offset: int = 0) -> SearchPage:
        """One page of tracks; `offset` counts results and goes up to 1,000."""
        if offset > _DEEPEST_OFFSET:
            return SearchPage([], 0)
        if self.mode == "auto":
            async with self._finding_mode:
                if self.mode == "auto":
                    return await self._search_for_mode(query, offset)
        return await self._search(query, offset)

    async def track(self, spotify_id: str) -> SpotifyTrack | None:
        """One track; None if there is none of this id."""
        if not _ID.fullmatch(spotify_id):
            return None
        try:
            answer = await self._ask(lambda: self._calls.track(spotify_id, self._market))
            return read_track(answer, extended=self.mode == "extended")
        except Denied as denied:
            # An id that cannot be one is answered with 400 "Invalid base62 id" [observed].
            if denied.failure.status in (400, 404):
                return None
            raise

    async def check_key(self) -> None:
        """Whether the key gets a token, which costs no quota; raises as every question does."""
        await self._ask(lambda: True)

    def close(self) -> None:
        """Start nothing more; a call under way ends by itself within 10 s."""
        self._threads.shutdown(wait=False)
        self._calls.close()

    async def _search_for_mode(self, query: str, offset: int) -> SearchPage:
        page = await self._search(query, offset)
        if self.mode == "auto":
            self.mode = "extended"
        logger.info("Spotify's key is in %s mode: %s results a search.", self.mode, self.page_size)
        return page

    async def _search(self, query: str, offset: int) -> SearchPage:
        limit = self.page_size
        try:
            answer = await self._ask(lambda: self._calls.search(query, limit, offset, self._market))
        except Denied as denied:
            if "limit" not in denied.failure.message.lower() or limit == _PAGE_SIZES["development"]:
                raise
            if self.mode == "extended":
                logger.warning("SPOTIFY_MODE says extended, the key is in development mode: going on so.")
            self.mode = "development"
            return await self._search(query, offset)
        page = read_search(answer, extended=limit > _PAGE_SIZES["development"])
        if page is None:
            raise Unusable("Spotify's answer holds no tracks: try again later.")
        return page

    async def _ask(self, call: Callable[[], Any]) -> Any:
        """The answer to a call of `Calls`; says once, in the log, when the gate is shut for all."""
        try:
            return await self._ask_patiently(call)
        except Parked as parked:
            if self._gate.park(parked.until, str(parked)):
                logger.warning("%s The run goes on without; songs not asked for are asked next time.", parked)
            raise
        except (KeyRejected, Refused) as error:
            if self._gate.refuse(str(error)):
                logger.warning("%s Spotify is asked nothing more in this run.", error)
            raise

    async def _ask_patiently(self, call: Callable[[], Any]) -> Any:
        rejected: str | None = None
        attempt = 0
        while True:
            async with self._gate:
                answer, token = await self._try(call, rejected)
            if not isinstance(answer, CallFailure):
                return answer
            if answer.status == 401 and rejected is None and token is not None:
                rejected = token
                continue
            attempt += 1
            wait = wait_after(answer, self._patience, attempt)
            self._gate.traffic.retries += 1
            if answer.status == 429:
                self._gate.pause(wait)
            else:
                await self._gate.rest(wait)

    async def _try(self, call: Callable[[], Any], rejected: str | None) -> tuple[Any, str | None]:
        """An answer or a CallFailure, and the token it was asked with."""
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
        return (CallFailure(200, "no JSON") if answer is None else answer), token

    async def _in_thread(self, call: Callable[[], Any]) -> Any:
        return await asyncio.get_running_loop().run_in_executor(self._threads, call)
