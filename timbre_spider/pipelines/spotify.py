"""Stage 400: Spotify id, ISRC, album, duration, popularity."""

from collections.abc import AsyncIterator
from dataclasses import asdict
from datetime import timedelta
from functools import partial
from typing import Any

from scrapy.exceptions import NotConfigured
from scrapy.statscollectors import StatsCollector

from timbre_spider.extensions.context import Context
from timbre_spider.extensions.fetch import Fetch
from timbre_spider.items import Answer, Outcome, Song, SpotifyTrack
from timbre_spider.matching.choose import Choice, choose, is_certain
from timbre_spider.matching.normalise import artist_key
from timbre_spider.matching.record import Record
from timbre_spider.pipelines.stage import Stage
from timbre_spider.sources.spotify import artist_query, track_query

# From this many songs of an artist on, a page of the artist's tracks is likely to resolve several at once.
WORTH_A_PAGE = 3
# Spotify ranks an artist's tracks by popularity; what a listener heard is mostly on the first pages.
MOST_PAGES = 5
# In extended mode alone: in development mode a call is too scarce to ask again what is known.
STALE_AFTER = timedelta(days=7)


class Spotify(Stage):
    """Looks in the artist's pages first, which all songs of the artist share, then asks for the song alone.

    Which pages are looked at depends on the job's songs only, never on what was answered before,
    so a run that was killed and repeated chooses the same tracks.
    """

    source = "spotify"

    def __init__(self, context: Context, fetch: Fetch, stats: StatsCollector) -> None:
        super().__init__(context, fetch, stats)
        if context.spotify is None:
            raise NotConfigured
        self._client = context.spotify

    def good_for(self) -> timedelta | None:
        """Extended mode may be asked anew; in development mode a call is worth more than what it would renew."""
        return STALE_AFTER if self._client.mode == "extended" else None

    def is_due(self, known: Answer) -> bool:
        """In development mode nothing that was found is asked for again."""
        return known.due and not (self._client.mode == "development" and known.outcome is Outcome.FOUND)

    async def enrich(self, song: Song) -> Outcome:
        key = song.name_id
        right = self._context.rules.overrides.spotify.get(key)
        if right:
            answer = await self.answer(song, f"track:{right}", partial(self._given, right))
        else:
            answer = await self.answer(song, key, partial(self._resolve, song))
        if answer.values:
            song.spotify = track_from(answer.values)
            if song.spotify.isrc:
                song.isrc, song.isrc_source = song.spotify.isrc, "spotify"
        return answer.outcome

    async def _resolve(self, song: Song, known: Answer | None) -> Answer:
        key = song.name_id
        if song.spotify is not None and (heard := await self._client.track(song.spotify.spotify_id)):
            return self.ended(key, Outcome.FOUND, values=asdict(heard), reason="the listener's history names it")
        wanted = Record(song.artist, song.title, duration_ms=song.rows[0].duration_ms)
        async for tracks in self._artist_pages(song):
            track, choice = chosen(wanted, tracks)
            if track and choice and is_certain(choice):
                return self._found(key, track, choice)
        track, choice = chosen(wanted, await self._client.search_tracks(track_query(song.artist, song.title)))
        if track and choice:
            return self._found(key, track, choice)
        return self.ended(key, Outcome.ABSENT, reason="no candidate matched well enough")

    async def _given(self, spotify_id: str, known: Answer | None) -> Answer:
        """The track a person named."""
        key = f"track:{spotify_id}"
        track = await self._client.track(spotify_id)
        if track is None:
            return self.ended(key, Outcome.ABSENT, reason="Spotify has no track of the id a person named")
        return self.ended(key, Outcome.FOUND, values=asdict(track), reason="a person named it")

    async def _artist_pages(self, song: Song) -> AsyncIterator[list[SpotifyTrack]]:
        """Pages of the artist's tracks, about as many tracks as the artist has songs in the job.

        How many there are on a page is kept with the answer: what Spotify allows may be unknown in another run.
        """
        if song.artist_songs < WORTH_A_PAGE:
            return
        size = 0
        for page in range(MOST_PAGES):
            answer = await self._artist_page(song, page, page * size)
            tracks = [track_from(values) for values in answer.values.get("tracks", ())]
            yield tracks
            size = answer.values.get("page_size", 0)
            if answer.values.get("results", len(tracks)) < size or not size or (page + 1) * size >= song.artist_songs:
                return

    async def _artist_page(self, song: Song, page: int, offset: int) -> Answer:
        key = f"artist:{artist_key(song.artist_spelling)}#{page}"

        async def ask(known: Answer | None) -> Answer:
            found = await self._client.search_page(artist_query(song.artist_spelling), offset)
            values: dict[str, Any] = {
                "page_size": self._client.page_size,
                # With what is no track: a page is the last when it is not full, whatever fills it.
                "results": found.results,
                "tracks": [asdict(track) for track in found.tracks],
            }
            return self.ended(key, Outcome.FOUND, values=values)

        return await self.answer(song, key, ask, page + 1)

    def _found(self, key: str, track: SpotifyTrack, choice: Choice) -> Answer:
        verdict = choice.comparison
        return self.ended(
            key,
            Outcome.FOUND,
            values=asdict(track),
            score=round(verdict.score, 4),
            tier=verdict.tier.value,
            reason=verdict.reason,
        )


def chosen(wanted: Record, tracks: list[SpotifyTrack]) -> tuple[SpotifyTrack | None, Choice | None]:
    """The track that `wanted` is, with the verdict; (None, None) when there is none."""
    choice = choose(wanted, [record_of(track) for track in tracks])
    return (tracks[choice.index], choice) if choice else (None, None)


def record_of(track: SpotifyTrack) -> Record:
    """A track as the matcher sees it."""
    return Record(
        ", ".join(track.artists),
        track.title,
        album=track.album_name,
        duration_ms=track.duration_ms,
        year=int(track.release_date[:4]) if track.release_date else None,
        isrc=track.isrc,
        spotify_id=track.spotify_id,
        track_number=track.track_number,
    )


def track_from(values: dict[str, Any]) -> SpotifyTrack:
    """The track an answer holds."""
    return SpotifyTrack(**{**values, "artists": tuple(values["artists"])})
