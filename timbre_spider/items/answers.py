"""What sources answered: kept beside the songs, so that nothing is asked twice."""

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any


class Outcome(StrEnum):
    """How a question to a source about a key ended; every question ends in exactly one."""

    FOUND = "found"
    ABSENT = "absent"
    REFUSED = "refused"
    DEFERRED = "deferred"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class Answer:
    """What a source said about a key: the unit of memory.

    `values` is plain JSON, empty where nothing was found; `next_check` is when to ask again, None: never by itself.
    Whoever was answered gives it for what was found, and for `deferred` where a time was named; the ledger settles the
    rest. It also counts `misses` (`absent` in a row) and tells of a recalled answer whether it is `due` in this run.
    """

    source: str
    key: str
    outcome: Outcome
    asked_at: datetime
    next_check: datetime | None = None
    values: dict[str, Any] = field(default_factory=dict)
    score: float | None = None
    tier: str | None = None
    reason: str = ""
    misses: int = 0
    due: bool = False
