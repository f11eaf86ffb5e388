"""Stage 300: Spotify id, ISRC, album, duration, popularity."""

from dataclasses import asdict
from datetime import timedelta
from functools import partial
from math import ceil
from typing import Any

from scrapy.crawler import Crawler

from timbre_spider.items import Answer, Outcome, Song, SpotifyTrack
from timbre_spider.matching.choose import Choice, choose
from timbre_spider.matching.compare import Tier
from timbre_spider.matching.identify import hash_id
from timbre_spider.matching.normalise import artist_key
from timbre_spider.matching.record import Record
from timbre_spider.pipelines.stage import Stage
from timbre_spider.sources.spotify import artist_query, track_query

# From this many songs of an artist on, a page of the artist's tracks is likely to resolve several at once.
WORTH_A_PAGE = 3
# Spotify ranks an artist's tracks by popularity; what a listener heard is mostly on the first pages.
MOST_PAGES = 5


class Spotify(Stage):
    """Looks in the artist's pages first, which all songs of the artist share, then asks for the song alone.

    Which pages are looked at depends on the job's songs only, never on what was answered before,
    so a run that was killed and repeated chooses the same tracks.
    """

    source = "spotify"

    def __init__(self, crawler: Crawler) -> None:
        super().__init__(crawler)
        self._client = self._connections.spotify
        if self._connections.config.spotify_mode == "extended":
            self.stale_after = timedelta(days=7)

    async def enrich(self, song: Song) -> Outcome:
        key = hash_id(song.name_key)
        right = self._connections.overrides.spotify.get(key)
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
        key = hash_id(song.name_key)
        wanted = Record(song.artist, song.title, duration_ms=song.rows[0].duration_ms)
        page = 0
        # Looked at anew each time: the size of a page may be known only after the first.
        while page < self._pages(song):
            track, choice = chosen(wanted, await self._artist_page(song, page))
            page += 1
            if track and choice and choice.comparison.tier >= Tier.HIGH:
                return self._found(key, known, track, choice)
        track, choice = chosen(wanted, await self._client.search_tracks(track_query(song.artist, song.title)))
        if track and choice:
            return self._found(key, known, track, choice)
        return self.ended(key, Outcome.ABSENT, known, reason="no candidate matched well enough")

    async def _given(self, spotify_id: str, known: Answer | None) -> Answer:
        """The track a person named."""
        key = f"track:{spotify_id}"
        track = await self._client.track(spotify_id)
        if track is None:
            return self.ended(key, Outcome.ABSENT, known, reason="Spotify has no track of the id a person named")
        return self.ended(key, Outcome.FOUND, known, values=asdict(track), reason="a person named it")

    def _pages(self, song: Song) -> int:
        if song.artist_songs < WORTH_A_PAGE:
            return 0
        return min(MOST_PAGES, ceil(song.artist_songs / self._client.page_size))

    async def _artist_page(self, song: Song, page: int) -> list[SpotifyTrack]:
        key = f"artist:{artist_key(song.artist)}#{page}"

        async def ask(known: Answer | None) -> Answer:
            offset = page * self._client.page_size
            tracks = await self._client.search_tracks(artist_query(song.artist), offset=offset)
            values: dict[str, Any] = {"tracks": [asdict(track) for track in tracks]}
            return self.ended(key, Outcome.FOUND, known, values=values)

        answer = await self.answer(song, key, ask)
        return [track_from(values) for values in answer.values.get("tracks", ())]

    def _found(self, key: str, known: Answer | None, track: SpotifyTrack, choice: Choice) -> Answer:
        verdict = choice.comparison
        return self.ended(
            key,
            Outcome.FOUND,
            known,
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
