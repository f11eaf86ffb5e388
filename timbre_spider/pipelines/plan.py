"""The only stage of a dry run: what a run would ask, without asking."""

from typing import Self

from scrapy.crawler import Crawler
from scrapy.exceptions import DropItem
from scrapy.statscollectors import StatsCollector

from timbre_spider.extensions.context import Context
from timbre_spider.items import Answer, Outcome, Song
from timbre_spider.matching.albums.key import artist_part
from timbre_spider.matching.names.normalise import artist_key
from timbre_spider.matching.names.reading import read_name
from timbre_spider.pipelines.aoty.wanted import album_of, key_of
from timbre_spider.pipelines.open.facts import facts_of
from timbre_spider.pipelines.open.inquiry import recordings_of
from timbre_spider.pipelines.spotify.artists import restore
from timbre_spider.pipelines.spotify.match import track_from, want_of
from timbre_spider.pipelines.tags import asks_for_own
from timbre_spider.pipelines.validate import count_rejects, validated


class Plan:
    """Adds each song's questions that no fresh answer spares to the estimate; drops every song."""

    def __init__(self, context: Context, stats: StatsCollector) -> None:
        self._context = context
        self._stats = stats

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        return cls(Context.of(crawler), crawler.stats)

    async def process_item(self, song: Song) -> Song:
        rows, rejects = validated(song)
        count_rejects(self._stats, rejects)
        if rows:
            await self._estimate(song)
        raise DropItem("dry run")

    async def _estimate(self, song: Song) -> None:
        estimate = self._context.estimate
        key, artist = song.name_id, f"artist:{artist_key(song.artist_spelling)}"
        questions = [("spotify", key), ("open", key), ("lastfm", key), ("lastfm", artist)]
        known = await self._context.reader.answers(questions)
        tags = self._context.config.lastfm_tags
        if tags != "off" and _is_due(known.get(("lastfm", artist))):
            estimate.tags_of_artists.add(artist)
        if asks_for_own(song, tags):
            estimate.tags_of_songs += _is_due(known.get(("lastfm", key)))
        spotify = known.get(("spotify", key))
        openly = known.get(("open", key))
        estimate.songs_to_look_up += _is_due(openly)
        song.spotify = track_from(spotify.values) if spotify and spotify.values else None
        song.open = facts_of(recordings_of(openly.values)) if openly else None
        if self._is_asked(spotify):
            estimate.songs_without_spotify += 1
            estimate.artists_without_spotify.add(artist)
            await self._wait_for_spotify(song)
        await self._estimate_album(song, will_tell=_is_due(spotify) or _is_due(openly))

    async def _wait_for_spotify(self, song: Song) -> None:
        if self._context.spotify is not None:
            want = want_of(song)
            await restore(self._context, [want.artist_key])
            self._context.pool.add(want)

    def _is_asked(self, known: Answer | None) -> bool:
        """Whether Spotify is, in this run or a later one. An individual's key asks for nothing twice."""
        if known is None or known.outcome is Outcome.DEFERRED:
            return True
        again = known.outcome is not Outcome.FOUND or self._context.config.spotify_mode == "extended"
        return known.due and again

    async def _estimate_album(self, song: Song, *, will_tell: bool) -> None:
        """`will_tell`: somebody is yet to be asked for the album."""
        estimate, named = self._context.estimate, album_of(song)
        if named is None:
            if will_tell:
                estimate.songs_without_album[artist_part(read_name(song.artist, "").artist)] += 1
            return
        key, artist = key_of(*named), artist_part(named[0])
        if key not in estimate.albums_due.get(artist, {}):
            answer = await self._context.reader.answer("aoty", key)
            if _is_due(answer):
                estimate.albums_due[artist][key] = bool(answer and answer.values.get("url"))


def _is_due(answer: Answer | None) -> bool:
    return answer is None or answer.due
