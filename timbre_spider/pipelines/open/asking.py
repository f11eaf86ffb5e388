"""What the askers of the open sources share: how a question goes out, and how a list of tracks is remembered."""

from collections.abc import Awaitable, Callable
from typing import Protocol

from timbre_spider.sources.recording import Question, Recording


class Ask(Protocol):
    """The body of a service's answer that is worth reading. Raises SourceError."""

    async def __call__(self, service: str, question: Question) -> bytes: ...


class Remember(Protocol):
    """A list of recordings that several songs may be on: known under `key`, or read now and kept for good.

    Raises SourceError.
    """

    async def __call__(self, key: str, read: Callable[[], Awaitable[list[Recording]]]) -> list[Recording]: ...
