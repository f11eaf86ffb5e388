"""Stage 420: Spotify ids of songs that Spotify itself told nothing of, from ListenBrainz labs, by names."""

from collections.abc import Sequence
from functools import partial

from scrapy.exceptions import NotConfigured
from scrapy.statscollectors import StatsCollector

from timbre_spider.errors import NotTaken, Refused, Unusable
from timbre_spider.extensions.context import Context
from timbre_spider.extensions.fetch import Fetch, body_to
from timbre_spider.items import Answer, Outcome, Song
from timbre_spider.matching.comparing.tier import Tier
from timbre_spider.matching.names.forms import forms_of
from timbre_spider.matching.names.normalise import artist_key
from timbre_spider.pipelines.open.inquiry import surely_told
from timbre_spider.pipelines.stage import Stage
from timbre_spider.sources.listenbrainz import labs
from timbre_spider.sources.together import Together

_SERVICE = "listenbrainz_labs"


class Labs(Stage):
    """Asks with the names of the recording the open sources found. An id is a medium match until Spotify tells."""

    source = "labs"

    def __init__(self, context: Context, fetch: Fetch, stats: StatsCollector) -> None:
        super().__init__(context, fetch, stats)
        if context.config.listenbrainz_labs == "off":
            raise NotConfigured
        self._look_up = Together(self._looked_up, most=labs.MOST_NAMES)

    async def enrich(self, song: Song) -> Outcome | None:
        names = [] if self._is_settled(song) else self._names_of(song)
        if not names:
            return None
        answer = await self.answer(song, song.name_id, partial(self._ask, song.name_id, names))
        artist = self._context.pool.artist(artist_key(song.artist_spelling or song.artist))
        refuted = artist.refuted.get(song.name_id)
        song.labs_id = next((each for each in answer.values.get("spotify_ids", ()) if each != refuted), None)
        return answer.outcome

    def _is_settled(self, song: Song) -> bool:
        """Whether Spotify, the listener's history or a person has named the track, or Spotify has none."""
        spotify = song.known.get(("spotify", song.name_id))
        return (
            song.spotify is not None
            or song.outcomes.get("spotify") is Outcome.ABSENT
            or song.name_id in self._context.rules.overrides.spotify
            or bool(spotify and spotify.values)
        )

    def _names_of(self, song: Song) -> list[labs.Names]:
        """What the open sources call it, and the same without guests and tails; nothing where they are not sure: labs
        tell ids and nothing to compare."""
        names: list[labs.Names] = []
        for told in surely_told(song):
            if told.artist and told.album and told.title:
                names.append((told.artist, told.album, told.title))
                forms = forms_of(told.artist, told.title, self._context.rules.collapse)
                names += [(form.artist, told.album, form.title) for form in forms]
        return list(dict.fromkeys(names))

    async def _ask(self, key: str, names: Sequence[labs.Names], known: Answer | None) -> Answer:
        for asked in names:
            if ids := await self._look_up(asked):
                reason = "ListenBrainz labs know it by the names " + " – ".join(asked)
                values: dict[str, object] = {"spotify_id": ids[0], "spotify_ids": list(ids)}
                return self.ended(key, Outcome.FOUND, values=values, tier=Tier.MEDIUM.value, reason=reason)
        return self.ended(key, Outcome.ABSENT, reason="ListenBrainz labs do not know it")

    async def _looked_up(self, asked: Sequence[labs.Names]) -> list[tuple[str, ...]]:
        gate = self._context.gates[_SERVICE]
        question = labs.ids_question(self._context.config.listenbrainz_labs_base_url, asked)
        try:
            return labs.read_ids(await body_to(self._fetch, gate, question), asked)
        except NotTaken:
            raise
        except Unusable as error:
            gate.refuse(str(error))
            self.tell(f"{error}. They are asked nothing more in this run.")
            raise Refused(str(error)) from None
