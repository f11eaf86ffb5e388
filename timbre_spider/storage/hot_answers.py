"""Copies of the ledger's answers in Redis: asked before the database, filled from it alone.

Only what is not due is kept, as the ledger told it, and no longer than it is good. Each copy is sealed with a secret of
the database: whatever else lies in Redis, of another database or of somebody's making, is no answer.
"""

import hashlib
import hmac
import json
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Self

from timbre_spider.config import Config
from timbre_spider.items import Answer, Outcome
from timbre_spider.storage.database import Database
from timbre_spider.storage.staging import short_key

if TYPE_CHECKING:
    from timbre_spider.storage.redis_cache import RedisCache

Question = tuple[str, str]
"""(source, key)"""

# What is not there may come any day; how long else is the source's to say (a day, too, for a young album).
_KEPT_FOR = {Outcome.FOUND: timedelta(days=7), Outcome.ABSENT: timedelta(days=1)}
_SEAL_BYTES = 16


class HotAnswers:
    """`hits` and `misses` count questions, `damaged` the misses under whose name something else lay."""

    def __init__(self, cache: "RedisCache", seal: str) -> None:
        self._cache = cache
        self._seal = bytes.fromhex(seal)
        self.hits = self.misses = self.damaged = 0

    @classmethod
    def of(cls, database: Database, config: Config) -> Self | None:
        """Those of `database`; None without REDIS_URL. Raises DatabaseUnreachable."""
        if config.redis_url is None or not config.redis_cache_mb:
            return None
        from timbre_spider.storage.redis_cache import RedisCache

        cache = RedisCache(config.redis_url.get_secret_value(), config.redis_cache_mb)
        return cls(cache, database.call("timbre_ledger_seal", {}))

    def get(self, questions: Iterable[Question], at: datetime) -> dict[Question, Answer]:
        """The answers there are, none of them due at `at`."""
        names = {question: self._name(*question) for question in questions}
        found = {}
        for (question, name), kept in zip(names.items(), self._cache.get(list(names.values())), strict=True):
            answer = self._unsealed(question, name, kept) if kept else None
            self.damaged += kept is not None and answer is None
            if answer is not None and (answer.next_check is None or answer.next_check > at):
                found[question] = answer
        self.hits += len(found)
        self.misses += len(names) - len(found)
        return found

    def keep(self, answers: Iterable[Answer], at: datetime) -> None:
        """Keep what the ledger just told, as far as it is good beyond `at`."""
        things = []
        for answer in answers:
            lasts = _KEPT_FOR.get(answer.outcome, timedelta())
            if answer.next_check is not None:
                lasts = min(lasts, answer.next_check - at)
            if lasts > timedelta():
                name = self._name(answer.source, answer.key)
                things.append((name, self._sealed(name, answer), lasts))
        self._cache.keep(things)

    def change(self, questions: Iterable[Question]) -> None:
        """The ledger is about to hear something about these."""
        self._cache.change(self._name(*question) for question in questions)

    def _name(self, source: str, key: str) -> str:
        return "answer:" + self._digest(f"{source}\0{short_key(key)}".encode()).hex()

    def _sealed(self, name: str, answer: Answer) -> bytes:
        check = answer.next_check.isoformat() if answer.next_check else None
        told = json.dumps(
            [answer.outcome, answer.asked_at.isoformat(), check, answer.values, answer.score, answer.tier,
             answer.reason, answer.misses], ensure_ascii=False,
        ).encode()  # fmt: skip
        return self._digest(name.encode() + told) + told

    def _unsealed(self, question: Question, name: str, kept: bytes) -> Answer | None:
        told = kept[_SEAL_BYTES:]
        if not hmac.compare_digest(kept[:_SEAL_BYTES], self._digest(name.encode() + told)):
            return None
        try:
            outcome, asked_at, check, *rest = json.loads(told)
            next_check = _time(check) if check else None
            return Answer(*question, Outcome(outcome), _time(asked_at), next_check, *rest)
        except (ValueError, TypeError):
            # Of a program of another version.
            return None

    def _digest(self, text: bytes) -> bytes:
        return hashlib.blake2b(text, key=self._seal, digest_size=_SEAL_BYTES).digest()


def _time(text: str) -> datetime:
    return datetime.fromisoformat(text).astimezone(UTC)
