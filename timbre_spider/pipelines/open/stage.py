"""The stage itself: whom to ask, in which order, until ISRC and album are known."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from dataclasses import replace
from datetime import timedelta
from functools import partial

from scrapy.statscollectors import StatsCollector

from timbre_spider.errors import SourceError, Unusable
from timbre_spider.extensions.context import Context
from timbre_spider.extensions.fetch import Fetch, body_to
from timbre_spider.items import Answer, ChartRow, Outcome, Song, fields_of
from timbre_spider.pipelines.open.deezer import Deezer
from timbre_spider.pipelines.open.facts import facts_of
from timbre_spider.pipelines.open.inquiry import Inquiry, is_begun, recordings_of
from timbre_spider.pipelines.open.links import LinkedAlbums
from timbre_spider.pipelines.open.listenbrainz import ListenBrainz
from timbre_spider.pipelines.open.match import Match, Wanted, wanted_of
from timbre_spider.pipelines.open.musicbrainz import MusicBrainz
from timbre_spider.pipelines.stage import Stage
from timbre_spider.sources.listenbrainz import MOST_RECORDINGS
from timbre_spider.sources.recording import Question, Recording

# A way of asking, where another may tell more.
_BY_LISTS = "listenbrainz, by lists"
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
        # Songs that are being learned of now.
        self._learning: dict[str, asyncio.Event] = {}
        context.beforehand.learn_by = self.learn
        context.beforehand.links_by = LinkedAlbums(self, self._musicbrainz).of

    async def enrich(self, song: Song) -> Outcome:
        if (learned := self._learning.get(song.name_id)) is not None:
            await learned.wait()
            song.known.pop((self.source, song.name_id), None)
        answer = await self.answer(song, song.name_id, partial(self._ask, song))
        self._know(song, answer)
        return answer.outcome

    async def learn(self, songs: Sequence[list[ChartRow]]) -> AsyncIterator[Song]:
        """What is known of songs whose items are still to come; those nobody asked about are looked up in ListenBrainz'
        lists. That is kept; where it is not all, the rest is asked when the item comes."""
        for begin in range(0, len(songs), MOST_RECORDINGS):
            portion = [
                Song.of_rows("", rows)
                for rows in songs[begin : begin + MOST_RECORDINGS]
                if rows[0].name_id not in self._asked
            ]
            learned = asyncio.Event()
            self._learning.update((song.name_id, learned) for song in portion)
            try:
                known = await self._learned(portion)
            finally:
                for song in portion:
                    del self._learning[song.name_id]
                learned.set()
            for song in portion:
                if (answer := known.get(song.name_id)) and answer.values:
                    self._know(song, answer)
                    yield song

    async def _learned(self, songs: Sequence[Song]) -> dict[str, Answer]:
        """The answers there are about songs, by their keys."""
        recalled = await self._context.reader.answers([(self.source, song.name_id) for song in songs])
        known = {key: answer for (_, key), answer in recalled.items()}
        unasked = [
            song
            for song in songs
            if (answer := known.get(song.name_id)) is None or (self.is_due(answer) and not answer.values)
        ]
        told = await self._listenbrainz.find_all(list(map(self._wanted, unasked)))
        new = []
        for song, found in zip(unasked, told, strict=True):
            inquiry = Inquiry()
            if isinstance(found, SourceError) or not (found or self._listenbrainz.knows_names):
                continue
            self._tell(inquiry, "listenbrainz", found, _BY_LISTS)
            new.append(self._begun(song.name_id, inquiry))
        await self._context.writer.record(new)
        # Items that come now recall it.
        await self._context.writer.flush(songs=False)
        return known | {answer.key: answer for answer in new}

    def is_due(self, known: Answer) -> bool:
        """What was only begun is due at once."""
        return known.due or is_begun(known)

    def _know(self, song: Song, answer: Answer) -> None:
        song.known[self.source, song.name_id] = answer
        song.open = facts_of(recordings_of(answer.values))
        # The ISRC that the listener's own history tells is that of the recording heard.
        if song.open.isrcs and not song.isrc:
            song.isrc, song.isrc_source = song.open.isrcs[0], song.open.isrcs_source

    async def _ask(self, song: Song, known: Answer | None) -> Answer:
        inquiry, wanted, remember = Inquiry.after(known), self._wanted(song), partial(self._remember, song)
        nearly = self._listenbrainz.find_nearly
        kept = len(inquiry.told)

        async def consult(service: str, find: Callable[[], Awaitable[Match | None]], way: str | None = None) -> None:
            """Asks a service if that is still worth it; what others told is kept meanwhile, lest a kill lose it."""
            nonlocal kept
            if inquiry.needs(service, way or service):
                if len(inquiry.told) > kept and (known is None or is_begun(known)):
                    kept = len(inquiry.told)
                    await self._context.writer.record([self._begun(song.name_id, inquiry)])
                await self._consult(inquiry, service, find, way)

        await consult("listenbrainz", partial(self._listenbrainz.find, wanted), _BY_LISTS)
        await consult("deezer", partial(self._deezer.find, wanted, remember))
        await consult("listenbrainz", partial(nearly, wanted))
        # ListenBrainz knows MusicBrainz' recordings by their names, but not what hangs on Spotify's albums.
        if "listenbrainz" not in inquiry.told or not self._listenbrainz.knows_names:
            await consult("musicbrainz", partial(self._musicbrainz.find, wanted, remember))
        elif wanted.spotify_album:
            by_album = partial(self._musicbrainz.find_on_album, wanted, wanted.spotify_album, remember)
            await consult("musicbrainz", by_album)
        return self._concluded(song.name_id, inquiry, known)

    async def _consult(
        self, inquiry: Inquiry, service: str, find: Callable[[], Awaitable[Match | None]], way: str | None
    ) -> None:
        """Asks a service; that it knows nothing may be true of this `way` of asking alone."""
        try:
            found = await find()
        except SourceError as error:
            inquiry.failures.append(error)
            return
        self._tell(inquiry, service, found, way)

    def _tell(self, inquiry: Inquiry, service: str, found: Match | None, way: str | None = None) -> None:
        if found:
            self._stats.inc_value(f"timbre/open/{service}: {found.form}")
        inquiry.tell(service if found else way or service, found)

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

    def _begun(self, key: str, inquiry: Inquiry) -> Answer:
        concluded = self._concluded(key, inquiry, None)
        if inquiry.complete:
            return concluded
        reason = concluded.reason if inquiry.found else "who was asked does not know it; others are not asked yet"
        values, at = inquiry.told, concluded.asked_at
        return replace(concluded, outcome=Outcome.DEFERRED, next_check=at, values=values, reason=reason)

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
        return wanted_of(song, self._context.rules.collapse)

    async def _body(self, service: str, question: Question, *, held: bool = False) -> bytes:
        return await body_to(self._fetch, self._context.gates[service], question, held=held)
