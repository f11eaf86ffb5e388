"""The stage itself: whom to ask, in which order, until ISRC and album are known."""

from collections.abc import Awaitable, Callable
from functools import partial

from scrapy.statscollectors import StatsCollector

from timbre_spider.errors import SourceError, Unusable
from timbre_spider.extensions.context import Context
from timbre_spider.extensions.fetch import Fetch, body_to
from timbre_spider.items import Answer, Outcome, Song, fields_of
from timbre_spider.pipelines.open.asking import BY_LISTS, take_down
from timbre_spider.pipelines.open.conclude import begun, concluded, is_begun, tell
from timbre_spider.pipelines.open.deezer import Deezer
from timbre_spider.pipelines.open.inquiry import Inquiry
from timbre_spider.pipelines.open.links import LinkedAlbums
from timbre_spider.pipelines.open.listenbrainz import ListenBrainz
from timbre_spider.pipelines.open.look_ahead import LookAhead
from timbre_spider.pipelines.open.match import Match, wanted_of
from timbre_spider.pipelines.open.musicbrainz import MusicBrainz
from timbre_spider.pipelines.stage import Stage
from timbre_spider.sources.recording import Question, Recording


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
        self._look_ahead = LookAhead(context, self, self._listenbrainz, stats)
        context.beforehand.learn_by = self._look_ahead.learn
        context.beforehand.links_by = LinkedAlbums(self, self._musicbrainz).of

    async def enrich(self, song: Song) -> Outcome:
        await self._look_ahead.has_learned(song)
        answer = await self.answer(song, song.name_id, partial(self._ask, song))
        tell(song, answer)
        return answer.outcome

    def is_due(self, known: Answer) -> bool:
        """What was only begun is due at once."""
        return known.due or is_begun(known)

    async def _ask(self, song: Song, known: Answer | None) -> Answer:
        wanted, remember = wanted_of(song, self._context.rules.collapse), partial(self._remember, song)
        inquiry, nearly = Inquiry.after(known), self._listenbrainz.find_nearly
        kept = len(inquiry.told)

        async def consult(service: str, find: Callable[[], Awaitable[Match | None]], way: str | None = None) -> None:
            """Asks a service if that is still worth it; what others told is kept meanwhile, lest a kill lose it."""
            nonlocal kept
            if not inquiry.needs(service, way or service):
                return
            if len(inquiry.told) > kept and (known is None or is_begun(known)):
                kept = len(inquiry.told)
                await self._context.writer.record([begun(self, song.name_id, inquiry)])
            try:
                take_down(self._stats, inquiry, service, await find(), way)
            except SourceError as error:
                inquiry.failures.append(error)

        await consult("listenbrainz", partial(self._listenbrainz.find, wanted), BY_LISTS)
        await consult("deezer", partial(self._deezer.find, wanted, remember))
        await consult("listenbrainz", partial(nearly, wanted))
        # ListenBrainz knows MusicBrainz' recordings by their names, but not what hangs on Spotify's albums.
        if "listenbrainz" not in inquiry.told or not self._listenbrainz.knows_names:
            await consult("musicbrainz", partial(self._musicbrainz.find, wanted, remember))
        elif wanted.spotify_album:
            by_album = partial(self._musicbrainz.find_on_album, wanted, wanted.spotify_album, remember)
            await consult("musicbrainz", by_album)
        return concluded(self, song.name_id, inquiry, known)

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

    async def _body(self, service: str, question: Question, *, held: bool = False) -> bytes:
        return await body_to(self._fetch, self._context.gates[service], question, held=held)
