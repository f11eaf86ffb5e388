"""The only stage of a dry run: what a run would ask, without asking."""

import math
from typing import Self

from scrapy.crawler import Crawler
from scrapy.exceptions import DropItem
from scrapy.statscollectors import StatsCollector

from timbre_spider.extensions.context import Context
from timbre_spider.extensions.flow import count_flow
from timbre_spider.items import Answer, Song
from timbre_spider.matching.normalise import artist_key
from timbre_spider.pipelines.aoty import album_of, key_of
from timbre_spider.pipelines.open.facts import facts_of
from timbre_spider.pipelines.open.inquiry import recordings_of
from timbre_spider.pipelines.spotify_match import track_from
from timbre_spider.pipelines.validate import validated
from timbre_spider.planning.artist import MOST_PAGES

# What an individual's key gets; whether it is one, only asking would tell.
_PAGE_SIZE = 10
# From this many songs of an artist on, a page of the artist's tracks is likely to resolve several at once.
WORTH_A_PAGE = 3


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
        count_flow(self._stats, "rejected", len(rejects), sum(reject.playcount for reject in rejects))
        if rows:
            await self._estimate(song)
        raise DropItem("dry run")

    async def _estimate(self, song: Song) -> None:
        estimate = self._context.estimate
        key, artist = song.name_id, f"artist:{artist_key(song.artist_spelling)}"
        pages = [("spotify", f"{artist}#{number}") for number in range(pages_of(song.artist_songs))]
        questions = [("spotify", key), ("open", key), ("lastfm", artist), *pages]
        _, known = await self._context.reader.song(key, questions)
        if _is_due(known.get(("lastfm", artist))):
            estimate.tags_of_artists.add(artist)
        spotify = known.get(("spotify", key))
        if _is_due(spotify):
            estimate.artist_pages.update(page for source, page in pages if _is_due(known.get((source, page))))
            estimate.songs_on_pages += bool(pages)
            estimate.songs_alone += not pages
        openly = known.get(("open", key))
        estimate.songs_to_look_up += _is_due(openly)
        song.spotify = track_from(spotify.values) if spotify and spotify.values else None
        song.open = facts_of(recordings_of(openly.values)) if openly else None
        await self._estimate_album(song, will_tell=_is_due(spotify) or _is_due(openly))

    async def _estimate_album(self, song: Song, *, will_tell: bool) -> None:
        """`will_tell`: somebody is yet to be asked for the album."""
        estimate, named = self._context.estimate, album_of(song)
        if named is None:
            estimate.songs_without_album += will_tell
            return
        key = key_of(*named)
        if key not in estimate.albums_due:
            answer = await self._context.reader.answer("aoty", key)
            if _is_due(answer):
                # Where the album's page is known, the search is spared.
                estimate.albums_due[key] = 1 if answer and answer.values.get("url") else 2


def _is_due(answer: Answer | None) -> bool:
    return answer is None or answer.due


def pages_of(artist_songs: int) -> int:
    """How many pages of an artist's tracks are looked at for so many songs."""
    return min(MOST_PAGES, math.ceil(artist_songs / _PAGE_SIZE)) if artist_songs >= WORTH_A_PAGE else 0
