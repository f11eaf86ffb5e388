"""What a call brought: told to the songs that wait, whosoever call it was, and kept of their artists."""

from collections.abc import Collection, Iterable
from dataclasses import replace

from timbre_spider.extensions.context import Context
from timbre_spider.items import Answer, Outcome, SpotifyTrack, fields_of
from timbre_spider.matching.names.normalise import artist_key
from timbre_spider.pipelines.spotify.allowed import Allowed
from timbre_spider.pipelines.spotify.artists import SEARCHES, remembered, yields_remembered
from timbre_spider.pipelines.spotify.match import Hit, albums_by_artist, hits
from timbre_spider.pipelines.spotify.waiting import WaitingRoom
from timbre_spider.pipelines.stage import Stage
from timbre_spider.planning.calls import ALONE, Bucket, Call, Kind
from timbre_spider.sources.spotify import Page


class Reading:
    """Takes songs out of the pool, and out of the waiting room, as answers tell of them."""

    def __init__(self, context: Context, stage: Stage, waiting: WaitingRoom, allowed: Allowed) -> None:
        self._context = context
        self._pool = context.pool
        self._ended = stage.ended
        self._waiting = waiting
        self._allowed = allowed

    async def read(self, call: Call, page: Page, page_size: int) -> None:
        """Uses all that an answer to `call` tells."""
        found = list(hits(self._pool, page.tracks, call.artists, call.about if call.kind in ALONE else ()))
        told = albums_by_artist(self._pool, page.tracks, page.albums)
        if call.kind is Kind.TRACK:
            self._read_tracks(call, page.tracks)
        for hit in found:
            await self._found(hit, call.kind)
        self._pool.made(call, len(found))
        self._learn_of(call, page, page_size)
        for key, albums in told.items():
            self._pool.tell_of(key, albums.values())
        ended = await self.settle(call.artists)
        await self.remember(dict.fromkeys([*self._taught(call), *ended]))

    async def settle(self, artists: Iterable[str]) -> list[str]:
        """Songs of these artists that no call is worth making for are absent; the artists of whom some had been
        searched: when they are due, they are again."""
        return [key for key in artists if await self._is_settled(key)]

    async def remember(self, artists: Iterable[str]) -> None:
        """Keeps what is known of artists, and what calls bring."""
        known = [remembered(self._pool.artist(key), self._context) for key in artists]
        await self._context.writer.record([*known, yields_remembered(self._context)])

    def absent(self, key: str) -> Answer:
        """The answer about a song for which nothing is left to ask."""
        return self._ended(key, Outcome.ABSENT, reason="no candidate matched well enough")

    def _learn_of(self, call: Call, page: Page, page_size: int) -> None:
        artist = self._pool.artist(call.artists[0])
        end = call.page * page_size
        if call.kind is Kind.ARTIST_PAGE:
            artist.total = page.total if page.results else min(artist.total or end, end)
        elif call.kind is Kind.ARTIST_ALBUMS:
            artist.albums_total = page.total if page.results else min(artist.albums_total or end, end)
        elif call.kind in ALONE:
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
        elif hit.track.isrc or hit.want.isrcs or not self._allowed.may_be_asked(Bucket.TRACKS):
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
            if track is not None:
                same = replace(track, spotify_id=want.spotify_id)
                self._waiting.tell(key, self._renewed(key, same, waiting.found or waiting.known))
            elif waiting.found is not None:
                self._waiting.tell(key, waiting.found)
            elif key.startswith("track:"):
                reason = "Spotify has no track of the id a person named"
                self._waiting.tell(key, self._ended(key, Outcome.ABSENT, reason=reason))
            else:
                self._pool.add(replace(want, spotify_id="", tried=frozenset()))

    def _renewed(self, key: str, track: SpotifyTrack, before: Answer | None) -> Answer:
        if before is None:
            reason = "a person named it" if key.startswith("track:") else "the listener's history names it"
            return self._ended(key, Outcome.FOUND, values=fields_of(track), reason=reason)
        return self._ended(
            key, Outcome.FOUND, values=fields_of(track), score=before.score, tier=before.tier, reason=before.reason
        )

    def _taught(self, call: Call) -> Collection[str]:
        """The artists of whom more is known by now."""
        if call.kind is Kind.TRACK:
            return self._refuted(call)
        if call.kind in ALONE:
            # A song that was found leaves the albums it told of to the artist's others.
            return [key for key in call.artists if self._pool.wants_of(key)]
        return call.artists

    def _refuted(self, call: Call) -> set[str]:
        """Takes down which tracks turned out to be another song's; the artists of the songs they were taken for."""
        wants = [want for key in call.about if (want := self._pool.get(key)) and want.unproven]
        for want in wants:
            self._pool.artist(want.artist_key).refuted[want.key] = want.spotify_id
        return {want.artist_key for want in wants}

    async def _is_settled(self, artist_key: str) -> bool:
        hopeless = self._pool.hopeless(artist_key)
        for want in hopeless:
            answer, waiting = self.absent(want.key), self._waiting.get(want.key)
            if waiting is None:
                self._waiting.keep(answer)
                await self._context.writer.record([answer])
            self._waiting.tell(want.key, waiting.found or answer if waiting else answer)
        return any(want.tried & SEARCHES for want in hopeless)
