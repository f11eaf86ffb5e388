"""Stage 400: an ISRC from the open sources, for songs that still have none."""

from collections.abc import Awaitable, Callable
from functools import partial

from timbre_spider.items import Answer, Outcome, Song
from timbre_spider.matching.choose import choose
from timbre_spider.matching.identify import hash_id
from timbre_spider.matching.record import Record
from timbre_spider.pipelines.stage import Stage
from timbre_spider.sources.recording import Recording


class Isrc(Stage):
    """Asks ListenBrainz (with a token), Deezer and MusicBrainz, the cheapest first, until one knows."""

    source = "isrc"

    async def enrich(self, song: Song) -> Outcome | None:
        if song.isrc:
            return None
        answer = await self.answer(song, hash_id(song.name_key), partial(self._ask, song))
        if answer.values:
            song.isrc, song.isrc_source = answer.values["isrc"], answer.values["service"]
        return answer.outcome

    async def _ask(self, song: Song, known: Answer | None) -> Answer:
        key = hash_id(song.name_key)
        asks: list[tuple[str, Callable[[Song], Awaitable[list[Recording]]]]] = [
            ("listenbrainz", self._listenbrainz),
            ("deezer", self._deezer),
            ("musicbrainz", self._musicbrainz),
        ]
        duration = song.spotify.duration_ms if song.spotify else song.rows[0].duration_ms
        wanted = Record(song.artist, song.title, duration_ms=duration)
        for service, ask in asks:
            recordings = await ask(song)
            records = [
                Record(each.artist, each.title, album=each.album, duration_ms=each.duration_ms, isrc=each.isrc)
                for each in recordings
            ]
            choice = choose(wanted, records)
            if choice and recordings[choice.index].isrc:
                return self.ended(
                    key,
                    Outcome.FOUND,
                    known,
                    values={"isrc": recordings[choice.index].isrc, "service": service},
                    score=round(choice.comparison.score, 4),
                    tier=choice.comparison.tier.value,
                    reason=choice.comparison.reason,
                )
        return self.ended(key, Outcome.ABSENT, known, reason="none of the open sources has an ISRC for it")
