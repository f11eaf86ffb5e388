"""Makes the calls the planner chooses, one after the other, for as long as songs wait."""

import asyncio

from timbre_spider.errors import KeyRejected, NotTaken, Parked, Refused, SourceError, Stopped
from timbre_spider.extensions.context import Context
from timbre_spider.items import Answer
from timbre_spider.pipelines.spotify.allowed import Allowed
from timbre_spider.pipelines.spotify.artists import learn_beforehand, restore
from timbre_spider.pipelines.spotify.links import Links
from timbre_spider.pipelines.spotify.questions import put
from timbre_spider.pipelines.spotify.reading import Reading
from timbre_spider.pipelines.spotify.waiting import WaitingRoom
from timbre_spider.pipelines.stage import Stage
from timbre_spider.planning.calls import ALONE, Bucket, Call
from timbre_spider.planning.want import Want
from timbre_spider.sources.spotify.client import SpotifyClient

# A service that gives so many calls in a row no usable answer is lost for the run.
LOST_AFTER = 5


class Asker:
    """One call at a time: no second one of its kind is under way when the first is told that its quota is used up."""

    def __init__(self, context: Context, client: SpotifyClient, stage: Stage) -> None:
        self._context = context
        self._client = client
        self._pool = context.pool
        self._gate = context.gates["spotify"]
        self._allowed = Allowed(context)
        self._waiting = WaitingRoom(context.pool)
        self._reading = Reading(context, stage, self._waiting, self._allowed)
        self._links = Links(context)
        self._serving: asyncio.Task[None] | None = None
        self._in_vain = 0

    async def about(self, want: Want, known: Answer | None) -> Answer:
        """The answer about a song in work, once a call brought it or none will. Raises what ended the asking."""
        await restore(self._context, [want.artist_key])
        self._context.beforehand.came(want.key)
        if before := self._waiting.told_before(want.key):
            return before
        if want.unproven and self._pool.artist(want.artist_key).refuted.get(want.key) == want.spotify_id:
            want.spotify_id, want.unproven = "", False
        reply = self._waiting.enter(want, known)
        if self._serving is None or self._serving.done():
            self._serving = asyncio.create_task(self._serve())
        return await reply

    async def _serve(self) -> None:
        # Those of the same turn of the loop are planned for together.
        await asyncio.sleep(0)
        try:
            while self._waiting:
                await self._next()
                if not self._waiting:
                    await self._links.rest()
        except Exception as error:
            for key, waiting in self._waiting:
                self._waiting.tell(key, waiting.found or error)

    async def _next(self) -> None:
        self._gate.raise_if_shut()
        left = await self._allowed.left()
        if not self._client.mode_is_known and Bucket.SEARCH in left:
            await self._find_mode()
            return
        scarce = left.get(Bucket.SEARCH, 0) < len(self._pool)
        if scarce:
            await learn_beforehand(self._context)
            self._links.go_on()
        call = self._pool.next_call(left, scarce=scarce)
        if call is None and self._links.is_asking:
            await self._links.rest()
        elif call is None:
            await self._release()
        elif scarce and (artist := self._links.due_before(call)):
            # An album that is known may find what the call would, and leave it for another artist.
            await self._links.ask_first(artist)
        elif await self._allowed.take(call.bucket):
            await self._make(call)

    async def _find_mode(self) -> None:
        if await self._allowed.take(Bucket.SEARCH):
            try:
                await self._client.find_mode()
            except Parked as parked:
                await self._allowed.lock(Bucket.SEARCH, parked)
            if self._client.together:
                self._context.spotify_calls.is_extended()
                self._allowed.forget()
            size = self._client.page_size
            self._pool.become(size, size, together=self._client.together)

    async def _make(self, call: Call) -> None:
        try:
            page = await put(call, self._client, self._pool)
        except Parked as parked:
            await self._allowed.lock(call.bucket, parked)
        except (KeyRejected, Refused, Stopped):
            raise
        except SourceError as error:
            self._pool.made(call, None)
            for key in call.about if call.kind in ALONE else ():
                self._waiting.tell(key, error)
            self._in_vain += not isinstance(error, NotTaken)
            if self._in_vain >= LOST_AFTER:
                reason = (
                    f"Spotify gave {LOST_AFTER} calls in a row no usable answer: it is asked again in the next run."
                )
                self._gate.refuse(reason)
                raise Refused(reason) from None
        else:
            self._in_vain = 0
            await self._reading.read(call, page, self._client.page_size)

    async def _release(self) -> None:
        """Nothing more may be asked: who waits is told when there is more, or that there is nothing to be had."""
        until, is_used_up = self._allowed.back_at, self._allowed.is_used_up
        artists = {want.artist_key for key, _ in self._waiting if (want := self._pool.get(key))}
        await self._reading.remember(await self._reading.settle(artists))
        for key, waiting in self._waiting:
            if waiting.found is not None:
                self._waiting.tell(key, waiting.found)
            elif is_used_up:
                reason = f"what may be asked of Spotify in a day is asked; more from {until:%Y-%m-%d %H:%M} UTC on"
                self._waiting.tell(key, Parked(until, reason))
            else:
                self._waiting.tell(key, self._reading.absent(key))
        self._allowed.forget()
