"""A job: whose chart, of which period, and how many songs of it."""

from dataclasses import dataclass
from typing import Self
from uuid import uuid4

from timbre_spider.config import Config
from timbre_spider.errors import ConfigError
from timbre_spider.spiders.arguments import BackfillArguments, ChartArguments, ListenersArguments

JobArguments = ListenersArguments | BackfillArguments


@dataclass(frozen=True, slots=True)
class Job:
    """What one run, or one entry of the workers' queue, is asked to do."""

    id: str
    listener: str
    max_songs: int
    period: str = "overall"

    @classmethod
    def all_of(cls, config: Config, asked: JobArguments) -> list[Self]:
        """A job for each listener. What is not asked for comes from the configuration. Raises ConfigError when no
        listener is named."""
        named = asked.users if isinstance(asked, ListenersArguments) else None
        listeners = named or [asked.user or config.lastfm_username or ""]
        if not listeners[0]:
            raise ConfigError(
                "No listener is named: set LASTFM_USERNAME in .env, or say --user NAME (scrapy crawl: -a user=NAME)."
            )
        period = asked.period if isinstance(asked, ChartArguments) else "overall"
        # Last.fm takes a name in any case; a listener named twice is one.
        once: dict[str, str] = {}
        for listener in listeners:
            once.setdefault(listener.lower(), listener)
        return [cls(uuid4().hex, each, asked.max or config.max_songs, period) for each in once.values()]
