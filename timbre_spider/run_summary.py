"""The summary of a run: what LOGS_DIR/pipeline_summary_<time>.json and the column `runs.summary` hold.

Its shape stands here alone. Fields are added, never renamed or removed.
"""

from datetime import datetime
from typing import Any, Literal, Self
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid")


class SongCounts(_Part):
    """Songs of the run."""

    stored: int = Field(description="distinct songs in the database that this run stored or confirmed")
    wanted: int = Field(description="songs that were to be stored: at most `max`, at most what the chart has")
    folded: int = Field(description="songs the chart's rows were folded into")
    merged: int = Field(description="songs that turned out to be another one of this run")
    recalled: int = Field(description="songs the database knew already")


class Flow(_Part):
    """Where the chart's rows, or their plays, went: chart = stored + rejected + beyond."""

    chart: int = Field(description="what the chart has")
    stored: int = Field(description="in stored songs")
    rejected: int = Field(description="turned away, each with its reason in the table rejects")
    beyond: int = Field(description="in songs beyond `max`")


class ChartReading(_Part):
    """Whether the chart was read whole."""

    told: int = Field(default=0, description="rows the chart has, by its own word")
    read: int = Field(default=0, description="rows of it that were read")
    moved: int = Field(default=0, description="rows met on two pages, because the chart moved meanwhile")

    def plus(self, other: "ChartReading") -> "ChartReading":
        """This and another chart's."""
        return ChartReading(told=self.told + other.told, read=self.read + other.read, moved=self.moved + other.moved)


class ListenerAccount(_Part):
    """What a run has of one listener."""

    songs: int = Field(default=0, description="distinct songs stored or confirmed")
    plays_read: int = Field(default=0, description="in the chart or the history")
    plays_stored: int = Field(default=0, description="in the stored songs")
    plays_told: int | None = Field(default=None, description="all plays ever, by Last.fm's own count; null: not told")
    drift: int | None = Field(default=None, description="plays_told - plays_read; null: not told")


class ServiceTraffic(_Part):
    """Requests to one service, counted where they leave."""

    requests: int
    retries: int = Field(description="of them, questions asked again after a failure")
    statuses: dict[str, int] = Field(description="answers by HTTP status")
    most_at_once: int
    most_per_minute: int = Field(description="the most in any 60 seconds")
    limit_per_minute: int | None = Field(description="null: none, as for a stand-in on this machine")
    shut: str | None = Field(default=None, description="why it was asked nothing more in this run; null: it was not so")


class CallsOfAKind(_Part):
    """Calls to one kind of Spotify's endpoints, by the ledger that all runs share."""

    asked: int = Field(description="in this run")
    counted: int = Field(description="calls of all runs that may still count for the quota of a rolling day")
    budget: int | None = Field(description="calls a rolling day; null: not bounded")
    left: int | None = Field(description="calls that may be made now; null: not bounded")
    back_at: datetime | None = Field(description="when there is more; null: there is now")


class Lookups(_Part):
    """How often a cache had what was asked of it."""

    hits: int = Field(description="what came from it")
    misses: int = Field(default=0, description="what was asked elsewhere")
    hit_percent: float | None = Field(default=None, description="null: nothing was asked")

    @classmethod
    def of(cls, hits: int, misses: int, **more: int) -> Self:
        """With the rate reckoned."""
        asked = hits + misses
        return cls(hits=hits, misses=misses, hit_percent=round(100 * hits / asked, 1) if asked else None, **more)


class PagesKept(Lookups):
    """What became of AOTY's pages in the cache of pages."""

    stored: int = Field(description="pages that were put into it")


class HotAnswersUsed(Lookups):
    """How often Redis had an answer of the ledger."""

    damaged: int = Field(description="of the misses, those under whose name lay what is no answer of this database")


class SanityCheck(_Part):
    """One thing that must be so if the run's account is right."""

    check: str
    says: str = Field(description="the rule, in words")
    expected: Any
    found: Any
    passed: bool | None = Field(description="null: could not be told, `says` has the reason")


