"""Makes the calls the planner chooses, one after the other, and tells every song its answer."""

import asyncio
import logging
from collections.abc import Collection, Iterable
from dataclasses import replace
from datetime import timedelta

from timbre_spider.errors import KeyRejected, NotTaken, Parked, Refused, SourceError, Stopped
from timbre_spider.extensions.context import Context
from timbre_spider.items import Answer, Outcome, SpotifyTrack, fields_of
from timbre_spider.matching.names.normalise import artist_key
from timbre_spider.pipelines.spotify.artists import SEARCHES, learn_beforehand, remembered, restore, yields_remembered
from timbre_spider.pipelines.spotify.links import Links
from timbre_spider.pipelines.spotify.match import Hit, albums_by_artist, hits
from timbre_spider.pipelines.spotify.questions import put
from timbre_spider.pipelines.spotify.waiting import WaitingRoom
from timbre_spider.pipelines.stage import Stage
from timbre_spider.planning.budget import Allowance
from timbre_spider.planning.calls import BUCKETS, Bucket, Call, Kind
from timbre_spider.planning.want import Want
from timbre_spider.sources.spotify import Page
from timbre_spider.sources.spotify.client import SpotifyClient

logger = logging.getLogger(__name__)

# A service that gives so many calls in a row no usable answer is lost for the run.
LOST_AFTER = 5
# With nothing left and nobody telling when there is more.
_TRY_AGAIN = timedelta(hours=1)
_ALONE = frozenset({Kind.SONG, Kind.SONG_IN_WORDS, Kind.TRACK})


