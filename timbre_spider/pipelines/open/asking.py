"""What the askers of the open sources share: how a question goes out, what becomes of the reply, how lists are kept."""

from collections.abc import Awaitable, Callable
from typing import Protocol

from scrapy.statscollectors import StatsCollector

from timbre_spider.pipelines.open.inquiry import Inquiry
from timbre_spider.pipelines.open.match import Match
from timbre_spider.sources.recording import Question, Recording

BY_LISTS = "listenbrainz, by lists"
"""A way of asking, where another may tell more."""


class Ask(Protocol):
    """The body of a service's answer that is worth reading. Raises SourceError."""

    async def __call__(self, service: str, question: Question) -> bytes: ...


class Remember(Protocol):
    """A list of recordings that several songs may be on: known under `key`, or read now and kept for good.

    Raises SourceError.
    """

    async def __call__(self, key: str, read: Callable[[], Awaitable[list[Recording]]]) -> list[Recording]: ...


def take_down(
    stats: StatsCollector, inquiry: Inquiry, service: str, found: Match | None, way: str | None = None
) -> None:
    """What a service told of a song; that it knows nothing may be true of this `way` of asking alone."""
    if found:
        stats.inc_value(f"timbre/open/{service}: {found.form}")
    inquiry.tell(service if found else way or service, found)
