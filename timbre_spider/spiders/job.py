"""A job: whose chart, of which period, and how many songs of it."""

from dataclasses import dataclass
from typing import Any, Self
from uuid import uuid4

from timbre_spider.config import Config
from timbre_spider.errors import ConfigError, UsageError

PERIODS = ("overall", "7day", "1month", "3month", "6month", "12month")
MOST_SONGS = 1_000_000


@dataclass(frozen=True, slots=True)
class Job:
    """What one run, or one entry of the workers' queue, is asked to do."""

    id: str
    listener: str
    max_songs: int
    period: str = "overall"

    @classmethod
    def from_arguments(
        cls, config: Config, *, max: object = None, user: str | None = None, period: str | None = None
    ) -> Self:
        """The job of a command line or a schedule. Raises UsageError or ConfigError naming what is wrong."""
        listener = (user or config.lastfm_username or "").strip()
        if not listener:
            raise ConfigError("No listener is named: set LASTFM_USERNAME in .env, or pass user=NAME.")
        text = str(config.max_songs if max is None else max).strip()
        if not text.isdecimal() or not 1 <= int(text) <= MOST_SONGS:
            raise UsageError(f"max={text} is not a number of songs: use a whole number from 1 to {MOST_SONGS}.")
        if period is not None and period not in PERIODS:
            raise UsageError(f"period={period} is unknown to Last.fm: use one of {', '.join(PERIODS)}.")
        return cls(uuid4().hex, listener, int(text), period or "overall")

    @classmethod
    def from_json(cls, values: dict[str, Any]) -> Self:
        """The job of a queue entry, as `enqueue` wrote it."""
        return cls(values["id"], values["listener"], values["max_songs"], values["period"])
