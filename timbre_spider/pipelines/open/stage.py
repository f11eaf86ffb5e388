"""The stage itself: whom to ask, in which order, until ISRC and album are known."""

from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import timedelta
from functools import partial

from scrapy.statscollectors import StatsCollector

from timbre_spider.errors import SourceError, Unusable
from timbre_spider.extensions.context import Context
from timbre_spider.extensions.fetch import Fetch, body_to
from timbre_spider.items import Answer, Outcome, Song, fields_of
from timbre_spider.matching.record import Record
from timbre_spider.pipelines.open.deezer import Deezer
from timbre_spider.pipelines.open.facts import facts_of
from timbre_spider.pipelines.open.inquiry import Inquiry, recordings_of
from timbre_spider.pipelines.open.listenbrainz import ListenBrainz
from timbre_spider.pipelines.open.match import Match, Wanted
from timbre_spider.pipelines.open.musicbrainz import MusicBrainz
from timbre_spider.pipelines.stage import Stage
from timbre_spider.sources.recording import Question, Recording, mbid

# What was told without an ISRC, or while a service was away, may be told in full later.
_WITHOUT_ISRC = timedelta(days=30)
_SOMEBODY_AWAY = timedelta(days=1)


class Open(Stage):
    """Asks the cheapest first. What one could not say for now is asked of that one alone, in the next run."""

    source = "open"

    def __init__(self, context: Context, fetch: Fetch, stats: StatsCollector) -> None:
        super().__init__(context, fetch, stats)
        config = self._context.config
        has_token = config.listenbrainz_token is not None
        self._listenbrainz = ListenBrainz(self._body, config.listenbrainz_base_url, has_token=has_token)
        self._deezer = Deezer(partial(self._body, held=True), context.gates["deezer"].hold, config.deezer_base_url)
        self._musicbrainz = MusicBrainz(self._body, config.musicbrainz_base_url)

    async def enrich(self, song: Song) -> Outcome:
        answer = await self.answer(song, song.name_id, partial(self._ask, song))
        song.known[self.source, song.name_id] = answer
        song.open = facts_of(recordings_of(answer.values))
        # The ISRC that the listener's own history tells is that of the recording heard.
        if song.open.isrcs and not song.isrc:
            song.isrc, song.isrc_source = song.open.isrcs[0], song.open.isrcs_source
        return answer.outcome

    async def _ask(self, song: Song, known: Answer | None) -> Answer:
        inquiry, wanted, remember = Inquiry.after(known), self._wanted(song), partial(self._remember, song)
        nearly = self._listenbrainz.find_nearly
        await self._consult(inquiry, "listenbrainz", partial(self._listenbrainz.find, wanted), finally_=False)
        await self._consult(inquiry, "deezer", partial(self._deezer.find, wanted, remember))
        await self._consult(inquiry, "listenbrainz", partial(nearly, wanted))
        # ListenBrainz knows MusicBrainz' recordings by their names, but not what hangs on Spotify's albums.
        if "listenbrainz" not in inquiry.told or not self._listenbrainz.knows_names:
            await self._consult(inquiry, "musicbrainz", partial(self._musicbrainz.find, wanted, remember))
        elif wanted.spotify_album:
            by_album = partial(self._musicbrainz.find_on_album, wanted, wanted.spotify_album, remember)
            await self._consult(inquiry, "musicbrainz", by_album)
        return self._concluded(song.name_id, inquiry, known)

    async def _consult(
        self, inquiry: Inquiry, service: str, find: Callable[[], Awaitable[Match | None]], *, finally_: bool = True
    ) -> None:
        """Asks a service if that is still worth it; not `finally_`: it is asked another way when it knows nothing."""
        if not inquiry.needs(service):
            return
        try:
            found = await find()
        except SourceError as error:
            inquiry.failures.append(error)
            return
        if found:
            self._stats.inc_value(f"timbre/open/{service}: {found.form}")
        if found or finally_:
            inquiry.tell(service, found)

    def _concluded(self, key: str, inquiry: Inquiry, known: Answer | None) -> Answer:
        best = inquiry.best
        score, tier, reason = (known.score, known.tier, known.reason) if known else (None, None, "")
        if best:
            score, tier = round(best.comparison.score, 4), best.comparison.tier.value
            reason = f"{best.form}: {best.comparison.reason}"
        if inquiry.failures and not inquiry.complete:
            return replace(self.ended_by(key, inquiry.failures[0]), values=inquiry.values, score=score, tier=tier)
        if not inquiry.found:
            return self.ended(key, Outcome.ABSENT, reason="none of the open sources knows it")
        stale_after = _SOMEBODY_AWAY if inquiry.failures else None if inquiry.complete else _WITHOUT_ISRC
        values, found = inquiry.values, Outcome.FOUND
        return self.ended(key, found, values=values, score=score, tier=tier, reason=reason, stale_after=stale_after)

    async def _remember(self, song: Song, key: str, read: Callable[[], Awaitable[list[Recording]]]) -> list[Recording]:
        """Recordings that several songs may be on, as an answer of their own; the song notes that it looked there."""

        async def ask(known: Answer | None) -> Answer:
            read_now = [fields_of(each) for each in await read()]
            return self.ended(key, Outcome.FOUND, values={"recordings": read_now})

        page = 1 + sum(source == self.source and page > 0 for source, page in song.asked)
        answer = await self.answer(song, key, ask, page)
        if "recordings" not in answer.values:
            raise Unusable(answer.reason)
        return [Recording.from_values(each) for each in answer.values["recordings"]]

    def _wanted(self, song: Song) -> Wanted:
        spotify = song.known.get(("spotify", song.name_id))
        hints = [each for row in song.rows for each in (row.mbid, *(listens.mbid for listens in row.listens))]
        return Wanted.of(
            Record(song.artist, song.title, duration_ms=song.rows[0].duration_ms, isrc=song.isrc),
            self._context.rules.collapse,
            mbid=next((found for each in hints if (found := mbid(each))), None),
            spotify_album=spotify.values.get("album_id") if spotify else None,
        )

    async def _body(self, service: str, question: Question, *, held: bool = False) -> bytes:
        return await body_to(self._fetch, self._context.gates[service], question, held=held)
