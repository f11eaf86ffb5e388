"""What the database knows, read in bulk: many questions, one query."""

import asyncio
import logging
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from timbre_spider.items import Answer, AotyAlbum, CataloguedAlbum, KnownSong, Outcome
from timbre_spider.storage.database import Database
from timbre_spider.storage.failure import ERRORS
from timbre_spider.storage.hot_answers import HotAnswers, Question
from timbre_spider.storage.link import Link
from timbre_spider.storage.staging import short_key

logger = logging.getLogger(__name__)


@dataclass(slots=True)
class Known:
    """`songs` by identity key (`hash:…`, `isrc:…`, `spotify:…`), `answers` by (source, key)."""

    songs: dict[str, KnownSong] = field(default_factory=dict)
    answers: dict[Question, Answer] = field(default_factory=dict)


async def recall(
    link: Link,
    identities: Iterable[str] = (),
    questions: Iterable[Question] = (),
    *,
    run_started: datetime | None = None,
    at: datetime | None = None,
) -> Known:
    """All that is known of these identities and questions, in one query. Raises what the link raises.

    Whether an answer is due is told for `at` (now), in a run that started at `run_started` (now).
    """
    now = datetime.now(UTC)
    asked = {(source, short_key(key)): (source, key) for source, key in questions}
    told = await link.call(
        "timbre_recall",
        {
            "identities": list(identities),
            "sources": [source for source, _ in asked],
            "keys": [key for _, key in asked],
            "started": (run_started or now).isoformat(),
            "at": (at or now).isoformat(),
        },
    )
    return Known(
        {key: KnownSong(UUID(song_id), *rest) for key, song_id, *rest in told["songs"]},
        {asked[source, key]: _answer(*asked[source, key], *rest) for source, key, *rest in told["answers"]},
    )


