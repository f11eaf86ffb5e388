"""Stage 400: an ISRC from the open sources, for songs that still have none."""

from collections.abc import Sequence
from functools import partial

from scrapy.statscollectors import StatsCollector

from timbre_spider.errors import SourceError
from timbre_spider.extensions.context import Context
from timbre_spider.extensions.fetch import Fetch, body_of
from timbre_spider.items import Answer, Outcome, Song
from timbre_spider.matching.choose import choose
from timbre_spider.matching.record import Record
from timbre_spider.pipelines.stage import Stage
from timbre_spider.sources import deezer, listenbrainz, musicbrainz
from timbre_spider.sources.recording import Question, Recording
from timbre_spider.sources.together import Together


class Isrc(Stage):
    """Asks ListenBrainz (with a token), Deezer and MusicBrainz, the cheapest first, until one knows."""

    source = "isrc"

    def __init__(self, context: Context, fetch: Fetch, stats: StatsCollector) -> None:
        super().__init__(context, fetch, stats)
        config = self._context.config
        self._services = [
            ("listenbrainz", config.listenbrainz_base_url, self._listenbrainz),
            ("deezer", config.deezer_base_url, self._deezer),
            ("musicbrainz", config.musicbrainz_base_url, self._musicbrainz),
        ][0 if config.listenbrainz_token else 1 :]
        self._look_up = Together(self._looked_up, most=listenbrainz.MOST_LOOKUPS)
        self._complete = Together(self._completed, most=listenbrainz.MOST_RECORDINGS)

    async def enrich(self, song: Song) -> Outcome | None:
        if song.isrc:
            return None
        answer = await self.answer(song, song.name_id, partial(self._ask, song))
        if answer.values:
            song.isrc, song.isrc_source = answer.values["isrc"], answer.values["service"]
        return answer.outcome

    async def _ask(self, song: Song, known: Answer | None) -> Answer:
        key = song.name_id
        duration = song.spotify.duration_ms if song.spotify else song.rows[0].duration_ms
        wanted = Record(song.artist, song.title, duration_ms=duration)
        failure: SourceError | None = None
        for service, base_url, find in self._services:
            try:
                recordings = [each for each in await find(base_url, wanted) if each.isrc]
            except SourceError as error:
                failure = error
                continue
            choice = choose(wanted, [record_of(recording) for recording in recordings])
            if choice:
                return self.ended(
                    key,
                    Outcome.FOUND,
                    values={"isrc": recordings[choice.index].isrc, "service": service},
                    score=round(choice.comparison.score, 4),
                    tier=choice.comparison.tier.value,
                    reason=choice.comparison.reason,
                )
        if failure:
            raise failure
        return self.ended(key, Outcome.ABSENT, reason="none of the open sources has an ISRC for it")

    async def _listenbrainz(self, base_url: str, wanted: Record) -> list[Recording]:
        found = await self._look_up(wanted)
        return [await self._complete(found)] if found else []

    async def _looked_up(self, wanted: Sequence[Record]) -> list[Recording | None]:
        songs = [(each.artist, each.title, None) for each in wanted]
        question = listenbrainz.lookup_question(self._context.config.listenbrainz_base_url, songs)
        return listenbrainz.read_lookup(await self._body("listenbrainz", question), len(songs))

    async def _completed(self, found: Sequence[Recording]) -> list[Recording]:
        mbids = dict.fromkeys(each.id for each in found)
        question = listenbrainz.recordings_question(self._context.config.listenbrainz_base_url, mbids)
        return listenbrainz.read_recordings(await self._body("listenbrainz", question), found)

    async def _deezer(self, base_url: str, wanted: Record) -> list[Recording]:
        """The search tells no ISRC; the best of its results is asked for by itself."""
        question = deezer.search_question(base_url, wanted.artist, wanted.title)
        found = deezer.read_search(await self._body("deezer", question))
        choice = choose(wanted, [record_of(recording) for recording in found])
        if choice is None:
            return []
        question = deezer.track_question(base_url, found[choice.index].id)
        track = deezer.read_track(await self._body("deezer", question))
        return [track] if track else []

    async def _musicbrainz(self, base_url: str, wanted: Record) -> list[Recording]:
        question = musicbrainz.search_question(base_url, wanted.artist, wanted.title)
        return musicbrainz.read_search(await self._body("musicbrainz", question))

    async def _body(self, service: str, question: Question) -> bytes:
        gate = self._context.gates[service]
        headers = dict(question.headers)
        return await body_of(
            self._fetch, gate, question.url, method=question.method, headers=headers, body=question.body
        )


def record_of(recording: Recording) -> Record:
    """A recording as the matcher sees it."""
    return Record(
        recording.artist,
        recording.title,
        album=recording.album,
        duration_ms=recording.duration_ms,
        year=recording.year,
        isrc=recording.isrc,
    )