class Asker:
    """One call at a time: no second one of its kind is under way when the first is told that its quota is used up."""

    def __init__(self, context: Context, client: SpotifyClient, stage: Stage) -> None:
        self._context = context
        self._client = client
        self._calls = context.spotify_calls
        self._pool = context.pool
        self._ended = stage.ended
        self._waiting = WaitingRoom(context.pool)
        self._links = Links(context)
        self._serving: asyncio.Task[None] | None = None
        self._allowed: dict[Bucket, Allowance] = {}
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
        self._context.gates["spotify"].raise_if_shut()
        self._allowed = self._allowed or await self._calls.left()
        left = {bucket: each.left for bucket, each in self._allowed.items() if each.left > 0}
        if not self._client.mode_is_known and Bucket.SEARCH in left:
            await self._find_mode()
            return
        scarce = left.get(Bucket.SEARCH, 0) < len(self._pool)
        by_id = any(bucket in left for bucket in BUCKETS[Kind.ALBUM])
        if scarce:
            await learn_beforehand(self._context)
        if scarce and by_id:
            self._links.go_on()
        call = self._pool.next_call(left, scarce=scarce)
        if call is None and by_id and self._links.is_asking:
            await self._links.rest()
        elif call is None:
            await self._release()
        elif scarce and by_id and self._links.is_due(call.artists[0]):
            # An album that is known by its id may find what the call would, and leave it for another artist.
            await self._links.ask_first(call.artists[0])
        elif await self._may(call.bucket):
            await self._make(call)

    async def _find_mode(self) -> None:
        if await self._may(Bucket.SEARCH):
            try:
                await self._client.find_mode()
            except Parked as parked:
                await self._lock(Bucket.SEARCH, parked)
            if self._client.together:
                self._calls.is_extended()
                self._allowed = {}
            size = self._client.page_size
            self._pool.become(size, size, together=self._client.together)

    async def _may(self, bucket: Bucket) -> bool:
        allowed = self._allowed[bucket]
        if await self._calls.take(bucket, allowed.budget):
            self._allowed[bucket] = replace(allowed, left=allowed.left - 1)
            return True
        # Another worker took the last one.
        self._allowed = await self._calls.left()
        now = self._allowed[bucket]
        self._allowed[bucket] = replace(now, left=0, back_at=now.back_at or self._context.clock() + _TRY_AGAIN)
        return False

    async def _make(self, call: Call) -> None:
        try:
            page = await put(call, self._client, self._pool)
        except Parked as parked:
            await self._lock(call.bucket, parked)
        except (KeyRejected, Refused, Stopped):
            raise
        except SourceError as error:
            self._pool.made(call, None)
            for key in call.about if call.kind in _ALONE else ():
                self._waiting.tell(key, error)
            self._in_vain += not isinstance(error, NotTaken)
            if self._in_vain >= LOST_AFTER:
                reason = (
                    f"Spotify gave {LOST_AFTER} calls in a row no usable answer: it is asked again in the next run."
                )
                self._context.gates["spotify"].refuse(reason)
                raise Refused(reason) from None
        else:
            self._in_vain = 0
            await self._read(call, page)

    async def _lock(self, bucket: Bucket, parked: Parked) -> None:
        await self._calls.lock(bucket, parked.until)
        self._allowed[bucket] = Allowance(0, self._allowed[bucket].budget, parked.until)
        logger.warning("%s. Of its kinds of endpoints that is %s; the others are asked on.", parked, bucket)

    async def _read(self, call: Call, page: Page) -> None:
        found = list(hits(self._pool, page.tracks, call.artists, call.about if call.kind in _ALONE else ()))
        told = albums_by_artist(self._pool, page.tracks, page.albums)
        if call.kind is Kind.TRACK:
            self._read_tracks(call, page.tracks)
        for hit in found:
            await self._found(hit, call.kind)
        self._pool.made(call, len(found))
        self._learn_of(call, page)
        for key, albums in told.items():
            self._pool.tell_of(key, albums.values())
        ended = [key for key in call.artists if await self._settle(key)]
        await self._remember(dict.fromkeys([*self._taught(call), *ended]))

    def _learn_of(self, call: Call, page: Page) -> None:
        artist = self._pool.artist(call.artists[0])
        end = call.page * self._client.page_size
        if call.kind is Kind.ARTIST_PAGE:
            artist.total = page.total if page.results else min(artist.total or end, end)
        elif call.kind is Kind.ARTIST_ALBUMS:
            artist.albums_total = page.total if page.results else min(artist.albums_total or end, end)
        elif call.kind in _ALONE:
            return
        for track in page.tracks:
            if track.artist_id and not artist.artist_id and artist_key(track.artists[0]) == artist.key:
                artist.artist_id = track.artist_id

    async def _found(self, hit: Hit, kind: Kind) -> None:
        verdict = hit.choice.comparison
        answer = self._ended(
            hit.want.key,
            Outcome.FOUND,
            values=fields_of(hit.track),
            score=round(verdict.score, 4),
            tier=verdict.tier.value,
            reason=f"{verdict.reason}; found by {kind}",
        )
        waiting = self._waiting.get(hit.want.key)
        self._pool.remove(hit.want.key)
        if waiting is None:
            self._waiting.keep(answer)
            await self._context.writer.record([answer])
        elif hit.track.isrc or hit.want.isrcs or self._allowed[Bucket.TRACKS].left <= 0:
            self._waiting.tell(hit.want.key, answer)
        else:
            # Tracks of albums come without their ISRC, and nobody else knew one.
            waiting.found = answer
            await self._context.writer.record([answer])
            by_id = replace(hit.want, spotify_id=hit.track.spotify_id, only_isrc=True, unproven=False)
            self._pool.add(by_id)

    def _read_tracks(self, call: Call, tracks: list[SpotifyTrack]) -> None:
        """Tracks that are their songs' whatever they are called; all others are matched."""
        by_id = {track.spotify_id: track for track in tracks}
        for key in call.about:
            want, waiting = self._pool.get(key), self._waiting.get(key)
            if want is None or waiting is None or not want.is_found:
                continue
            # Asked for by itself a track may come back under the id it has in the market [docs: relinking].
            track = by_id.get(want.spotify_id) or (tracks[0] if len(call.about) == len(tracks) == 1 else None)
            before = waiting.found or waiting.known
            if track is not None:
                same = replace(track, spotify_id=want.spotify_id)
                self._waiting.tell(key, self._renewed(key, same, before))
            elif waiting.found is not None:
                self._waiting.tell(key, waiting.found)
            elif key.startswith("track:"):
                reason = "Spotify has no track of the id a person named"
                self._waiting.tell(key, self._ended(key, Outcome.ABSENT, reason=reason))
            else:
                self._pool.add(replace(want, spotify_id="", tried=frozenset()))

    def _taught(self, call: Call) -> Collection[str]:
        """The artists of whom more is known by now."""
        if call.kind is Kind.TRACK:
            return self._refuted(call)
        if call.kind in _ALONE:
            # A song that was found leaves the albums it told of to the artist's others.
            return [key for key in call.artists if self._pool.wants_of(key)]
        return call.artists

    def _refuted(self, call: Call) -> set[str]:
        """Takes down which tracks turned out to be another song's; the artists of the songs they were taken for."""
        wants = [want for key in call.about if (want := self._pool.get(key)) and want.unproven]
        for want in wants:
            self._pool.artist(want.artist_key).refuted[want.key] = want.spotify_id
        return {want.artist_key for want in wants}

    def _renewed(self, key: str, track: SpotifyTrack, before: Answer | None) -> Answer:
        if before is None:
            reason = "a person named it" if key.startswith("track:") else "the listener's history names it"
            return self._ended(key, Outcome.FOUND, values=fields_of(track), reason=reason)
        return self._ended(
            key, Outcome.FOUND, values=fields_of(track), score=before.score, tier=before.tier, reason=before.reason
        )

    async def _remember(self, artists: Iterable[str]) -> None:
        known = [remembered(self._pool.artist(key), self._context) for key in artists]
        await self._context.writer.record([*known, yields_remembered(self._context)])

    async def _settle(self, artist_key: str) -> bool:
        """Songs of the artist's that no call is worth making for are absent; whether some had been searched: when they
        are due, they are again."""
        hopeless = self._pool.hopeless(artist_key)
        for want in hopeless:
            answer = self._ended(want.key, Outcome.ABSENT, reason="no candidate matched well enough")
            waiting = self._waiting.get(want.key)
            if waiting is None:
                self._waiting.keep(answer)
                await self._context.writer.record([answer])
            self._waiting.tell(want.key, waiting.found or answer if waiting else answer)
        return any(want.tried & SEARCHES for want in hopeless)

    async def _release(self) -> None:
        """Nothing more may be asked: who waits is told when there is more, or that there is nothing to be had."""
        back_at = [each.back_at for each in self._allowed.values() if each.back_at is not None]
        search = self._allowed[Bucket.SEARCH].back_at
        until = search or min(back_at, default=self._context.clock() + _TRY_AGAIN)
        artists = {want.artist_key for key, _ in self._waiting if (want := self._pool.get(key))}
        await self._remember([key for key in artists if await self._settle(key)])
        for key, waiting in self._waiting:
            if waiting.found is not None:
                self._waiting.tell(key, waiting.found)
            elif any(each.left <= 0 for each in self._allowed.values()):
                reason = f"what may be asked of Spotify in a day is asked; more from {until:%Y-%m-%d %H:%M} UTC on"
                self._waiting.tell(key, Parked(until, reason))
            else:
                self._waiting.tell(key, self._ended(key, Outcome.ABSENT, reason="no candidate matched well enough"))
        self._allowed = {}
