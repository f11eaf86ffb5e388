"""The record of runs, and the rule that made-up and real songs never mix."""

from typing import Any
from uuid import UUID, uuid4

from timbre_spider.errors import WrongWorld
from timbre_spider.storage.database import Database


class Runs:
    """Run records of `database`."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def start(
        self, spider: str, *, sandbox: bool, listener: str | None = None, parameters: dict[str, Any] | None = None
    ) -> UUID:
        """A new run. Raises WrongWorld when the database holds songs of the other world."""
        claim_world(self._database, sandbox=sandbox)
        run_id = uuid4()
        self._database.call(
            "timbre_start_run",
            {
                "id": str(run_id),
                "spider": spider,
                "listener": listener,
                "sandbox": sandbox,
                "parameters": parameters or {},
            },
        )
        return run_id

    def finish(self, run_id: UUID, finish_reason: str, summary: dict[str, Any]) -> None:
        """How the run ended; `summary` is plain JSON."""
        self._database.call(
            "timbre_finish_run", {"id": str(run_id), "finish_reason": finish_reason, "summary": summary}
        )


def claim_world(database: Database, *, sandbox: bool) -> None:
    """Raises WrongWorld when the database holds songs of the other world: `sandbox`'s opposite."""
    _refuse(bool(database.call("timbre_other_world", {"sandbox": sandbox})), sandbox)


def _refuse(other: bool, sandbox: bool) -> None:
    if other:
        here, wanted = ("live services", "the sandbox") if sandbox else ("the sandbox", "live services")
        raise WrongWorld(
            f"The database holds songs of {here}, this run is against {wanted}; they would mix. "
            "Set DATABASE_URL or DATA_DIR to another one."
        )
