"""Stage 450: what listeners call the artist's music, and where it is worth a question, the song; from Last.fm."""

from collections.abc import Mapping
from datetime import timedelta
from functools import partial
from typing import Self

from scrapy.crawler import Crawler
from scrapy.exceptions import NotConfigured

from timbre_spider.extensions.context import Context
from timbre_spider.extensions.fetch import body_of
from timbre_spider.items import Answer, Outcome, Song
from timbre_spider.matching.names.normalise import artist_key
from timbre_spider.matching.names.reading import read_name
from timbre_spider.pipelines.stage import Stage
from timbre_spider.sources.lastfm import artist_tags_url, read_top_tags, track_tags_url

MOST_TAGS = 10
# What an artist's tag weighs for a song that has tags of its own.
_OF_ARTIST = 0.5


class Tags(Stage):
    """One question an artist, and one a song for the most played (LASTFM_TAGS=artist) or for all of them (track): a
    song's own tags cost a request each, and many songs have none."""

    source = "lastfm"
    stale_after = timedelta(days=7)

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        if Context.of(crawler).config.lastfm_tags == "off":
            raise NotConfigured
        return super().from_crawler(crawler)

    async def enrich(self, song: Song) -> Outcome:
        artist = f"artist:{artist_key(song.artist_spelling)}"
        of_artist = await self.answer(song, artist, partial(self._ask_of_artist, song, artist))
        song.tags = _tags(of_artist)
        if not asks_for_own(song, self._context.config.lastfm_tags):
            return of_artist.outcome
        own = await self.answer(song, song.name_id, partial(self._ask_of_song, song), page=1)
        song.tags = together(_tags(own), song.tags)
        return Outcome.FOUND if own.outcome is Outcome.FOUND else of_artist.outcome

    async def _ask_of_artist(self, song: Song, key: str, known: Answer | None) -> Answer:
        # Last.fm corrects spellings, but takes "Ann feat. Bob" for an artist of that name.
        artists = read_name(song.artist_spelling, "").artists or (song.artist_spelling,)
        return await self._ask(key, artist_tags_url(self._context.config.lastfm_base_url, artists[0]))

    async def _ask_of_song(self, song: Song, known: Answer | None) -> Answer:
        url = track_tags_url(self._context.config.lastfm_base_url, song.artist, song.title)
        return await self._ask(song.name_id, url)

    async def _ask(self, key: str, url: str) -> Answer:
        tags = heaviest(read_top_tags(await body_of(self._fetch, self._context.gates["lastfm"], url)))
        return self.ended(key, Outcome.FOUND if tags else Outcome.ABSENT, values={"tags": tags} if tags else {})


def asks_for_own(song: Song, mode: str) -> bool:
    """Whether a song is asked for by itself."""
    return mode == "track" or (mode == "artist" and song.is_often_played)


def together(own: Mapping[str, int], of_artist: Mapping[str, int]) -> dict[str, int]:
    """A song's own tags with those of its artist, which weigh less beside them."""
    if not own:
        return dict(of_artist)
    lighter = {tag: int(weight * _OF_ARTIST) for tag, weight in of_artist.items()}
    weights = {tag: max(own.get(tag, 0), lighter.get(tag, 0)) for tag in own.keys() | lighter.keys()}
    return heaviest({tag: weight for tag, weight in weights.items() if weight or tag in own})


def heaviest(tags: Mapping[str, int]) -> dict[str, int]:
    """The MOST_TAGS that weigh most."""
    return dict(sorted(tags.items(), key=lambda tag: (-tag[1], tag[0]))[:MOST_TAGS])


def _tags(answer: Answer) -> dict[str, int]:
    return dict(answer.values.get("tags", {}))
