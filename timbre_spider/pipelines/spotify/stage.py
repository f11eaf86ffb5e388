"""The stage itself: a song joins those that wait, and is told what a call brought for it."""

from datetime import timedelta
from functools import partial

from scrapy.exceptions import NotConfigured
from scrapy.statscollectors import StatsCollector

from timbre_spider.extensions.context import Context
from timbre_spider.extensions.fetch import Fetch
from timbre_spider.items import Answer, Outcome, Song
from timbre_spider.pipelines.spotify.asker import Asker
from timbre_spider.pipelines.spotify.match import track_from, want_of
from timbre_spider.pipelines.stage import Stage

# In extended mode alone: in development mode a call is too scarce to ask again what is known.
STALE_AFTER = timedelta(days=7)


class Spotify(Stage):
    """A song without a fresh answer joins those that wait, and is told what a call brought for it, whosoever call."""

    source = "spotify"

    def __init__(self, context: Context, fetch: Fetch, stats: StatsCollector) -> None:
        super().__init__(context, fetch, stats)
        if context.spotify is None:
            raise NotConfigured
        self._client = context.spotify
        self._asker = Asker(context, context.spotify, self)

    def good_for(self) -> timedelta | None:
        """Extended mode may be asked anew; in development mode a call is worth more than what it would renew."""
        return STALE_AFTER if self._client.mode == "extended" else None

    def is_due(self, known: Answer) -> bool:
        """In development mode nothing that was found is asked for again."""
        return known.due and not (self._client.mode == "development" and known.outcome is Outcome.FOUND)

    async def enrich(self, song: Song) -> Outcome:
        right = self._context.rules.overrides.spotify.get(song.name_id)
        key = f"track:{right}" if right else song.name_id
        answer = await self.answer(song, key, partial(self._ask, song, key, right or ""))
        if answer.values:
            song.spotify = track_from(answer.values)
            if song.spotify.isrc:
                song.isrc, song.isrc_source = song.spotify.isrc, "spotify"
        return answer.outcome

    async def _ask(self, song: Song, key: str, spotify_id: str, known: Answer | None) -> Answer:
        want = want_of(song)
        want.key = key
        # What was found once is only renewed; a history of the listener's may name the track, too.
        heard = song.spotify.spotify_id if song.spotify else ""
        want.spotify_id = spotify_id or (known.values.get("spotify_id", "") if known else "") or heard
        if not want.spotify_id and (labs := song.known.get(("labs", song.name_id))):
            want.spotify_id, want.unproven = labs.values.get("spotify_id", ""), True
        return await self._asker.about(want, known)
