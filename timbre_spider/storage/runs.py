"""The record of runs, and the rule that made-up and real songs never mix."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any
from uuid import UUID, uuid4

from timbre_spider import __version__
from timbre_spider.errors import WrongWorld
from timbre_spider.storage.database import Database
from timbre_spider.storage.process import ProcessIdentity

# A run on another machine that was silent so long has lost its process, its machine or its network.
LOST_AFTER_SECONDS = 15 * 60


@dataclass(frozen=True, slots=True)
class RunFacts:
    """What the database says when a run ends; `aliases` are all rows of its listeners, from every run.

    `last_coverage`: percent by field in the last run that was asked the same; None where there is none.
    """

    aliases: int
    songs_without_key: int
    last_coverage: dict[str, float | None] | None


class Runs:
    """Run records of `database`."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def start(
        self,
        spider: str,
        *,
        sandbox: bool,
        listener: str | None = None,
        parameters: dict[str, Any] | None = None,
        job_id: str | None = None,
    ) -> UUID:
        """A new run of this process; runs whose process is gone are closed before.

        Raises WrongWorld when the database holds songs of the other world, or such a run goes on.
        """
        self.close_lost()
        run_id, process = uuid4(), ProcessIdentity.of_this_one()
        run = {
            "id": str(run_id),
            "spider": spider,
            "listener": listener,
            "sandbox": sandbox,
            "parameters": parameters or {},
            "job_id": job_id,
            "version": __version__,
            "host": process.host,
            "process_id": process.number,
            "process_started": process.started,
        }
        if not self._database.call("timbre_start_run", {"run": run}):
            raise _wrong_world(sandbox)
        return run_id

    def close_lost(self) -> dict[UUID, str]:
        """Closes the runs whose process is gone, as `killed`, and those long silent on another machine, as `lost`."""
        closed = {}
        for run in self._database.call("timbre_open_runs", {}):
            reason = _lost(run)
            if reason is not None:
                self._database.call("timbre_close_run", {"id": run["id"], "finish_reason": reason})
                closed[UUID(run["id"])] = reason
        return closed

    def tell_alive(self, run_id: UUID, progress: dict[str, Any]) -> None:
        """The run goes on, and how far it is: to be said more often than every LOST_AFTER_SECONDS."""
        self._database.call("timbre_run_is_alive", {"id": str(run_id), "progress": progress})

    def facts(self, run_id: UUID, listeners: Collection[str]) -> RunFacts:
        """What the account of a run that stored songs of these listeners is held against."""
        arguments = {"id": str(run_id), "listeners": list(listeners)}
        return RunFacts(**self._database.call("timbre_run_facts", arguments))

    def finish(self, run_id: UUID, finish_reason: str, summary: dict[str, Any]) -> None:
        """How the run ended; `summary` is plain JSON."""
        self._database.call(
            "timbre_finish_run", {"id": str(run_id), "finish_reason": finish_reason, "summary": summary}
        )


def check_world(database: Database, *, sandbox: bool) -> None:
    """Raises WrongWorld when the database holds songs of the other world: `sandbox`'s opposite."""
    if database.call("timbre_other_world", {"sandbox": sandbox}):
        raise _wrong_world(sandbox)


def _wrong_world(sandbox: bool) -> WrongWorld:
    here, wanted = ("live services", "the sandbox") if sandbox else ("the sandbox", "live services")
    return WrongWorld(
        f"The database is taken by songs of {here}, this run is against {wanted}; they would mix. "
        "Set DATABASE_URL or DATA_DIR to another one."
    )


def _lost(run: dict[str, Any]) -> str | None:
    """Why an open run is over; None while it may go on."""
    if run["process_id"] is not None:
        process = ProcessIdentity(run["host"], run["process_id"], run["process_started"])
        if process.is_here:
            return "killed" if process.is_gone else None
    return "lost" if run["silent_seconds"] > LOST_AFTER_SECONDS else None
