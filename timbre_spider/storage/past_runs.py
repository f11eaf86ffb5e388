"""The rows of `runs`, for those who look at them."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, LiteralString
from uuid import UUID

from psycopg import sql
from psycopg.rows import class_row
from psycopg.types.json import Jsonb

from timbre_spider.storage.database import Database
from timbre_spider.storage.process import ProcessIdentity

_COLUMNS: LiteralString = """
    SELECT id, spider, listener, sandbox, parameters, job_id, version, started_at, finished_at, alive_at, finish_reason,
        host, process_id, process_started, progress, {summary} AS summary FROM runs"""
# A summary has some 10 kB; a list shows what tells runs apart.
_SHORT: LiteralString = """
    (SELECT jsonb_object_agg(key, value) FROM jsonb_each(summary)
        WHERE key IN ('songs', 'outcomes', 'coverage_percent', 'seconds', 'error', 'log', 'page_cache',
            'hot_answers'))"""


@dataclass(frozen=True, slots=True)
class RunRow:
    """A run. `progress` and `summary` have the shapes of `run_summary`; a summary in a list has only some fields."""

    id: UUID
    spider: str
    listener: str | None
    sandbox: bool
    parameters: dict[str, Any]
    job_id: str | None
    version: str | None
    started_at: datetime
    finished_at: datetime | None
    alive_at: datetime | None
    finish_reason: str | None
    host: str | None
    process_id: int | None
    process_started: float | None
    progress: dict[str, Any] | None
    summary: dict[str, Any] | None

    @property
    def process(self) -> ProcessIdentity | None:
        """Its process; None for a row older than this was kept."""
        if self.host is None or self.process_id is None or self.process_started is None:
            return None
        return ProcessIdentity(self.host, self.process_id, self.process_started)


def list_runs(database: Database, *, limit: int, before: UUID | None = None) -> list[RunRow]:
    """The newest first; `before`: those that started earlier than this run. Raises DatabaseUnreachable."""
    which: LiteralString = """
        WHERE %(before)s::uuid IS NULL
            OR (started_at, id) < (SELECT started_at, id FROM runs WHERE id = %(before)s::uuid)
        ORDER BY started_at DESC, id DESC LIMIT %(limit)s"""
    return _rows(database, _SHORT, which, before=before, limit=limit)


def open_runs(database: Database) -> list[RunRow]:
    """Those without an end, the oldest first. Raises DatabaseUnreachable."""
    return _rows(database, "NULL::jsonb", "WHERE finished_at IS NULL ORDER BY started_at")


def run_of(database: Database, run_id: UUID) -> RunRow | None:
    """The whole row. Raises DatabaseUnreachable."""
    found = _rows(database, "summary", "WHERE id = %(id)s", id=run_id)
    return found[0] if found else None


def run_called(database: Database, job_id: str) -> RunRow | None:
    """The whole row of the run that a scheduler calls so. Raises DatabaseUnreachable."""
    found = _rows(database, "summary", "WHERE job_id = %(job_id)s ORDER BY started_at DESC LIMIT 1", job_id=job_id)
    return found[0] if found else None


def last_run(database: Database, *, good: bool = False) -> RunRow | None:
    """The last run that ended; `good`: that did what it was asked. Raises DatabaseUnreachable."""
    which: LiteralString = """
        WHERE finished_at IS NOT NULL AND (NOT %(good)s OR (finish_reason = 'finished' AND summary ->> 'error' IS NULL))
        ORDER BY started_at DESC LIMIT 1"""
    found = _rows(database, _SHORT, which, good=good)
    return found[0] if found else None


def run_before(database: Database, run: RunRow) -> RunRow | None:
    """The last run before that was asked the same and told how it went. Raises DatabaseUnreachable."""
    which: LiteralString = """
        WHERE spider = %(spider)s AND listener IS NOT DISTINCT FROM %(listener)s AND parameters = %(parameters)s
            AND started_at < %(started_at)s AND summary IS NOT NULL
        ORDER BY started_at DESC LIMIT 1"""
    asked = {"spider": run.spider, "listener": run.listener, "parameters": Jsonb(run.parameters)}
    found = _rows(database, "summary", which, **asked, started_at=run.started_at)
    return found[0] if found else None


def tiers_of(database: Database, run: RunRow) -> dict[str, int]:
    """How sure the answers are that the run brought and that still stand: "spotify exact": how many."""
    query = """
        SELECT source || ' ' || tier, count(*) FROM answers
        WHERE outcome = 'found' AND tier IS NOT NULL AND asked_at BETWEEN %s AND coalesce(%s, now())
        GROUP BY 1 ORDER BY 1"""
    with database.connect() as connection:
        return dict(connection.execute(query, [run.started_at, run.finished_at]).fetchall())


def _rows(database: Database, summary: LiteralString, which: LiteralString, **given: Any) -> list[RunRow]:
    query = sql.SQL("{} {}").format(sql.SQL(_COLUMNS).format(summary=sql.SQL(summary)), sql.SQL(which))
    with database.connect() as connection, connection.cursor(row_factory=class_row(RunRow)) as cursor:
        return cursor.execute(query, given).fetchall()
