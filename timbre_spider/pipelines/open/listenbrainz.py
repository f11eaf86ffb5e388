"""Asking ListenBrainz, many songs a question."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from typing import TypeVar

from timbre_spider.errors import SourceError
from timbre_spider.matching.names.forms import MOST_FORMS, Form
from timbre_spider.pipelines.open.asking import Ask
from timbre_spider.pipelines.open.match import Match, Wanted, match
from timbre_spider.sources import listenbrainz
from timbre_spider.sources.recording import Recording
from timbre_spider.sources.together import Together

Question = TypeVar("Question")
Reply = TypeVar("Reply")


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
        [told] = await self.find_all([wanted])
        if isinstance(told, SourceError):
            raise told
        return told

    async def find_all(self, songs: Sequence[Wanted]) -> list[Match | SourceError | None]:
        """Likewise for many songs, in as few questions; an error is the answer to those that met it."""
        hinted = [Recording(song.mbid, "", "") if song.mbid else None for song in songs]
        told = _matched(songs, await _all(self._complete, hinted), ["Last.fm's id"] * len(songs))
        for place in range(MOST_FORMS) if self.knows_names else ():
            forms = [
                song.forms[place] if before is None and place < len(song.forms) else None
                for song, before in zip(songs, told, strict=True)
            ]
            completed = await _all(self._complete, await _all(self._look_up, forms))
            names = [form.name if form else "" for form in forms]
            told = [one or other for one, other in zip(told, _matched(songs, completed, names), strict=True)]
        return told

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


async def _all(
    ask: Callable[[Question], Awaitable[Reply]], questions: Sequence[Question | SourceError | None]
) -> list[Reply | SourceError | None]:
    """The replies to all questions, which the service is asked together; where there is none, there is none."""

    async def one(question: Question | SourceError | None) -> Reply | SourceError | None:
        if question is None or isinstance(question, SourceError):
            return question
        try:
            return await ask(question)
        except SourceError as error:
            return error

    return await asyncio.gather(*map(one, questions))


def _matched(
    songs: Sequence[Wanted], recordings: Sequence[Recording | SourceError | None], forms: Sequence[str]
) -> list[Match | SourceError | None]:
    return [
        match(song, [recording], form) if isinstance(recording, Recording) else recording
        for song, recording, form in zip(songs, recordings, forms, strict=True)
    ]
