"""Asking ListenBrainz, many songs a question."""

from collections.abc import Sequence

from timbre_spider.matching.forms import Form
from timbre_spider.pipelines.open.asking import Ask
from timbre_spider.pipelines.open.match import Match, Wanted, match
from timbre_spider.sources import listenbrainz
from timbre_spider.sources.recording import Recording
from timbre_spider.sources.together import Together


class ListenBrainz:
    """Looks songs up by Last.fm's id, then by names as they are; one alone by names nearly so, where that pays."""

    def __init__(self, ask: Ask, base_url: str, *, has_token: bool) -> None:
        # Without a token only Last.fm's ids lead to a recording.
        self.knows_names = has_token
        self._ask = ask
        self._base_url = base_url
        self._look_up = Together(self._looked_up, most=listenbrainz.MOST_LOOKUPS)
        self._complete = Together(self._completed, most=listenbrainz.MOST_RECORDINGS)

    async def find(self, wanted: Wanted) -> Match | None:
        """By its id if Last.fm names one, else by its names."""
        if wanted.mbid:
            hinted = await self._complete(Recording(wanted.mbid, "", ""))
            if found := match(wanted, [hinted], "Last.fm's id"):
                return found
        for form in wanted.forms if self.knows_names else ():
            looked_up = await self._look_up(form)
            if looked_up and (found := match(wanted, [await self._complete(looked_up)], form.name)):
                return found
        return None

    async def find_nearly(self, wanted: Wanted) -> Match | None:
        """By names that may differ a little: a question for one song."""
        if not self.knows_names:
            return None
        form = wanted.forms[0]
        question = listenbrainz.fuzzy_question(self._base_url, form.artist, form.title)
        near = listenbrainz.read_fuzzy(await self._ask("listenbrainz", question))
        return match(wanted, [near], "names nearly so") if near else None

    async def _looked_up(self, forms: Sequence[Form]) -> list[Recording | None]:
        names = [(form.artist, form.title) for form in forms]
        question = listenbrainz.lookup_question(self._base_url, names)
        return listenbrainz.read_lookup(await self._ask("listenbrainz", question), names)

    async def _completed(self, found: Sequence[Recording]) -> list[Recording]:
        question = listenbrainz.recordings_question(self._base_url, dict.fromkeys(each.id for each in found))
        return listenbrainz.read_recordings(await self._ask("listenbrainz", question), found)
