"""How each source has answered: what stands in the ledger, and what is due."""

from dataclasses import dataclass
from datetime import datetime

from psycopg.rows import class_row

from timbre_spider.storage.database import Database

_STANDING = """
    SELECT source, outcome, count(*) AS answers, max(asked_at) AS last_at,
        count(*) FILTER (WHERE next_check <= now()) AS due, min(next_check) FILTER (WHERE next_check > now()) AS next_at
    FROM answers GROUP BY source, outcome ORDER BY source, outcome
"""
_TROUBLE = """
    SELECT source, outcome, reason, count(*) AS answers, max(asked_at) AS last_at
    FROM answers WHERE outcome IN ('refused', 'deferred', 'failed')
    GROUP BY source, outcome, reason ORDER BY max(asked_at) DESC LIMIT 500
"""


@dataclass(frozen=True, slots=True)
class Standing:
    """The last answers of a source that ended so. `due`: how many may be asked again now; `next_at`: when the next."""

    source: str
    outcome: str
    answers: int
    last_at: datetime
    due: int
    next_at: datetime | None


@dataclass(frozen=True, slots=True)
class Trouble:
    """Questions to a source that brought nothing, and what was said; `last_at` tells when last."""

    source: str
    outcome: str
    reason: str
    answers: int
    last_at: datetime


def source_health(database: Database) -> tuple[list[Standing], list[Trouble]]:
    """By source and outcome, and by reason, newest trouble first. Raises DatabaseUnreachable."""
    with database.connect() as connection:
        with connection.cursor(row_factory=class_row(Standing)) as cursor:
            standing = cursor.execute(_STANDING).fetchall()
        with connection.cursor(row_factory=class_row(Trouble)) as cursor:
            return standing, cursor.execute(_TROUBLE).fetchall()
