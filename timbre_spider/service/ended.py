"""How the runs that the service started have ended, and whom to tell (NOTIFY_URL)."""

import logging
from typing import Any

import requests
from pydantic import BaseModel, Field

from timbre_spider.config import Config
from timbre_spider.extensions.accounting import COVERAGE_MAY_FALL
from timbre_spider.redaction import redacted
from timbre_spider.service.processes import StartedRun
from timbre_spider.service.state import Service
from timbre_spider.storage.past_runs import RunRow, run_called
from timbre_spider.storage.runs import Runs

logger = logging.getLogger(__name__)

_SECONDS = 10


class Trouble(BaseModel):
    """What NOTIFY_URL is sent."""

    title: str
    message: str
    job_id: str
    run_id: str | None = Field(description="its row in runs; null: it did not come so far")
    finish_reason: str | None


def look_for_ends(service: Service) -> list[Trouble]:
    """What went wrong in runs that have ended since; each is told once. Raises DatabaseUnreachable."""
    found = []
    for run in service.runs.ended_untold():
        Runs(service.database).close_lost()
        trouble = trouble_of(service, run, run_called(service.database, run.id))
        service.runs.tell_ended(run)
        if trouble is not None:
            found.append(trouble)
            logger.warning("%s %s", trouble.title, trouble.message)
            send(service.config, trouble)
    return found


def trouble_of(service: Service, run: StartedRun, row: RunRow | None) -> Trouble | None:
    """What is to be told of a run that has ended; None when it went well, or was stopped by hand."""
    if row is None:
        if run.asked.dry_run or run.stop_asked or service.runs.exit_status(run.id) == 0:
            return None
        said = redacted(service.runs.said(run.id)).strip().splitlines()
        return _trouble(run, row, "A run did not begin.", said[-1] if said else "It said nothing.")
    summary = row.summary or {}
    if row.finish_reason == "shutdown":
        return None
    if row.finish_reason != "finished" or summary.get("error"):
        why = summary.get("error") or f"It ended as {row.finish_reason}: docs/operating.md says what to do."
        return _trouble(run, row, "A run failed.", why)
    failed = [_not_so(check) for check in summary.get("sanity", ()) if check.get("passed") is False]
    if failed:
        return _trouble(run, row, "A run's account does not hold.", " ".join(failed))
    return None


def _not_so(check: dict[str, Any]) -> str:
    """A check that failed, in words; of coverage the fields that fell, the deepest first."""
    expected, found = check["expected"], check["found"]
    if not isinstance(expected, dict):
        return f"Expected: {check['says']} ({expected}); found {found}."
    fall = {name: (was or 0) - (found.get(name) or 0) for name, was in expected.items()}
    fell = [name for name in sorted(fall, key=lambda name: -fall[name]) if fall[name] > COVERAGE_MAY_FALL]
    shares = ", ".join(f"{name} {expected[name]:g} → {found.get(name) or 0:g} %" for name in fell)
    return f"Since the last run asked the same, coverage fell: {shares}."


def send(config: Config, trouble: Trouble) -> None:
    """To NOTIFY_URL: a web hook gets it as JSON, the rest goes through apprise. Never raises: it is told in the log."""
    if config.notify_url is None:
        return
    url = config.notify_url.get_secret_value()
    try:
        if url.startswith(("http://", "https://")):
            requests.post(url, json=trouble.model_dump(), timeout=_SECONDS, allow_redirects=False).raise_for_status()
            return
        from apprise import Apprise

        told = Apprise()
        if not told.add(url) or not told.notify(title=trouble.title, body=trouble.message):
            logger.error("NOTIFY_URL could not be told: apprise does not take it, or it did not answer.")
    except ModuleNotFoundError:
        logger.error("NOTIFY_URL is no web hook (https://…); others need apprise: pip install 'timbre-spider[notify]'")
    except requests.RequestException as error:
        logger.error("NOTIFY_URL could not be told (%s).", type(error).__name__)


def _trouble(run: StartedRun, row: RunRow | None, title: str, message: str) -> Trouble:
    return Trouble(
        title=f"timbre: {title}",
        message=message,
        job_id=run.id,
        run_id=str(row.id) if row else None,
        finish_reason=row.finish_reason if row else None,
    )
