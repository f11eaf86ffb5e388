"""Stage 450: what listeners call the artist's music, from Last.fm."""

from datetime import timedelta

from timbre_spider.extensions.fetch import body_of
from timbre_spider.items import Answer, Outcome, Song
from timbre_spider.matching.normalise import artist_key
from timbre_spider.matching.reading import read_name
from timbre_spider.pipelines.stage import Stage
from timbre_spider.sources.lastfm import artist_tags_url, read_top_tags

MOST_TAGS = 10


class Tags(Stage):
    """One question an artist: a song's own tags would cost a request each, and most songs have none."""

    source = "lastfm"
    stale_after = timedelta(days=1)

    async def enrich(self, song: Song) -> Outcome:
        key = f"artist:{artist_key(song.artist_spelling)}"

        async def ask(known: Answer | None) -> Answer:
            # Last.fm corrects spellings, but takes "Ann feat. Bob" for an artist of that name.
            artists = read_name(song.artist_spelling, "").artists or (song.artist_spelling,)
            url = artist_tags_url(self._context.config.lastfm_base_url, artists[0])
            tags = read_top_tags(await body_of(self._fetch, self._context.gates["lastfm"], url))
            most = dict(sorted(tags.items(), key=lambda tag: (-tag[1], tag[0]))[:MOST_TAGS])
            return self.ended(key, Outcome.FOUND if most else Outcome.ABSENT, values={"tags": most} if most else {})

        answer = await self.answer(song, key, ask)
        song.tags = dict(answer.values.get("tags", {}))
        return answer.outcome