class Compliance(_Part):
    """Whether a service was asked as politely as promised."""

    verdict: Literal["kept", "broken", "not asked"]
    most_per_minute: int
    limit_per_minute: int | None
    requests_while_shut: int = Field(description="sent after the service had refused us or named a time to wait for")
    requests_against_robots: int | None = Field(description="null: a documented API, which robots.txt is not about")


class PlannedQuestions(_Part):
    """What a dry run says of one service."""

    least: int = Field(description="questions it takes at least; of Spotify, whose calls are planned, about so many")
    most: int = Field(
        description="questions it takes at most, as far as can be known before asking; of Spotify likewise"
    )
    seconds: float | None = Field(description="for the most, at the limit; null where there is none")
    days: int | None = Field(description="evenings, a run each, with what may be asked in a day; null: not bounded")
    reckoning: str = Field(description="how the numbers came about")


class StageWait(_Part):
    """What a stage waits for now."""

    songs: int = Field(description="songs that are with the stage")
    waits_for: dict[str, str] = Field(description="by service: what its questions wait for, in words")


class RunProgress(_Part):
    """A run that goes on: what its row holds until there is a summary."""

    at: datetime = Field(description="when this was so")
    seconds: float = Field(description="since the run began")
    songs: SongCounts
    rows: Flow
    outcomes: dict[str, dict[str, int]] = Field(description="as in the summary")
    requests: dict[str, ServiceTraffic] = Field(description="as in the summary")
    waits: dict[str, StageWait] = Field(description="by source, those that have songs with them")
    page_cache: PagesKept | None = Field(default=None, description="as in the summary")
    hot_answers: HotAnswersUsed | None = Field(default=None, description="as in the summary")
    log: str | None = Field(description="the file the run logs into")


class RunSummary(_Part):
    """One run."""

    spider: str
    run_id: UUID | None = Field(description="the row in the table runs; null: it has none")
    job_id: str | None = Field(description="what a scheduler calls the run")
    version: str
    sandbox: bool = Field(description="whether the services were stand-ins")
    listener: str | None = Field(description="null: several, or a worker's")
    listeners: dict[str, ListenerAccount] = Field(default={}, description="by name: of whom songs were read")
    parameters: dict[str, Any]
    started_at: datetime
    finished_at: datetime
    seconds: float
    finish_reason: str = Field(description="finished, shutdown (a stop signal), closespider_…, or an error's name")
    error: str | None = Field(description="the line the user saw; null: the run did what it was asked")
    log: str | None = Field(default=None, description="the file it logged into; null: none of its own")
    feeds: dict[str, str] = Field(description="by address: what became of it")
    songs: SongCounts
    chart: ChartReading
    rows: Flow
    plays: Flow
    outcomes: dict[str, dict[str, int]] = Field(description="by source: how many songs' questions ended how")
    mean_seconds: dict[str, float | None] = Field(description="what a song waited for each source")
    coverage_percent: dict[str, float | None] = Field(description="stored songs that have each field")
    requests: dict[str, ServiceTraffic] = Field(description="by service")
    compliance: dict[str, Compliance] = Field(description="by service")
    spotify_calls: dict[str, CallsOfAKind] | None = Field(
        default=None, description="by kind of endpoint, when the run ended; null: no key, or the database did not tell"
    )
    page_cache: PagesKept | None = Field(default=None, description="null: PAGE_CACHE is off")
    hot_answers: HotAnswersUsed | None = Field(default=None, description="null: no REDIS_URL, or REDIS_CACHE_MB=0")
    unknown_pages: int = Field(
        default=0, description="pages of AOTY of no kind that is read here; the newest are in DATA_DIR/unknown_pages"
    )
    sanity: list[SanityCheck]
    peak_memory_mb: float = Field(description="of this process")
    log_counts: dict[str, int] = Field(description="lines logged, by level")
    plan: dict[str, PlannedQuestions] | None = Field(default=None, description="of a dry run; else null")