class Reader:
    """Recall for many askers at once: what is asked while a query runs goes together into the next one.

    `clock` and `run_started` say which answers are due: what this run has asked it does not ask again. What is `hot`
    the database is not asked.

    When the database stays away through `retry_attempts` (`retry_delay` s before the first, doubling), nothing is
    known: the run goes on, its songs go into the spool. `blind` tells.
    """

    def __init__(
        self,
        database: Database,
        *,
        hot: HotAnswers | None = None,
        run_started: datetime | None = None,
        retry_attempts: int = 5,
        retry_delay: float = 1.0,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self.blind = False
        self._hot = hot
        self._clock = clock
        self._run_started = run_started or clock()
        self._retry_attempts = retry_attempts
        self._retry_delay = retry_delay
        self._link = database.link()
        self._waiting: list[tuple[tuple[str, ...], tuple[Question, ...], asyncio.Future[Known]]] = []
        self._task: asyncio.Task[None] | None = None

    async def close(self) -> None:
        """Hang up; whoever still waits is cancelled."""
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)
        for *_, future in self._waiting:
            future.cancel()
        await self._link.close()

    async def song(self, key: str, questions: Iterable[Question]) -> tuple[KnownSong | None, dict[Question, Answer]]:
        """The song that owns `key`, and the answers there are to `questions`."""
        questions = tuple(questions)
        known = await self._ask((key,), questions)
        return known.songs.get(key), {each: known.answers[each] for each in questions if each in known.answers}

    async def owners(self, keys: Iterable[str]) -> dict[str, KnownSong]:
        """The songs that own `keys`; a key nobody owns is not in it."""
        keys = tuple(keys)
        known = await self._ask(keys, ())
        return {key: known.songs[key] for key in keys if key in known.songs}

    async def plays_of_others(self, song_id: UUID, listener: str) -> int:
        """What everybody but the listener played of a stored song; 0 where the database cannot be asked."""
        try:
            told = await self._link.call("timbre_plays_of_others", {"song": str(song_id), "listener": listener})
        except ERRORS:
            return 0
        return int(told)

    async def albums(
        self, artists: Iterable[str], key: str, spotify_album_id: str | None = None
    ) -> list[CataloguedAlbum]:
        """The catalogue's albums of artists (their parts of album keys; of "various" only those of `key`), and the one
        with this Spotify id. Empty where the database cannot be asked."""
        asked = {"artists": list(artists), "key": short_key(key), "spotify_album_id": spotify_album_id or ""}
        try:
            told = await self._link.call("timbre_find_albums", asked)
        except ERRORS:
            return []
        return [_catalogued(each) for each in told]

    async def albums_on_spotify(self, artists: Iterable[str]) -> list[AotyAlbum]:
        """The catalogue's albums of artists (their parts of album keys) that have an id on Spotify, with names, format
        and date. Empty where the database cannot be asked."""
        try:
            told = await self._link.call("timbre_albums_on_spotify", {"artists": list(artists)})
        except ERRORS:
            return []
        names = ("artist", "title", "spotify_album_id", "format", "release_date")
        return [AotyAlbum("", **dict(zip(names, each, strict=True))) for each in told]

    async def unrated(self, numbers: Iterable[int], since: datetime) -> set[int]:
        """Of these albums those whose scores the catalogue has not seen since then; all where it cannot be asked."""
        numbers = list(numbers)
        try:
            told = await self._link.call(
                "timbre_unrated_albums", {"numbers": list(map(str, numbers)), "since": since.isoformat()}
            )
        except ERRORS:
            return set(numbers)
        return set(told)

    async def answer(self, source: str, key: str) -> Answer | None:
        """The answer about `key`, if there is one."""
        return (await self._ask((), ((source, key),))).answers.get((source, key))

    async def answers(self, questions: Iterable[Question]) -> dict[Question, Answer]:
        """The answers there are to `questions`."""
        questions = tuple(questions)
        known = await self._ask((), questions) if questions else Known()
        return {each: known.answers[each] for each in questions if each in known.answers}

    async def _ask(self, keys: tuple[str, ...], questions: tuple[Question, ...]) -> Known:
        future: asyncio.Future[Known] = asyncio.get_running_loop().create_future()
        self._waiting.append((keys, questions, future))
        if self._task is None or self._task.done():
            self._task = asyncio.create_task(self._serve())
        return await future

    async def _serve(self) -> None:
        await asyncio.sleep(0)  # those of the same turn of the loop go together
        while self._waiting:
            group, self._waiting = self._waiting, []
            identities = dict.fromkeys(key for keys, _, _ in group for key in keys)
            questions = dict.fromkeys(each for _, asked, _ in group for each in asked)
            try:
                known = await self._recall(identities, questions)
            except Exception as error:
                for *_, future in group:
                    if not future.done():
                        future.set_exception(error)
            else:
                for *_, future in group:
                    if not future.done():
                        future.set_result(known)

    async def _recall(self, identities: Iterable[str], questions: Iterable[Question]) -> Known:
        if self._hot is None:
            return await self._of_ledger(identities, questions)
        now = self._clock()
        hot = self._hot.get(questions, now)
        cold = [each for each in questions if each not in hot]
        known = await self._of_ledger(identities, cold) if identities or cold else Known()
        self._hot.keep(known.answers.values(), now)
        return Known(known.songs, known.answers | hot)

    async def _of_ledger(self, identities: Iterable[str], questions: Iterable[Question]) -> Known:
        delay = self._retry_delay
        # A lost connection is made anew at once.
        for attempt in range(1 if self.blind else self._retry_attempts + 2):
            if attempt > 1:
                await asyncio.sleep(delay)
                delay *= 2
            try:
                known = await recall(self._link, identities, questions, run_started=self._run_started, at=self._clock())
            except ERRORS as error:
                told = " ".join(str(error).split())[:300]
            else:
                self.blind = False
                return known
        if not self.blind:
            logger.error("The database cannot be asked what is known (%s); the run goes on without.", told)
        self.blind = True
        return Known()


def _answer(
    source: str,
    key: str,
    outcome: str,
    asked_at: str,
    next_check: str | None,
    values: dict[str, object],
    score: float | None,
    tier: str | None,
    reason: str,
    misses: int,
    due: bool,
) -> Answer:
    check = _time(next_check) if next_check else None
    return Answer(source, key, Outcome(outcome), _time(asked_at), check, values, score, tier, reason, misses, due)


def _catalogued(told: dict[str, Any]) -> CataloguedAlbum:
    lists = {name: tuple(told[name] or ()) for name in ("secondary_genres", "tags", "labels")}
    fields = {name: told[name] for name in _ALBUM_FIELDS} | lists
    fields["genres"] = (*(told["genres"] or ()), *lists["secondary_genres"])
    rated_at = _time(told["rated_at"]) if told["rated_at"] else None
    return CataloguedAlbum(told["key"], AotyAlbum(**fields), rated_at, "album" in told["kinds"])


_ALBUM_FIELDS = [name for name in AotyAlbum._fields if name not in ("genres", "tracks")]


def _time(text: str) -> datetime:
    return datetime.fromisoformat(text).astimezone(UTC)
