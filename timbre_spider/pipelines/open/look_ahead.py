"""Learning of songs whose items are still to come, all of them at once, before a scarce call is chosen."""

import asyncio
from collections.abc import AsyncIterator, Sequence

from scrapy.statscollectors import StatsCollector

from timbre_spider.errors import SourceError
from timbre_spider.extensions.context import Context
from timbre_spider.items import Answer, ChartRow, Song
from timbre_spider.pipelines.open.asking import BY_LISTS, take_down
from timbre_spider.pipelines.open.conclude import begun, tell
from timbre_spider.pipelines.open.inquiry import Inquiry, recordings_of
from timbre_spider.pipelines.open.listenbrainz import ListenBrainz
from timbre_spider.pipelines.open.match import wanted_of
from timbre_spider.pipelines.stage import Stage
from timbre_spider.sources.listenbrainz import MOST_RECORDINGS


class LookAhead:
    """Only in ListenBrainz' lists: what they tell is kept, and where it is not all, the rest is asked when the item
    comes."""

    def __init__(self, context: Context, stage: Stage, listenbrainz: ListenBrainz, stats: StatsCollector) -> None:
        self._context = context
        self._stage = stage
        self._listenbrainz = listenbrainz
        self._stats = stats
        # Songs that are being learned of now.
        self._learning: dict[str, asyncio.Event] = {}

    async def has_learned(self, song: Song) -> None:
        """Returns when a song is not being learned of any more: what was recalled of it before is out of date then."""
        if (learned := self._learning.get(song.name_id)) is not None:
            await learned.wait()
            song.known.pop((self._stage.source, song.name_id), None)

    async def learn(self, songs: Sequence[list[ChartRow]]) -> AsyncIterator[Song]:
        """What is known of songs by their rows; those nobody asked about are looked up."""
        for begin in range(0, len(songs), MOST_RECORDINGS):
            portion = [
                Song.of_rows("", rows)
                for rows in songs[begin : begin + MOST_RECORDINGS]
                if not self._stage.is_asked(rows[0].name_id)
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
                    tell(song, answer)
                    yield song

    async def _learned(self, songs: Sequence[Song]) -> dict[str, Answer]:
        """The answers there are about songs, by their keys."""
        recalled = await self._context.reader.answers([(self._stage.source, song.name_id) for song in songs])
        known = {key: answer for (_, key), answer in recalled.items()}
        new = await self._looked_up([song for song in songs if self._is_unknown(known.get(song.name_id))])
        await self._context.writer.record(new)
        # Items that come now recall it.
        await self._context.writer.flush(songs=False)
        return known | {answer.key: answer for answer in new}

    def _is_unknown(self, answer: Answer | None) -> bool:
        if answer is None:
            return True
        is_due = self._stage.is_due(answer) and not recordings_of(answer.values)
        return is_due and Inquiry.after(answer).needs("listenbrainz", BY_LISTS)

    async def _looked_up(self, songs: Sequence[Song]) -> list[Answer]:
        """What the lists tell; nothing of songs that were not looked for."""
        wanted = [wanted_of(song, self._context.rules.collapse) for song in songs]
        answers = []
        for song, found in zip(songs, await self._listenbrainz.find_all(wanted), strict=True):
            if isinstance(found, SourceError) or not (found or self._listenbrainz.knows_names):
                continue
            inquiry = Inquiry()
            take_down(self._stats, inquiry, "listenbrainz", found, BY_LISTS)
            answers.append(begun(self._stage, song.name_id, inquiry))
        return answers
